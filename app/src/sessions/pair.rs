//! The pairing dialog: a QR code or a pairing code, until the phone is linked.

use super::{
    here, in_query,
    pair_code::CodeWay,
    pair_qr::QrWay,
    server::{PairingData, RefreshQr, RequestPairingCode, load_pairing},
    text::text,
};
use crate::{
    i18n::fill,
    live::{use_live, use_live_refetch_if},
    routes,
    ui::{
        Button, Dialog, EmptyState, ErrorState, FormError, Glyph, Kind, LinkButton, Mark, Segment, Segments,
        Skeleton, StateMark, at, fault, url, use_toasts,
    },
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use types::{
    AppError,
    events::EventType,
    sessions::{Channel, SessionState},
};

#[component]
pub fn PairDialog() -> impl IntoView {
    let asked = in_query("pair");
    let by_code = in_query("way");
    let close = here(&[("pair", ""), ("way", "")]);
    let refresh = ServerAction::<RefreshQr>::new();
    let request = ServerAction::<RequestPairingCode>::new();
    let forms = PairForms::new(refresh, request);
    let data = Resource::new(
        move || (asked.get(), refresh.version().get(), request.version().get()),
        |(id, _, _)| optional(id),
    );
    use_live_refetch_if(
        &[EventType::SessionQr, EventType::SessionStatus],
        data,
        move || asked.with_untracked(|id| !id.is_empty()),
    );
    close_when_linked(asked, close);
    view! {
        <Dialog
            open=Signal::derive(move || asked.with(|id| !id.is_empty()))
            close=close
            title=text().pair.title
            id="pair"
            class="pairing"
        >
            <div class="body stack">
                <Transition fallback=|| view! { <Skeleton/> }>
                    {move || {
                        let code = by_code.with(|way| way == "code");
                        Suspend::new(async move {
                            match data.await {
                                Ok(None) => ().into_any(),
                                Ok(Some(data)) => {
                                    view! { <Body data=data code=code forms=forms/> }.into_any()
                                }
                                Err(error) => view! { <ErrorState error=error/> }.into_any(),
                            }
                        })
                    }}
                </Transition>
            </div>
        </Dialog>
    }
}

/// The phone was linked while one looked: say so and leave.
fn close_when_linked(asked: Memo<String>, close: Signal<String>) {
    let toasts = use_toasts();
    let navigate = use_navigate();
    use_live(move |event| {
        let ours = event
            .session
            .is_some_and(|id| asked.with_untracked(|asked| *asked == id.to_string()));
        let state = event.data.get("state").and_then(|state| state.as_str());
        if ours && event.kind == EventType::SessionStatus && state == Some(SessionState::Connected.name()) {
            let name = event
                .data
                .get("name")
                .and_then(|name| name.as_str())
                .unwrap_or_default();
            toasts.say(Mark::Ok, fill(text().pair.linked_now, &[("name", name)]));
            let options = NavigateOptions {
                scroll: false,
                replace: true,
                ..Default::default()
            };
            navigate(&close.get_untracked(), options);
        }
    });
}

/// The forms of the dialog and what became of them. Made once, outside of what is drawn anew with
/// each answer: there, a signal would end while the old drawing still looks at it.
#[derive(Clone, Copy)]
pub struct PairForms {
    pub refresh: ServerAction<RefreshQr>,
    pub refresh_fault: Signal<Option<AppError>>,
    pub request: ServerAction<RequestPairingCode>,
    pub request_fault: Signal<Option<AppError>>,
    pub number_error: Signal<Option<String>>,
}

impl PairForms {
    fn new(refresh: ServerAction<RefreshQr>, request: ServerAction<RequestPairingCode>) -> Self {
        let request_fault = fault(request);
        let number_error = at(request_fault, "number");
        Self {
            refresh,
            refresh_fault: fault(refresh),
            request,
            request_fault,
            number_error,
        }
    }
}

#[component]
fn Body(data: PairingData, code: bool, forms: PairForms) -> impl IntoView {
    let t = &text().pair;
    let id = data.session.id.to_string();
    let sandbox = (data.session.channel == Channel::Sandbox).then(|| {
        view! {
            // Beside this page, so that one sees here what is done there.
            <LinkButton
                href=routes::phone(data.session.id)
                kind=Kind::Quiet
                icon=Glyph::EXTERNAL
                attr:target="_blank"
                attr:rel="external"
            >
                {t.sandbox}
            </LinkButton>
        }
    });
    let name = data.session.name.clone();
    let waits = data.pairing.qr.is_some() || data.pairing.code.is_some();
    let content = match data.pairing.state {
        SessionState::Linking if code => {
            view! { <CodeWay pairing=data.pairing phone=data.phone forms=forms/> }.into_any()
        }
        SessionState::Linking => {
            view! { <QrWay pairing=data.pairing name=name.clone() forms=forms/> }.into_any()
        }
        SessionState::Connected | SessionState::Restricted => {
            return view! { <Linked id=id/> }.into_any();
        }
        _ => view! { <NotLinking id=id forms=forms/> }.into_any(),
    };
    view! {
        <p class="second">{name}</p>
        <Ways code=code/>
        {content}
        {waits
            .then(|| {
                view! {
                    <div class="note" data-state="work">
                        <StateMark mark=Mark::Work word=t.waiting/>
                        <span class="meta push needs-script">{t.closes}</span>
                    </div>
                }
            })}
        {sandbox}
    }
    .into_any()
}

#[component]
fn Ways(code: bool) -> impl IntoView {
    let t = &text().pair;
    let query = use_query_map();
    let (qr, by_code) = query.with_untracked(|query| {
        (
            url::with(routes::SESSIONS, query, &[("way", "")]),
            url::with(routes::SESSIONS, query, &[("way", "code")]),
        )
    });
    view! {
        <Segments
            label=t.how
            segments=vec![Segment::new(t.qr, qr, !code), Segment::new(t.code, by_code, code)]
        />
    }
}

/// Nothing is left to do here.
#[component]
fn Linked(id: String) -> impl IntoView {
    let t = &text().pair;
    let href = url::href(routes::SESSIONS, &[("id", &id)]);
    view! {
        <EmptyState title=t.linked sentence=t.linked_why>
            <LinkButton href=href kind=Kind::Primary attr:data-noscroll="true">
                {t.done}
            </LinkButton>
        </EmptyState>
    }
}

/// Stopped or logged out: nobody waits for a phone yet.
#[component]
fn NotLinking(id: String, forms: PairForms) -> impl IntoView {
    let t = &text().pair;
    view! {
        <div class="blank">
            <h3>{t.not_linking}</h3>
            <p>{t.not_linking_why}</p>
            <FormError fault=forms.refresh_fault/>
            <ActionForm action=forms.refresh attr:class="row">
                <input type="hidden" name="id" value=id/>
                <Button kind=Kind::Primary submit=true busy=forms.refresh.pending()>{t.show_code}</Button>
            </ActionForm>
        </div>
    }
}

async fn optional(id: String) -> Result<Option<PairingData>, AppError> {
    if id.is_empty() {
        Ok(None)
    } else {
        load_pairing(id).await.map(Some)
    }
}
