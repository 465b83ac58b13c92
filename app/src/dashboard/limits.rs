//! What is used up of today's limits, by session and in all. The limits themselves and what counts
//! towards them come from the sending, which keeps to them.

use super::{
    by_session::SHOWN,
    server::{Used, UsedBy},
    text::text,
};
use crate::{
    format,
    i18n::{fill, plural},
    routes,
    ui::{Mark, Progress, StateMark, Table, session_mark, session_word, url},
};
use leptos::prelude::*;

/// From here on somebody should know.
const NEAR: i64 = 80;

fn percent(used: i64, limit: Option<i64>) -> i64 {
    limit.map_or(-1, |limit| used.max(0) * 100 / limit.max(1))
}

/// Orange from 80 % on, with the word that says why.
fn near(used: i64, limit: Option<i64>) -> Option<&'static str> {
    match percent(used, limit) {
        100.. => Some(text().limit_reached),
        NEAR.. => Some(text().near_limit),
        _ => None,
    }
}

/// `918 / 1,000`, or the number alone where nothing limits it.
fn of_limit(used: i64, limit: Option<i64>) -> String {
    match limit {
        Some(limit) => format!("{} / {}", format::number(used), format::number(limit)),
        None => fill(text().no_limit, &[("n", &format::number(used))]),
    }
}

#[component]
pub fn Limits(used: Used) -> impl IntoView {
    let t = text();
    let mut sessions = used.sessions;
    // Those that come to their end first.
    sessions.sort_by_key(|one| std::cmp::Reverse((percent(one.used, one.limit), one.used)));
    let more = sessions.len().saturating_sub(SHOWN) as i64;
    let lines = sessions
        .iter()
        .take(SHOWN)
        .map(|one| view! { <Line one=one.clone()/> });
    let all = format::number(used.all);
    let whole = match used.limit {
        Some(limit) => fill(t.today_so_far, &[("n", &all), ("limit", &format::number(limit))]),
        None => fill(t.today_no_limit, &[("n", &all)]),
    };
    let bar = used.limit.map(|limit| {
        let mark = near(used.all, used.limit).map(|_| Mark::Warn);
        view! { <Progress value=used.all max=limit mark=mark label=t.organization/> }
    });
    let word = near(used.all, used.limit).map(|word| view! { <StateMark mark=Mark::Warn word=word/> });
    view! {
        {if sessions.is_empty() {
            view! { <p class="body second">{t.no_sessions}</p> }.into_any()
        } else {
            view! { <ul class="body stack">{lines.collect_view()}</ul> }.into_any()
        }}
        {(more > 0).then(|| view! { <p class="meta more">{plural(more, t.more_in_table)}</p> })}
        <footer class="limit">
            <span class="second">{t.organization}</span>
            <span class="row">{word} {whole}</span>
            {bar}
        </footer>
        {(!sessions.is_empty())
            .then(|| {
                view! {
                    <details>
                        <summary class="button quiet small">{t.as_table}</summary>
                        <Numbers sessions=sessions.clone()/>
                    </details>
                }
            })}
    }
}

#[component]
fn Line(one: UsedBy) -> impl IntoView {
    let can_send = one.state.can_send();
    let warned = near(one.used, one.limit);
    // Why nothing leaves is said before how little is left.
    let word = if can_send {
        warned.map(|word| (Mark::Warn, word))
    } else {
        Some((session_mark(one.state), session_word(one.state)))
    };
    let mark = match (can_send, warned) {
        (false, _) => Some(Mark::Off),
        (true, Some(_)) => Some(Mark::Warn),
        (true, None) => None,
    };
    let end = one.number.as_deref().map(last_digits);
    let end = end.map(|end| view! { " " <span class="mono second">{end}</span> });
    let href = url::href(routes::SESSIONS, &[("id", &one.session.to_string())]);
    let bar = one
        .limit
        .map(|limit| view! { <Progress value=one.used max=limit mark=mark label=one.name.clone()/> });
    view! {
        <li class="limit">
            <a class="clip" href=href>{one.name.clone()} {end}</a>
            <span class="row">
                {word.map(|(mark, word)| view! { <StateMark mark=mark word=word/> })}
                {of_limit(one.used, one.limit)}
            </span>
            {bar}
        </li>
    }
}

/// `…0142`: enough to know a number by.
fn last_digits(number: &str) -> String {
    let from = number.len().saturating_sub(4);
    format!("…{}", number.get(from..).unwrap_or(number))
}

#[component]
fn Numbers(sessions: Vec<UsedBy>) -> impl IntoView {
    let t = text();
    let rows = sessions.into_iter().map(|one| {
        let limit = one.limit.map_or_else(|| t.none.into(), format::number);
        let warm_up = one.warm_up_day.map(|day| fill(t.warm_up, &[("day", &day.to_string())]));
        view! {
            <tr>
                <td class="grow">{one.name}</td>
                <td><StateMark mark=session_mark(one.state) word=session_word(one.state)/></td>
                <td class="number">{format::number(one.used)}</td>
                <td class="number">{limit} {warm_up.map(|word| view! { " " <span class="meta">{word}</span> })}</td>
            </tr>
        }
    });
    view! {
        <Table label=t.limits_table plain=true>
            <thead>
                <tr>
                    <th scope="col">{t.session}</th>
                    <th scope="col">{t.state}</th>
                    <th scope="col" class="number">{t.used}</th>
                    <th scope="col" class="number">{t.daily_limit}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </Table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orange_begins_at_eighty_percent() {
        assert_eq!(near(79, Some(100)), None);
        assert_eq!(near(80, Some(100)), Some(text().near_limit));
        assert_eq!(near(99, Some(100)), Some(text().near_limit));
        assert_eq!(near(100, Some(100)), Some(text().limit_reached));
        assert_eq!(near(5, None), None);
    }

    #[test]
    fn a_number_is_known_by_its_end() {
        assert_eq!(last_digits("6281234560142"), "…0142");
        assert_eq!(last_digits("42"), "…42");
    }
}
