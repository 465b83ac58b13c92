//! What one works with while trying an endpoint: the values of the form, the key, and what was
//! sent; the sample and the request that follow from them.

use super::{
    answer::Shown,
    call::{self, Call, Values},
    model::{Endpoint, FIRST_SESSION, Kind},
    samples::{Lang, Sample},
    server::SessionOption,
    text::text,
};
use crate::{
    browser::{self, Answered, Request},
    routes,
    ui::{CopyButton, url},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::fmt::Write as _;

/// Where sending stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    Nothing,
    Waiting,
    Answer(Answered),
    Unreachable,
}

/// Everything that the form, the sample and the answer share. Ends with the endpoint's page.
#[derive(Clone, Copy)]
pub struct Desk {
    pub endpoint: StoredValue<Endpoint>,
    pub base: StoredValue<String>,
    pub sessions: StoredValue<Vec<SessionOption>>,
    pub values: RwSignal<Values>,
    pub key: RwSignal<String>,
    /// Whether samples carry the key.
    pub show_key: RwSignal<bool>,
    /// Somebody tried to send; from then on fields say what is wrong.
    pub tried: RwSignal<bool>,
    pub sent: RwSignal<Sent>,
}

impl Desk {
    pub fn new(
        endpoint: Endpoint,
        base: String,
        sessions: Vec<SessionOption>,
        key: RwSignal<String>,
    ) -> Self {
        let mut values = call::start(&endpoint);
        let sandbox = sessions.iter().find(|session| session.sandbox);
        let sandbox = sandbox.map(|session| session.id.clone()).unwrap_or_default();
        for value in values.values_mut() {
            if value == FIRST_SESSION {
                value.clone_from(&sandbox);
            }
        }
        Self {
            endpoint: StoredValue::new(endpoint),
            base: StoredValue::new(base),
            sessions: StoredValue::new(sessions),
            values: RwSignal::new(values),
            key,
            show_key: RwSignal::new(false),
            tried: RwSignal::new(false),
            sent: RwSignal::new(Sent::Nothing),
        }
    }

    pub fn call(self) -> Call {
        self.endpoint
            .with_value(|endpoint| self.values.with(|values| call::build(endpoint, values)))
    }

    /// Whether nothing keeps the call from being made.
    pub fn is_complete(self) -> bool {
        let slips = self
            .endpoint
            .with_value(|endpoint| self.values.with(|values| call::slips(endpoint, values)));
        slips.is_empty() && self.key.with(|key| !key.trim().is_empty())
    }

    /// The sandbox session that the call names.
    pub fn sandbox(self) -> Option<String> {
        let chosen = self.endpoint.with_value(|endpoint| {
            let input = endpoint.inputs.iter().find(|input| input.kind == Kind::Session)?;
            self.values.with(|values| values.get(&input.key()).cloned())
        })?;
        self.sessions.with_value(|sessions| {
            sessions
                .iter()
                .any(|session| session.sandbox && session.id == chosen)
                .then_some(chosen)
        })
    }

    pub fn send(self) {
        self.tried.set(true);
        if !untrack(move || self.is_complete()) {
            return;
        }
        self.sent.set(Sent::Waiting);
        let (call, key) = untrack(move || (self.call(), self.key.get()));
        let mut headers = vec![("X-API-Key".to_owned(), key.trim().to_owned())];
        if call.body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        headers.extend(call.headers);
        let request = Request {
            method: call.method,
            href: call.path,
            headers,
            body: call.body.map(|body| body.pretty()),
        };
        browser::send(request, move |answer| {
            let sent = answer.map_or(Sent::Unreachable, Sent::Answer);
            // The page may be another one by now.
            self.sent.try_set(sent);
        });
    }

    /// The key for a sample: the real one only where somebody asked for it.
    fn sample_key(self) -> String {
        let key = self.key.with(|key| key.trim().to_owned());
        if self.show_key.get() && !key.is_empty() {
            key
        } else {
            text().sample_key.to_owned()
        }
    }
}

/// The sample, the request and the answer, each under the other.
#[component]
pub fn Bench(desk: Desk, lang: Memo<Lang>) -> impl IntoView {
    view! {
        <SampleCode desk=desk lang=lang/>
        <Preview desk=desk/>
        <Shown desk=desk/>
    }
}

#[component]
fn SampleCode(desk: Desk, lang: Memo<Lang>) -> impl IntoView {
    let t = text();
    let query = use_query_map();
    let code = Memo::new(move |_| {
        let call = desk.call();
        let key = desk.sample_key();
        desk.base.with_value(|base| {
            lang.get().write(&Sample {
                call: &call,
                base,
                key: &key,
            })
        })
    });
    let langs = move || {
        Lang::ALL
            .iter()
            .map(|one| {
                let href = query.with(|query| url::with(routes::DOCS, query, &[("lang", one.name())]));
                let current = (lang.get() == *one).then_some("true");
                view! {
                    <a href=href aria-current=current data-noscroll="true">{one.title()}</a>
                }
            })
            .collect_view()
    };
    view! {
        <div class="code">
            <header>
                <nav class="langs" aria-label=t.language>{langs}</nav>
                {move || view! { <CopyButton copy=code.get() of="sample"/> }}
            </header>
            <pre tabindex="0" role="region" aria-label=t.samples><code id="sample">{code}</code></pre>
        </div>
    }
}

/// The request as it goes over the wire, the key aside.
#[component]
fn Preview(desk: Desk) -> impl IntoView {
    let request = move || {
        let call = desk.call();
        let mut lines = format!(
            "{} {} HTTP/1.1\nX-API-Key: {}\n",
            call.method,
            call.path,
            desk.sample_key()
        );
        if call.body.is_some() {
            lines.push_str("Content-Type: application/json\n");
        }
        for (name, value) in &call.headers {
            let _ = writeln!(lines, "{name}: {value}");
        }
        if let Some(body) = &call.body {
            lines.push('\n');
            lines.push_str(&body.pretty());
        }
        lines
    };
    view! {
        <div class="code">
            <header>{text().tester.preview}</header>
            <pre tabindex="0" role="region" aria-label=text().tester.preview><code id="request">{request}</code></pre>
        </div>
    }
}
