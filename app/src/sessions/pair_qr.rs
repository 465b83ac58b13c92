//! Linking by QR code: the code, how long it is good for, and what to do on the phone.

use super::{pair::PairForms, text::text};
use crate::{
    browser::Elapsed,
    format,
    i18n::fill,
    ui::{Button, FormError, Glyph, Kind, QrSvg},
};
use leptos::prelude::*;
use types::{
    Timestamp,
    sessions::{Pairing, QrCode},
};

/// What is left of it, never under zero, in milliseconds; moves by itself.
pub fn left(expires_at: Timestamp, as_of: Timestamp) -> Signal<i64> {
    let elapsed = Elapsed::since_now();
    Signal::derive(move || (expires_at - (as_of + elapsed.get())).max(0))
}

/// `0:42 left`. Stays where it was in the moment between one answer and the next.
#[component]
pub fn Left(left: Signal<i64>) -> impl IntoView {
    view! {
        <b class="number" role="timer">{move || format::countdown(left.try_get().unwrap_or_default())}</b>
    }
}

#[component]
pub fn QrWay(pairing: Pairing, #[prop(into)] name: String, forms: PairForms) -> impl IntoView {
    let as_of = pairing.as_of;
    let id = pairing.session.to_string();
    let shown = match pairing.qr {
        Some(qr) => view! { <Code qr=qr as_of=as_of id=id name=name forms=forms/> }.into_any(),
        None => view! { <Expired id=id forms=forms/> }.into_any(),
    };
    view! {
        <div class="way">
            <div class="code-box">
                <FormError fault=forms.refresh_fault/>
                {shown}
            </div>
            <Steps/>
        </div>
    }
}

/// The code, until its time is up. A fresh one follows by the live line; the last one stays
/// expired until somebody asks.
#[component]
fn Code(qr: QrCode, as_of: Timestamp, id: String, name: String, forms: PairForms) -> impl IntoView {
    let t = &text().pair;
    let left = left(qr.expires_at, as_of);
    let over = Memo::new(move |_| left.get() == 0);
    let label = fill(t.qr_label, &[("name", &name)]);
    let last = qr.last;
    move || {
        if over.get() {
            return view! { <Expired id=id.clone() forms=forms/> }.into_any();
        }
        view! {
            <QrSvg path=qr.path.clone() size=qr.size label=label.clone()/>
            <div class="row">
                <Ring left=left/>
                <span><Left left=left/> " " <span class="second">{t.left}</span></span>
                <span class="push"><Refresh id=id.clone() forms=forms/></span>
            </div>
            {last.then(|| view! { <p class="meta">{t.last}</p> })}
        }
        .into_any()
    }
}

/// The countdown as a circle; the number stands beside it.
#[component]
fn Ring(left: Signal<i64>) -> impl IntoView {
    view! {
        <svg class="ring needs-script" viewBox="0 0 20 20" aria-hidden="true">
            <circle cx="10" cy="10" r="8"></circle>
            <circle
                class="left"
                cx="10"
                cy="10"
                r="8"
                pathLength="60"
                stroke-dasharray=move || format!("{} 60", (left.try_get().unwrap_or_default() / 1_000).min(60))
            ></circle>
        </svg>
    }
}

#[component]
fn Refresh(id: String, forms: PairForms) -> impl IntoView {
    view! {
        <ActionForm action=forms.refresh>
            <input type="hidden" name="id" value=id/>
            <Button kind=Kind::Quiet small=true icon=Glyph::REFRESH submit=true busy=forms.refresh.pending()>
                {text().pair.refresh}
            </Button>
        </ActionForm>
    }
}

#[component]
fn Expired(id: String, forms: PairForms) -> impl IntoView {
    let t = &text().pair;
    view! {
        <div class="qr-over">
            <h3>{t.expired}</h3>
            <p class="second">{t.expired_why}</p>
            <ActionForm action=forms.refresh>
                <input type="hidden" name="id" value=id/>
                <Button icon=Glyph::REFRESH submit=true busy=forms.refresh.pending()>{t.refresh}</Button>
            </ActionForm>
        </div>
    }
}

/// What to do on the phone, for both sorts of it.
#[component]
fn Steps() -> impl IntoView {
    let t = &text().pair;
    view! {
        <ol class="how">
            <li>{t.step_open}</li>
            <li><Menus/></li>
            <li>{t.step_scan}</li>
        </ol>
    }
}

/// Where "Linked devices" is.
#[component]
pub fn Menus() -> impl IntoView {
    let t = &text().pair;
    view! {
        <b>{t.android}</b>
        " "
        {t.android_way}
        <br/>
        <b>{t.iphone}</b>
        " "
        {t.iphone_way}
    }
}
