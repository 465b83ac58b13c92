//! The form of one level's limits.

use super::{
    field::{NumberField, SwitchField},
    form::{self, Filled},
    levels::locked,
    saved::SavedNote,
    server::{Level, LimitsData, SaveLimits},
    text::text,
    what_if::{Answer, AskButton},
    window::WindowField,
    words::groups,
};
use crate::{
    browser,
    frame::can,
    ui::{Button, FormError, Kind, fault, text::text as shared_text},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::{
    AppError, Permission,
    messages::WhatIf,
    pacing::{Limit, Limits, Unit},
};

/// What each field of the form needs to know.
#[derive(Clone)]
pub struct Form {
    pub data: StoredValue<LimitsData>,
    /// What the fields hold at first: what was typed before the page came, else what is stored.
    pub filled: StoredValue<Filled>,
    pub fault: Signal<Option<AppError>>,
    /// What holds, or would hold with what is asked about.
    pub holds: Memo<Limits>,
}

/// The id of the button, which keeps the keyboard when the form is made anew after saving.
const SAVE: &str = "save-limits";

/// Every limit shows its own error.
const FIELDS: &[&str] = &{
    let mut names = [""; Limit::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = Limit::ALL[at].name();
        at += 1;
    }
    names
};

#[component]
pub fn LimitsForm(
    data: LimitsData,
    action: ServerAction<SaveLimits>,
    asked: Memo<Option<Filled>>,
    answer: Resource<Result<Option<WhatIf>, AppError>>,
    presses: RwSignal<u32>,
) -> impl IntoView {
    let level = data.level;
    let (session, level_name) = level.names();
    let was = data.own.to_json();
    let form = make(data, action, asked);
    Effect::new(move |_| {
        if action
            .value()
            .with_untracked(|value| matches!(value, Some(Ok(_))))
        {
            browser::focus(SAVE);
        }
    });
    let locked = locked(level).is_some();
    let asks = level != Level::Platform && can(Permission::QueueView);
    let cards = groups()
        .into_iter()
        .filter_map(|(title, limits)| {
            let shown: Vec<Limit> = limits
                .iter()
                .copied()
                .filter(|limit| limit.per_session() || !matches!(level, Level::Session(_)))
                .collect();
            let form = form.clone();
            (!shown.is_empty()).then(|| view! { <Group title=title limits=shown form=form/> })
        })
        .collect_view();
    view! {
        <ActionForm action=action attr:class="limits-form stack">
            <FormError fault=form.fault fields=FIELDS/>
            <input type="hidden" name="session" value=session/>
            <input type="hidden" name="level" value=level_name/>
            <input type="hidden" name="was" value=was/>
            <fieldset class="stack" disabled=locked>{cards}</fieldset>
            {(!locked)
                .then(|| {
                    view! {
                        <div class="save-bar">
                            {asks.then(|| view! { <Answer answer=answer/> })}
                            {move || {
                                action
                                    .value()
                                    .get()
                                    .and_then(Result::ok)
                                    .map(|saved| view! { <SavedNote saved=saved/> })
                            }}
                            <div class="row">
                                <Button kind=Kind::Primary submit=true busy=action.pending() attr:id=SAVE>
                                    {shared_text().save}
                                </Button>
                                {asks.then(|| view! { <AskButton action=action presses=presses/> })}
                            </div>
                        </div>
                    }
                })}
        </ActionForm>
    }
}

fn make(data: LimitsData, action: ServerAction<SaveLimits>, asked: Memo<Option<Filled>>) -> Form {
    let filled = use_query_map()
        .with_untracked(form::in_address)
        .unwrap_or_else(|| form::fields(&data.own));
    let (own, inherited) = (data.own.clone(), data.inherited.clone());
    let holds = Memo::new(move |_| {
        let set = asked.with(|asked| asked.as_ref().and_then(|filled| form::read(filled).ok()));
        match set {
            Some(set) => form::with(&own, &set).over(&inherited),
            None => own.over(&inherited),
        }
    });
    let refused = fault(action);
    let bad =
        Memo::new(move |_| asked.with(|asked| asked.as_ref().and_then(|filled| form::read(filled).err())));
    let fault = Signal::derive(move || {
        refused
            .get()
            .or_else(|| bad.get().map(|fields| AppError::Invalid { fields }))
    });
    Form {
        data: StoredValue::new(data),
        filled: StoredValue::new(filled),
        fault,
        holds,
    }
}

#[component]
fn Group(title: &'static str, limits: Vec<Limit>, form: Form) -> impl IntoView {
    let fields = limits
        .into_iter()
        .map(|limit| {
            let form = form.clone();
            match limit.unit() {
                Unit::Window => view! { <WindowField form=form/> }.into_any(),
                Unit::Switch => view! { <SwitchField limit=limit form=form/> }.into_any(),
                _ => view! { <NumberField limit=limit form=form/> }.into_any(),
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <header><h2>{title}</h2></header>
            <div class="body fields">{fields}</div>
        </section>
    }
}

/// Where a limit comes from that this level does not set.
pub fn source(limit: Limit, data: &LimitsData) -> &'static str {
    let t = text();
    match (data.level, &data.organization) {
        (Level::Session(_), None) => t.from_above,
        (Level::Session(_), Some(organization)) if organization.get(limit).is_some() => t.from_organization,
        _ => t.from_platform,
    }
}
