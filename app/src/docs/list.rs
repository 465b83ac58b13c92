//! Every endpoint by its room, beside the page or above it.

use super::{
    href,
    model::{Group, Line},
    text::text,
};
use crate::routes;
use leptos::prelude::*;

#[component]
pub fn Endpoints(
    groups: Vec<Group>,
    /// The one that is shown; empty on the first page.
    open: String,
) -> impl IntoView {
    let t = text();
    let start = open.is_empty().then_some("page");
    let groups = groups
        .into_iter()
        .map(|group| {
            let lines = group
                .endpoints
                .into_iter()
                .map(|line| entry(line, &open))
                .collect_view();
            view! {
                <h2>{group.name}</h2>
                <ul>{lines}</ul>
            }
        })
        .collect_view();
    view! {
        <nav class="endpoints" aria-label=t.endpoints tabindex="-1">
            <ul>
                <li>
                    <a href=routes::DOCS aria-current=start>{t.start}</a>
                </li>
            </ul>
            {groups}
        </nav>
    }
}

fn entry(line: Line, open: &str) -> impl IntoView + use<> {
    let current = (line.id == open).then_some("page");
    // The common beginning says nothing; without it more of the rest is seen.
    let short = line.path.strip_prefix("/api/v1").unwrap_or(&line.path).to_owned();
    let title = format!("{} {}: {}", line.method, line.path, line.summary);
    view! {
        <li>
            <a href=href(&line.id) aria-current=current title=title>
                <span class="verb">{line.method}</span>
                <span class="clip ltr">{short}</span>
            </a>
        </li>
    }
}
