//! Who sent how much in these days.

use super::text::text;
use crate::{
    format, routes,
    ui::{LinkButton, Progress, url},
};
use leptos::prelude::*;
use types::dashboard::SessionCount;

#[component]
pub fn BySession(sessions: Vec<SessionCount>) -> impl IntoView {
    let t = text();
    if sessions.is_empty() {
        return view! {
            <div class="body stack">
                <p class="second">{t.no_sessions}</p>
                <div class="row">
                    <LinkButton href=routes::SESSIONS.to_string()>{t.see_sessions}</LinkButton>
                </div>
            </div>
        }
        .into_any();
    }
    let max = sessions.iter().map(|session| session.sent).max().unwrap_or(0);
    let lines = sessions.into_iter().map(|session| {
        let href = url::href(routes::HISTORY, &[("session", &session.session.to_string())]);
        view! {
            <li class="limit">
                <a class="clip" href=href>{session.name.clone()}</a>
                <span>{format::number(session.sent)}</span>
                <Progress value=session.sent max=max label=session.name/>
            </li>
        }
    });
    view! { <ul class="body stack">{lines.collect_view()}</ul> }.into_any()
}
