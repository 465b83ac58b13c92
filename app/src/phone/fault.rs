//! The drawer "What happens next": every fault of the sandbox, armed by hand.

use super::{
    forms::Forms,
    text::{KindText, text},
};
use crate::{
    format,
    i18n::{fill, plural},
    ui::{Button, Field, FormError, Glyph, Kind},
};
use leptos::prelude::*;
use types::{
    SessionId,
    sandbox::{Fault, FaultKind, Phone},
};

#[component]
pub fn FaultDrawer(phone: Phone, forms: Forms) -> impl IntoView {
    let t = &text().fault;
    let id = phone.session;
    view! {
        <aside class="panel inject" aria-label=t.label>
            <header><h2>{t.head}</h2></header>
            <div class="scroll stack" tabindex="0" role="region" aria-label=t.region>
                <ArmForm id=id forms=forms/>
                <Armed id=id faults=phone.faults forms=forms/>
                <section class="stack">
                    <h3>{t.customers}</h3>
                    <FormError fault=forms.read_fault/>
                    <ActionForm action=forms.read attr:class="stack">
                        <input type="hidden" name="id" value=id.to_string()/>
                        <Button wide=true submit=true icon=Glyph::TICKS busy=forms.read.pending()>{t.read_all}</Button>
                        <p class="meta">{t.read_all_hint}</p>
                    </ActionForm>
                </section>
                <TheNumber id=id forms=forms/>
            </div>
        </aside>
    }
}

/// Those that wait for messages; the other two happen at once and have buttons of their own.
#[component]
fn ArmForm(id: SessionId, forms: Forms) -> impl IntoView {
    let t = &text().fault;
    let kinds = FaultKind::ALL
        .iter()
        .copied()
        .filter(|kind| !at_once(*kind))
        .enumerate()
        .map(|(place, kind)| {
            let (name, hint) = words(kind);
            view! {
                <label class="check">
                    <input type="radio" name="kind" value=kind.name() checked=place == 0/>
                    <span>{name} <span class="hint">{hint}</span></span>
                </label>
            }
        });
    view! {
        <ActionForm action=forms.arm attr:class="stack">
            <FormError fault=forms.arm_fault fields=&["count", "delay"]/>
            <input type="hidden" name="id" value=id.to_string()/>
            <fieldset>
                <legend>{t.next}</legend>
                {kinds.collect_view()}
            </fieldset>
            <div class="pair">
                <Field
                    label=t.count
                    name="count"
                    kind="number"
                    value="1"
                    hint=t.count_hint
                    min="1"
                    max="1000000"
                    error=forms.count_error
                />
                <Field
                    label=t.delay
                    name="delay"
                    inputmode="decimal"
                    required=false
                    hint=t.delay_hint
                    maxlength=9_u32
                    autocomplete="off"
                    error=forms.delay_error
                />
            </div>
            <Button wide=true submit=true icon=Glyph::BOLT busy=forms.arm.pending()>{t.arm}</Button>
        </ActionForm>
    }
}

#[component]
fn Armed(id: SessionId, faults: Vec<Fault>, forms: Forms) -> impl IntoView {
    let t = &text().fault;
    if faults.is_empty() {
        return view! {
            <section class="stack">
                <h3>{t.armed}</h3>
                <p class="second">{t.none_armed}</p>
            </section>
        }
        .into_any();
    }
    let rows = faults.into_iter().map(|fault| {
        let late = match (fault.kind, fault.delay_ms) {
            (_, Some(ms)) => Some(fill(t.late, &[("span", &format::duration(ms))])),
            (FaultKind::Delivered | FaultKind::Read, None) => Some(t.never.to_string()),
            _ => None,
        };
        view! {
            <li>
                <b>{words(fault.kind).0}</b>
                <span class="meta">{plural(fault.left, t.messages)}</span>
                {late.map(|late| view! { <span class="meta">{late}</span> })}
            </li>
        }
    });
    view! {
        <section class="stack">
            <div class="row">
                <h3>{t.armed}</h3>
                <ActionForm action=forms.clear attr:class="push">
                    <input type="hidden" name="id" value=id.to_string()/>
                    <Button kind=Kind::Quiet small=true submit=true busy=forms.clear.pending()>{t.clear}</Button>
                </ActionForm>
            </div>
            <FormError fault=forms.clear_fault/>
            <ul class="armed">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// What befalls the number as a whole, at once.
#[component]
fn TheNumber(id: SessionId, forms: Forms) -> impl IntoView {
    let t = &text().fault;
    view! {
        <section class="stack">
            <h3>{t.number}</h3>
            <ActionForm action=forms.arm attr:class="stack">
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="kind" value=FaultKind::Logout.name()/>
                <Button wide=true submit=true icon=Glyph::LOGOUT busy=forms.arm.pending()>{t.log_out}</Button>
                <p class="meta">{t.log_out_hint}</p>
            </ActionForm>
            <ActionForm action=forms.arm attr:class="restrict">
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="kind" value=FaultKind::Restrict.name()/>
                <Field
                    label=t.restrict_for
                    name="delay"
                    id="restrict-for"
                    inputmode="decimal"
                    value="60"
                    maxlength=9_u32
                    autocomplete="off"
                />
                <Button submit=true icon=Glyph::LOCK busy=forms.arm.pending()>{t.restrict}</Button>
            </ActionForm>
        </section>
    }
}

const fn at_once(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Logout | FaultKind::Restrict)
}

fn words(kind: FaultKind) -> (&'static str, &'static str) {
    let KindText {
        fail,
        drop,
        delay,
        delivered,
        read,
        logout,
        restrict,
        ambiguous,
        duplicate_receipt,
        try_later,
        rate_limit,
        new_chat_quota,
    } = &text().fault.kind;
    *match kind {
        FaultKind::Fail => fail,
        FaultKind::Drop => drop,
        FaultKind::Delay => delay,
        FaultKind::Delivered => delivered,
        FaultKind::Read => read,
        FaultKind::Logout => logout,
        FaultKind::Restrict => restrict,
        FaultKind::Ambiguous => ambiguous,
        FaultKind::DuplicateReceipt => duplicate_receipt,
        FaultKind::TryLater => try_later,
        FaultKind::RateLimit => rate_limit,
        FaultKind::NewChatQuota => new_chat_quota,
    }
}
