//! The balancer: every input and the result for each session, the one that goes first at the top.

use super::{
    balancer_words::{age, decimals, formula, is_tied},
    lanes_server::{BalanceData, load_balance},
    latest::latest,
    text_lanes::text,
};
use crate::{
    format,
    live::use_live_refetch,
    routes,
    ui::{
        AsOf, EmptyState, ErrorState, LinkButton, Mark, PageHead, Phone, Skeleton, StateMark, Time,
        session_mark, session_word, text::text as shared_text,
    },
};
use leptos::prelude::*;
use types::{AppError, Timestamp, pacing::Balance};

type Answer = Result<BalanceData, AppError>;

#[component]
pub fn BalancerPage() -> impl IntoView {
    let t = text();
    let data = Resource::new(|| (), |()| load_balance());
    use_live_refetch(super::CHANGES, data);
    view! {
        <Transition fallback=move || view! { <PageHead title=t.balancer/> <Skeleton rows=4/> }>
            {Suspend::new(async move {
                let now = latest(data.await, data);
                view! { <Loaded now=now/> }
            })}
        </Transition>
    }
}

#[component]
fn Loaded(now: Memo<Answer>) -> impl IntoView {
    let t = text();
    let as_of = Memo::new(move |_| now.with(|now| now.as_ref().ok().map(|data| data.as_of)));
    let meta = ViewFn::from(move || move || as_of.get().map(|at| view! { <AsOf at=at/> }));
    view! {
        <PageHead title=t.balancer meta=meta>
            <LinkButton href=routes::QUEUE.to_string()>{super::text::text().title}</LinkButton>
        </PageHead>
        <div class="scroll">
            <div class="section balancer">
                <div class="explained">
                    <p>{t.balancer_why}</p>
                    <p class="mono">{t.balancer_formula}</p>
                    <p class="second">{t.balancer_parts}</p>
                </div>
                {move || match now.get() {
                    Err(error) => view! { <ErrorState error=error/> }.into_any(),
                    Ok(data) if data.all.is_empty() => view! {
                        <EmptyState title=t.no_sessions sentence=t.no_sessions_why>
                            <LinkButton href=routes::SESSIONS.to_string()>{t.to_sessions}</LinkButton>
                        </EmptyState>
                    }
                    .into_any(),
                    Ok(data) => view! { <Scores data=data/> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// A table on wide pages; on narrow ones each row becomes a block, so the roles are written out:
/// changing how a table is laid out takes them away.
#[component]
fn Scores(data: BalanceData) -> impl IntoView {
    let t = text();
    let head = [
        t.session,
        t.score,
        t.status,
        t.age,
        t.seniority,
        t.today,
        t.total,
        t.failure_rate,
        t.in_row_failed,
        t.cooldown,
        t.last_sent,
    ];
    let columns = head
        .into_iter()
        .map(|word| view! { <th scope="col" role="columnheader">{word}</th> })
        .collect_view();
    let (all, as_of) = (data.all, data.as_of);
    let ties: Vec<bool> = (0..all.len()).map(|place| is_tied(&all, place)).collect();
    let rows = all
        .into_iter()
        .zip(ties)
        .enumerate()
        .map(|(place, (one, tied))| view! { <Score one=one place=place tied=tied as_of=as_of/> })
        .collect_view();
    view! {
        <div class="card table-wrap" tabindex="0" role="region" aria-label=t.balancer>
            <table class="table plain" role="table">
                <thead role="rowgroup"><tr role="row">{columns}</tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Score(one: Balance, place: usize, tied: bool, as_of: Timestamp) -> impl IntoView {
    let t = text();
    let formula = formula(&one);
    let none = shared_text().none;
    let standing = match &one.skipped {
        Some(why) => {
            view! { <StateMark mark=Mark::Off word=t.skipped/> <p class="meta">{why.clone()}</p> }.into_any()
        }
        None if place == 0 => view! { <StateMark mark=Mark::Ok word=t.goes_first/> }.into_any(),
        None => ().into_any(),
    };
    let last = match one.last_sent_at {
        Some(at) => view! { <Time at=at as_of=as_of/> }.into_any(),
        None => none.into_any(),
    };
    let number = match one.number {
        Some(number) => view! { <Phone number=number/> }.into_any(),
        None => none.into_any(),
    };
    let percent = format!("{} %", decimals(one.failure_rate * 100.0, 1));
    view! {
        <tr role="row">
            <td role="cell" class="who">
                <b>{one.name}</b>
                <p class="meta">{number}</p>
            </td>
            <td role="cell" data-label=t.score>
                <b>{decimals(one.score, 1)}</b>
                <p class="meta formula">{formula}</p>
                {tied.then(|| view! { <p class="meta">{t.tie}</p> })}
            </td>
            <td role="cell" data-label=t.status>
                <StateMark mark=session_mark(one.state) word=session_word(one.state)/>
                " "
                {standing}
            </td>
            <td role="cell" class="number" data-label=t.age>{age(one.age_days)}</td>
            <td role="cell" class="number" data-label=t.seniority>{decimals(one.seniority, 2)}</td>
            <td role="cell" class="number" data-label=t.today>{format::number(one.today_sent)}</td>
            <td role="cell" class="number" data-label=t.total>{format::number(one.total_sent)}</td>
            <td role="cell" class="number" data-label=t.failure_rate>{percent}</td>
            <td role="cell" class="number" data-label=t.in_row_failed>{format::number(one.consecutive_failures)}</td>
            <td role="cell" class="number" data-label=t.cooldown>
                {format::duration((one.cooldown_minutes * 60_000.0) as i64)}
            </td>
            <td role="cell" class="number" data-label=t.last_sent>{last}</td>
        </tr>
    }
}
