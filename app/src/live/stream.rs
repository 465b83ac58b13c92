//! The browser's end of `/live`.

use super::{Live, LiveState, Message};
use crate::{browser, frame::frame, routes};
use leptos::prelude::*;
use std::{rc::Rc, time::Duration};
use types::{AppError, events::Event};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// How long to wait before a line that the server refused is tried again. A line that merely
/// broke is tried again by the browser itself, with `Last-Event-ID`.
const REOPEN: Duration = Duration::from_secs(3);

type Callback<T> = Closure<dyn FnMut(T)>;

/// Where the open stream is kept; gone together with the page's frame.
type Kept = StoredValue<Option<Rc<Stream>>, LocalStorage>;

/// An open stream with the callbacks that must live as long.
struct Stream {
    source: EventSource,
    _callbacks: (
        Callback<JsValue>,
        Callback<JsValue>,
        Callback<MessageEvent>,
        Callback<MessageEvent>,
    ),
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.set_onmessage(None);
        self.source.close();
    }
}

/// Opens the stream and keeps it until the caller's owner goes.
pub fn open(live: Live, after: i64) {
    let kept: Kept = StoredValue::new_local(None);
    on_cleanup(move || {
        kept.try_set_value(None);
    });
    connect(live, after, kept);
}

/// Tries a line again that the server refused; most likely because the login has ended, and then
/// the way on leads through the door.
fn reopen(live: Live, seen: StoredValue<i64>, kept: Kept) {
    leptos::task::spawn_local(async move {
        if matches!(frame().await, Err(AppError::Unauthenticated)) {
            let location = window().location();
            let here = format!(
                "{}{}",
                location.pathname().unwrap_or_default(),
                location.search().unwrap_or_default()
            );
            browser::load(&routes::log_in_and_return(&here));
        } else if let Some(after) = seen.try_get_value() {
            connect(live, after, kept);
        }
    });
}

fn connect(live: Live, after: i64, kept: Kept) {
    let seen = StoredValue::new(after);
    let Ok(source) = EventSource::new(&format!("/live?after={after}")) else {
        return;
    };

    let opened: Callback<JsValue> = Closure::new(move |_| {
        live.state.try_set(LiveState::Live);
    });
    let broken: Callback<JsValue> = Closure::new({
        let source = source.clone();
        move |_| {
            live.state.try_set(LiveState::Reconnecting);
            if source.ready_state() == EventSource::CLOSED {
                set_timeout(move || reopen(live, seen, kept), REOPEN);
            }
        }
    });
    let note = move |message: &MessageEvent| {
        if let Ok(seq) = message.last_event_id().parse() {
            seen.try_set_value(seq);
        }
    };
    let happened: Callback<MessageEvent> = Closure::new(move |message: MessageEvent| {
        note(&message);
        let event = message
            .data()
            .as_string()
            .and_then(|json| serde_json::from_str::<Event>(&json).ok());
        if let Some(event) = event {
            seen.try_set_value(event.seq);
            live.publish(&Message::Event(event));
        }
    });
    let reset: Callback<MessageEvent> = Closure::new(move |message: MessageEvent| {
        note(&message);
        live.publish(&Message::Reset);
    });

    source.set_onopen(Some(opened.as_ref().unchecked_ref()));
    source.set_onerror(Some(broken.as_ref().unchecked_ref()));
    source.set_onmessage(Some(happened.as_ref().unchecked_ref()));
    let _ = source.add_event_listener_with_callback("reset", reset.as_ref().unchecked_ref());
    let stream = Stream {
        source,
        _callbacks: (opened, broken, happened, reset),
    };
    kept.try_set_value(Some(Rc::new(stream)));
}
