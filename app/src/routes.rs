//! Every address of the interface, and which page answers it.

use crate::{
    dashboard::DashboardPage,
    frame::{Frame, answer_not_found},
    history::HistoryPage,
    keys::KeysPage,
    people::{LoginPage, ProfilePage, SetUpDonePage, SetUpPage},
    phone::PhonePage,
    queue::QueuePage,
    sessions::SessionsPage,
    ui::{EmptyState, LinkButton, PageTitle, text::text, url},
    viewer::ViewerPage,
};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Routes},
    path,
};
use types::SessionId;

pub const DASHBOARD: &str = "/";
pub const LOG_IN: &str = "/login";
pub const SET_UP: &str = "/set-up";
pub const SET_UP_DONE: &str = "/set-up/done";
pub const SESSIONS: &str = "/sessions";
pub const QUEUE: &str = "/queue";
pub const HISTORY: &str = "/history";
pub const VIEWER: &str = "/viewer";
pub const KEYS: &str = "/keys";
pub const PROFILE: &str = "/profile";

/// The sandbox phone of a session.
pub fn phone(session: SessionId) -> String {
    format!("/sessions/{session}/phone")
}

/// The log-in page, which leads back to `here` afterwards.
pub fn log_in_and_return(here: &str) -> String {
    if here == DASHBOARD {
        LOG_IN.into()
    } else {
        url::href(LOG_IN, &[("next", here)])
    }
}

/// Where to go after logging in: only within this site, whatever the link said.
pub fn safe_next(next: &str) -> &str {
    // Browsers drop tabs and line breaks and read backslashes as slashes; what is not ASCII does
    // not fit into a header.
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let inside = plain && next.starts_with('/') && !next[1..].starts_with('/');
    if inside { next } else { DASHBOARD }
}

/// The route table. Every page waits for its data before it is sent, so that it is complete
/// without script and its status is right.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
            <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async/>
            <Route path=path!("/set-up/done") view=SetUpDonePage ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("/") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/sessions") view=SessionsPage ssr=SsrMode::Async/>
                <Route path=path!("/sessions/:id/phone") view=PhonePage ssr=SsrMode::Async/>
                <Route path=path!("/queue") view=QueuePage ssr=SsrMode::Async/>
                <Route path=path!("/history") view=HistoryPage ssr=SsrMode::Async/>
                <Route path=path!("/viewer") view=ViewerPage ssr=SsrMode::Async/>
                <Route path=path!("/keys") view=KeysPage ssr=SsrMode::Async/>
                <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
}

/// No such page.
#[component]
fn NotFound() -> impl IntoView {
    answer_not_found();
    let t = &text().error;
    view! {
        <PageTitle title=t.not_found/>
        <main class="alone">
            <EmptyState title=t.not_found sentence=t.not_found_why lone=true>
                <LinkButton href=DASHBOARD.to_string()>{t.to_dashboard}</LinkButton>
            </EmptyState>
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_never_leaves_by_logging_in() {
        for (next, expect) in [
            ("/queue?state=failed", "/queue?state=failed"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/queue\r\nSet-Cookie: a=b", "/"),
        ] {
            assert_eq!(safe_next(next), expect);
        }
    }

    #[test]
    fn the_way_back_survives_logging_in() {
        assert_eq!(
            log_in_and_return("/queue?state=failed"),
            "/login?next=%2Fqueue%3Fstate%3Dfailed"
        );
        assert_eq!(log_in_and_return("/"), "/login");
    }
}
