//! The browser's end of `/live`.

use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// What a stream says.
pub enum Heard {
    Opened,
    /// The browser tries it again by itself, with `Last-Event-ID`.
    Broken,
    /// The server refused it, and the browser has given up.
    Refused,
    /// An event as it came, and its place in the log.
    Event(i64, String),
    /// Too much was missed; goes on after that place.
    Reset(i64),
}

type Callback<T> = Closure<dyn FnMut(T)>;

/// An open stream with the callbacks that must live as long; closes when it is dropped.
pub struct Stream {
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

impl Stream {
    /// Opens it after that place in the event log.
    pub fn open(after: i64, hear: Rc<dyn Fn(Heard)>) -> Option<Self> {
        let source = EventSource::new(&format!("/live?after={after}")).ok()?;
        let opened: Callback<JsValue> = Closure::new({
            let hear = Rc::clone(&hear);
            move |_| hear(Heard::Opened)
        });
        let broken: Callback<JsValue> = Closure::new({
            let (source, hear) = (source.clone(), Rc::clone(&hear));
            move |_| {
                let refused = source.ready_state() == EventSource::CLOSED;
                hear(if refused { Heard::Refused } else { Heard::Broken });
            }
        });
        let happened: Callback<MessageEvent> = Closure::new({
            let hear = Rc::clone(&hear);
            move |message: MessageEvent| {
                if let (Some(place), Some(json)) = (place(&message), message.data().as_string()) {
                    hear(Heard::Event(place, json));
                }
            }
        });
        let reset: Callback<MessageEvent> = Closure::new(move |message: MessageEvent| {
            if let Some(place) = place(&message) {
                hear(Heard::Reset(place));
            }
        });
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(broken.as_ref().unchecked_ref()));
        source.set_onmessage(Some(happened.as_ref().unchecked_ref()));
        let _ = source.add_event_listener_with_callback("reset", reset.as_ref().unchecked_ref());
        Some(Self {
            source,
            _callbacks: (opened, broken, happened, reset),
        })
    }
}

fn place(message: &MessageEvent) -> Option<i64> {
    message.last_event_id().parse().ok()
}
