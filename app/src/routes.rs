//! Every address of the interface, and which page answers it.

use crate::{
    alerts::AlertsPage,
    dashboard::DashboardPage,
    docs::DocsPage,
    frame::{Frame, answer_not_found},
    history::HistoryPage,
    keys::KeysPage,
    people::{LoginPage, ProfilePage, SetUpDonePage, SetUpPage},
    phone::PhonePage,
    queue::{BalancerPage, QueuePage},
    request_log::RequestLogPage,
    send::{BatchPage, SendManyPage, SendPage},
    sessions::SessionsPage,
    settings::SettingsPage,
    ui::{EmptyState, LinkButton, PageTitle, text::text, url},
    viewer::ViewerPage,
};
use leptos::prelude::*;
use leptos_router::{
    Lazy, LazyRoute, SsrMode,
    components::{ParentRoute, Route, Routes},
    path,
};
use types::{BatchId, SessionId};

/// Pages whose code a browser loads when it first needs it, so that the first page need not wait
/// for all of them. Pages of one group lie in one file: who sees one soon sees the other.
macro_rules! lazy {
    ($($group:ident { $($route:ident = $page:ident, $draw:ident, $load:ident;)* })*) => { $($(
        #[lazy($group)]
        fn $draw() -> AnyView {
            view! { <$page/> }.into_any()
        }

        #[derive(Debug)]
        struct $route;

        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            async fn view(_route: Self) -> AnyView {
                $draw().await
            }

            async fn preload() {
                #[cfg(target_arch = "wasm32")]
                $load().await;
            }
        }
    )*)* };
}

// The last name is the one under which `lazy` makes the function that only loads.
lazy! {
    door {
        Login = LoginPage, login, __preload_login;
        SetUp = SetUpPage, set_up, __preload_set_up;
        SetUpDone = SetUpDonePage, set_up_done, __preload_set_up_done;
    }
    frame {
        Inside = Frame, frame, __preload_frame;
    }
    dashboard {
        Dashboard = DashboardPage, dashboard, __preload_dashboard;
    }
    sessions {
        Sessions = SessionsPage, sessions, __preload_sessions;
        Phone = PhonePage, phone_page, __preload_phone_page;
        Alerts = AlertsPage, alerts, __preload_alerts;
    }
    messages {
        Queue = QueuePage, queue, __preload_queue;
        Balancer = BalancerPage, balancer, __preload_balancer;
        History = HistoryPage, history, __preload_history;
        RequestLog = RequestLogPage, request_log, __preload_request_log;
        Viewer = ViewerPage, viewer, __preload_viewer;
    }
    docs {
        Docs = DocsPage, docs, __preload_docs;
    }
    send {
        SendOne = SendPage, send_one, __preload_send_one;
        SendMany = SendManyPage, send_many, __preload_send_many;
        SendBatch = BatchPage, batch_page, __preload_batch_page;
    }
    settings {
        Keys = KeysPage, keys, __preload_keys;
        Settings = SettingsPage, settings, __preload_settings;
        Profile = ProfilePage, profile, __preload_profile;
    }
}

pub const DASHBOARD: &str = "/";
pub const LOG_IN: &str = "/login";
pub const SET_UP: &str = "/set-up";
pub const SET_UP_DONE: &str = "/set-up/done";
pub const SESSIONS: &str = "/sessions";
pub const QUEUE: &str = "/queue";
pub const BALANCER: &str = "/balancer";
pub const HISTORY: &str = "/history";
/// The same list as a file; the server makes it, no page does.
pub const HISTORY_EXPORT: &str = "/history/export.csv";
pub const VIEWER: &str = "/viewer";
pub const SEND: &str = "/send";
pub const SEND_MANY: &str = "/send/many";
pub const KEYS: &str = "/keys";
pub const DOCS: &str = "/docs";
pub const REQUEST_LOG: &str = "/request-log";
pub const SETTINGS: &str = "/settings";
pub const PROFILE: &str = "/profile";
pub const ALERTS: &str = "/alerts";

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

/// One batch of "send many".
pub fn batch(id: BatchId) -> String {
    format!("{SEND_MANY}/{id}")
}

/// Where to go after logging in: only within this site, whatever the link said.
pub fn safe_next(next: &str) -> &str {
    // Browsers drop tabs and line breaks and read backslashes as slashes; what is not ASCII does
    // not fit into a header.
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let inside = plain && next.starts_with('/') && !next[1..].starts_with('/');
    // Names of such parameters tell a page what the server said; this is not what it said.
    let speaks = next
        .split(['?', '&', '#'])
        .skip(1)
        .any(begins_with_two_underscores);
    if inside && !speaks { next } else { DASHBOARD }
}

fn begins_with_two_underscores(parameter: &str) -> bool {
    let underscore = |text: &str| -> Option<usize> {
        ["_", "%5F", "%5f"]
            .into_iter()
            .find(|one| text.starts_with(one))
            .map(str::len)
    };
    underscore(parameter).is_some_and(|length| underscore(&parameter[length..]).is_some())
}

/// The route table. Every page waits for its data before it is sent, so that it is complete
/// without script and its status is right.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/login") view={Lazy::<Login>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/set-up") view={Lazy::<SetUp>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/set-up/done") view={Lazy::<SetUpDone>::new()} ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view={Lazy::<Inside>::new()} ssr=SsrMode::Async>
                <Route path=path!("/") view={Lazy::<Dashboard>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sessions") view={Lazy::<Sessions>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sessions/:id/phone") view={Lazy::<Phone>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/queue") view={Lazy::<Queue>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/balancer") view={Lazy::<Balancer>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/history") view={Lazy::<History>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/viewer") view={Lazy::<Viewer>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/send") view={Lazy::<SendOne>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/send/many") view={Lazy::<SendMany>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/send/many/:id") view={Lazy::<SendBatch>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/keys") view={Lazy::<Keys>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/docs") view={Lazy::<Docs>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/alerts") view={Lazy::<Alerts>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/request-log") view={Lazy::<RequestLog>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/settings") view={Lazy::<Settings>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/profile") view={Lazy::<Profile>::new()} ssr=SsrMode::Async/>
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
    fn nobody_speaks_for_the_server_by_a_log_in() {
        for next in [
            "/profile?__path=%2Ffn%2Fx&__err=abc",
            "/profile?a=b&__err=abc",
            "/profile?%5F%5Ferr=abc",
            "/profile?%5f_err=abc",
            "/profile?_%5Ferr=abc",
            "/profile?a&_%5ferr",
            "/profile??__err=abc",
            "/profile?__name=abc",
            "/profile?a=b#?__err=abc",
        ] {
            assert_eq!(safe_next(next), "/", "{next}");
        }
        for next in [
            "/queue?state=__failed",
            "/queue?_state=failed",
            "/queue?state__=failed",
            "/queue__?a=b",
            "/queue?q=%26__err%3Dabc",
            "/queue?%255F%255Ferr=abc",
        ] {
            assert_eq!(safe_next(next), next);
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
