//! Linking by QR code: the code, how long it is good for, and what to do on the phone.

use super::{server::RefreshQr, text::text};
use crate::{
    browser::Elapsed,
    ui::{Button, Countdown, FormError, Glyph, Kind, QrSvg, fault},
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

#[component]
pub fn QrWay(
    pairing: Pairing,
    #[prop(into)] name: String,
    refresh: ServerAction<RefreshQr>,
) -> impl IntoView {
    let as_of = pairing.as_of;
    let id = pairing.session.to_string();
    let shown = match pairing.qr {
        Some(qr) => view! { <Code qr=qr as_of=as_of id=id name=name refresh=refresh/> }.into_any(),
        None => view! { <Expired id=id refresh=refresh/> }.into_any(),
    };
    view! {
        <div class="way">
            <div class="code-box">
                <FormError fault=fault(refresh)/>
                {shown}
            </div>
            <Steps/>
        </div>
    }
}

/// The code, until its time is up. A fresh one follows by the live line; the last one stays
/// expired until somebody asks.
#[component]
fn Code(
    qr: QrCode,
    as_of: Timestamp,
    id: String,
    name: String,
    refresh: ServerAction<RefreshQr>,
) -> impl IntoView {
    let t = &text().pair;
    let left = left(qr.expires_at, as_of);
    let over = Memo::new(move |_| left.get() == 0);
    let label = crate::i18n::fill(t.qr_label, &[("name", &name)]);
    let expires_at = qr.expires_at;
    let last = qr.last;
    move || {
        if over.get() {
            return view! { <Expired id=id.clone() refresh=refresh/> }.into_any();
        }
        view! {
            <QrSvg path=qr.path.clone() size=qr.size label=label.clone()/>
            <div class="row">
                <Ring left=left/>
                <span>
                    <b><Countdown to=expires_at as_of=as_of/></b>
                    " "
                    <span class="second">{t.left}</span>
                </span>
                <span class="push"><Refresh id=id.clone() refresh=refresh/></span>
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
                stroke-dasharray=move || format!("{} 60", (left.get() / 1_000).min(60))
            ></circle>
        </svg>
    }
}

#[component]
fn Refresh(id: String, refresh: ServerAction<RefreshQr>) -> impl IntoView {
    view! {
        <ActionForm action=refresh>
            <input type="hidden" name="id" value=id/>
            <Button kind=Kind::Quiet small=true icon=Glyph::REFRESH submit=true busy=refresh.pending()>
                {text().pair.refresh}
            </Button>
        </ActionForm>
    }
}

#[component]
fn Expired(id: String, refresh: ServerAction<RefreshQr>) -> impl IntoView {
    let t = &text().pair;
    view! {
        <div class="qr-over">
            <h3>{t.expired}</h3>
            <p class="second">{t.expired_why}</p>
            <ActionForm action=refresh>
                <input type="hidden" name="id" value=id/>
                <Button icon=Glyph::REFRESH submit=true busy=refresh.pending()>{t.refresh}</Button>
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
