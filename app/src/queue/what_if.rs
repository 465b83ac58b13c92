//! "What if?": another limit, and when the queue would end then. A form that asks for another
//! address, so that the answer can be shared and Back undoes it.

use super::{
    answer::moment,
    lanes_server::load_what_if,
    server::SessionChoice,
    text_lanes::{limit_word, text},
};
use crate::{
    format,
    frame::use_zone,
    i18n::{fill, plural},
    live::use_live_refetch_if,
    routes,
    ui::{Button, ErrorState, Field, FormError, Select, at},
};
use leptos::prelude::*;
use leptos_router::{components::Form, params::ParamsMap};
use types::{AppError, messages::WhatIf, pacing::Limit};

/// What decides when a queue ends, in the order in which people ask.
const LIMITS: [Limit; 9] = [
    Limit::Hourly,
    Limit::Daily,
    Limit::OrganizationDaily,
    Limit::DelayMin,
    Limit::DelayMax,
    Limit::PauseAfter,
    Limit::Pause,
    Limit::Window,
    Limit::WarmUp,
];

#[derive(Clone, Debug, Default, PartialEq)]
struct Wish {
    limit: String,
    value: String,
    of: String,
}

impl Wish {
    fn read(query: &ParamsMap) -> Self {
        let get = |key| query.get(key).unwrap_or_default();
        Self {
            limit: get("limit"),
            value: get("value"),
            of: get("of"),
        }
    }
}

/// The answer, or nothing while nothing is asked.
pub type Worked = Option<Result<WhatIf, AppError>>;

/// What the address asks for, worked out; of the page that calls it.
pub fn use_what_if(query: Memo<ParamsMap>) -> Resource<Worked> {
    let wish = Memo::new(move |_| query.with(Wish::read));
    let data = Resource::new(
        move || wish.get(),
        |wish| async move {
            if wish.limit.is_empty() {
                return None;
            }
            Some(load_what_if(wish.limit, wish.value, wish.of).await)
        },
    );
    use_live_refetch_if(super::CHANGES, data, move || {
        wish.try_with_untracked(|wish| !wish.limit.is_empty()) == Some(true)
    });
    data
}

#[component]
pub fn WhatIfPanel(
    query: Memo<ParamsMap>,
    #[prop(into)] sessions: Signal<Vec<SessionChoice>>,
    now: Memo<Worked>,
) -> impl IntoView {
    let t = text();
    let wish = Memo::new(move |_| query.with(Wish::read));
    view! {
        <section class="what-if card" aria-labelledby="what-if-title">
            <header><h2 id="what-if-title">{t.what_if}</h2></header>
            <div class="body stack">
                <p class="second">{t.what_if_why}</p>
                <Ask wish=wish sessions=sessions now=now/>
            </div>
        </section>
    }
}

#[component]
fn Ask(wish: Memo<Wish>, sessions: Signal<Vec<SessionChoice>>, now: Memo<Worked>) -> impl IntoView {
    let t = text();
    let fault =
        Signal::derive(move || now.with(|now| now.as_ref().and_then(|now| now.as_ref().err()).cloned()));
    let limits = LIMITS
        .iter()
        .map(|limit| (limit.name().to_owned(), limit_word(*limit).to_owned()))
        .collect::<Vec<_>>();
    // The fields are drawn anew when the address changes, as by Back, and not with every answer.
    let choices = Memo::new(move |_| {
        let of_all = (String::new(), t.whole_organization.to_owned());
        let each = sessions.get().into_iter();
        let each = each.map(|session| (session.id.to_string(), session.name));
        std::iter::once(of_all).chain(each).collect::<Vec<_>>()
    });
    view! {
        <Form method="get" action=routes::QUEUE attr:class="row wrap">
            <input type="hidden" name="view" value="lanes"/>
            {move || {
                let wish = wish.get();
                view! {
                    <Select label=t.of name="of" options=choices.get() value=wish.of error=at(fault, "session")/>
                    <Select label=t.limit name="limit" options=limits.clone() value=wish.limit error=at(fault, "limit")/>
                    <Field label=t.value name="value" value=wish.value hint=t.value_hint error=at(fault, "value")/>
                }
            }}
            <Button submit=true>{t.ask}</Button>
        </Form>
        {move || match fault.get() {
            None => ().into_any(),
            Some(AppError::Invalid { .. }) => {
                view! { <FormError fault=fault fields=&["value", "limit", "session"]/> }.into_any()
            }
            Some(error) => view! { <ErrorState error=error/> }.into_any(),
        }}
        {move || now.with(|now| now.as_ref().and_then(|now| now.as_ref().ok()).map(result))}
    }
}

/// As things are, as they would be, and the difference.
fn result(answer: &WhatIf) -> impl IntoView + use<> {
    let t = text();
    let zone = use_zone();
    let when = |at: Option<types::Timestamp>| {
        at.map_or_else(|| t.end_unknown.to_owned(), |at| moment(at, answer.as_of, &zone))
    };
    let difference = match (answer.ends_at, answer.would_end_at) {
        (Some(now), Some(then)) if then < now => fill(t.sooner, &[("time", &format::duration(now - then))]),
        (Some(now), Some(then)) if then > now => fill(t.later, &[("time", &format::duration(then - now))]),
        (Some(_), Some(_)) => t.same.into(),
        _ => String::new(),
    };
    let waiting = plural(answer.waiting, t.what_if_waiting);
    let number = |n| plural(n, t.what_if_waiting);
    let stays = match (answer.stays, answer.would_stay) {
        (0, 0) => None,
        (now, then) if now == then => Some(number(now)),
        (now, then) => Some(fill(
            t.stay_both,
            &[("now", &number(now)), ("then", &number(then))],
        )),
    };
    let stays = stays.map(|words| view! { <dt>{t.stay}</dt> <dd>{words}</dd> });
    if answer.waiting == 0 {
        return view! { <p role="status">{t.nothing_waits}</p> }.into_any();
    }
    view! {
        <div role="status">
            <dl class="facts">
                <dt>{t.now_waiting}</dt>
                <dd>{waiting}</dd>
                <dt>{t.ends_now}</dt>
                <dd>{when(answer.ends_at)}</dd>
                <dt>{t.would_end}</dt>
                <dd><b>{when(answer.would_end_at)}</b> " " {difference}</dd>
                {stays}
            </dl>
        </div>
    }
    .into_any()
}
