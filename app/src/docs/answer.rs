//! What came back: status, time, headers, body, and where to look next.

use super::{
    tester::{Desk, Sent},
    text::text,
    tree::Tree,
};
use crate::{
    browser::Answered,
    format,
    frame::can,
    i18n::fill,
    routes,
    ui::{CopyButton, Mark, StateMark, url},
};
use leptos::prelude::*;
use types::{Permission, SessionId};

/// More links than these nobody follows.
const LINKS: usize = 5;

#[component]
pub fn Shown(desk: Desk) -> impl IntoView {
    let t = &text().answer;
    move || match desk.sent.get() {
        Sent::Nothing => view! { <p class="meta needs-script">{t.none_yet}</p> }.into_any(),
        Sent::Waiting => view! { <p class="meta" role="status">{t.waiting}</p> }.into_any(),
        Sent::Unreachable => view! { <p role="alert">{t.unreachable}</p> }.into_any(),
        Sent::Answer(answer) => view! { <Answer answer=answer desk=desk/> }.into_any(),
    }
}

#[component]
fn Answer(answer: Answered, desk: Desk) -> impl IntoView {
    let t = &text().answer;
    let mark = match answer.status {
        0..400 => Mark::Ok,
        400..500 => Mark::Warn,
        _ => Mark::Bad,
    };
    let word = format!("{} {}", answer.status, answer.status_text);
    let time = fill(t.time, &[("n", &format::number(answer.millis))]);
    let size = format::bytes(answer.body.len() as i64);
    let shown = shown(&answer, &size);
    let headers: Vec<String> = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let headers = headers.join("\n");
    view! {
        <div class="code answer" role="status">
            <header>
                <StateMark mark=mark word=word/>
                <span>{time}</span>
                <span>{size}</span>
                <CopyButton copy=shown.clone() of="answer"/>
            </header>
            <pre tabindex="0" role="region" aria-label=t.title><code id="answer">{shown}</code></pre>
        </div>
        <Facts answer=answer desk=desk/>
        <details class="more">
            <summary>{t.headers}</summary>
            <pre class="headers" tabindex="0" role="region" aria-label=t.headers><code>{headers}</code></pre>
        </details>
    }
}

/// The body as people read it.
fn shown(answer: &Answered, size: &str) -> String {
    let t = &text().answer;
    if answer.body.is_empty() {
        return t.no_body.to_owned();
    }
    match std::str::from_utf8(&answer.body) {
        Ok(body) => Tree::read(body).map_or_else(|| body.to_owned(), |tree| tree.pretty()),
        Err(_) => fill(t.not_text, &[("size", size)]),
    }
}

#[component]
fn Facts(answer: Answered, desk: Desk) -> impl IntoView {
    let t = &text().answer;
    let id = header(&answer, "x-request-id").map(str::to_owned);
    let request = id.clone().map(|id| {
        view! {
            <dt>{t.request}</dt>
            <dd class="mono">{id}</dd>
        }
    });
    let good = (200..300).contains(&answer.status);
    let mut links: Vec<(String, String)> = Vec::new();
    if good {
        for id in entries(&answer.body) {
            let href = url::href(routes::QUEUE, &[("entry", &id)]);
            links.push((href, fill(t.entry, &[("id", &id)])));
        }
        let phone = untrack(move || desk.sandbox()).and_then(|id| id.parse::<SessionId>().ok());
        if let Some(session) = phone {
            links.push((routes::phone(session), t.phone.to_owned()));
        }
    }
    if let Some(id) = id.filter(|_| can(Permission::RequestLogView)) {
        let href = url::href(routes::REQUEST_LOG, &[("request", &id)]);
        links.push((href, t.log.to_owned()));
    }
    let then = (!links.is_empty()).then(|| {
        let links = links
            .into_iter()
            .map(|(href, word)| view! { <a href=href>{word}</a> })
            .collect_view();
        view! {
            <dt>{t.then}</dt>
            <dd class="row wrap">{links}</dd>
        }
    });
    view! { <dl class="facts">{request} {then}</dl> }
}

fn header<'a>(answer: &'a Answered, name: &str) -> Option<&'a str> {
    let found = answer
        .headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

/// The queue numbers that an answer names.
fn entries(body: &[u8]) -> Vec<String> {
    let tree = std::str::from_utf8(body).ok().and_then(Tree::read);
    let Some(tree) = tree else { return Vec::new() };
    let number = |tree: &Tree| match tree.get("queueId").or(tree.get("queue_id")) {
        Some(Tree::Number(number)) => Some(number.clone()),
        _ => None,
    };
    let rows = tree.get("results").map(Tree::items).unwrap_or_default();
    match number(&tree) {
        Some(one) => vec![one],
        None => rows.iter().filter_map(number).take(LINKS).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_where_answers_name_them() {
        for (body, expect) in [
            (r#"{"success":true,"queueId":7}"#, vec!["7"]),
            (r#"{"id":"msg_1","queue_id":8}"#, vec!["8"]),
            (
                r#"{"results":[{"queueId":1},{"queueId":null},{"queueId":3}]}"#,
                vec!["1", "3"],
            ),
            (r#"{"data":[]}"#, vec![]),
            ("no JSON", vec![]),
        ] {
            assert_eq!(entries(body.as_bytes()), expect, "{body}");
        }
    }
}
