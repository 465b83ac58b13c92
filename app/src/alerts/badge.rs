//! The number beside the rail's entry, and the toast of a new critical alert.

use super::{
    server::count_alerts,
    text::{kind_word, text},
};
use crate::{
    format,
    i18n::fill,
    live::{Message, use_messages},
    ui::{Mark, use_toasts},
};
use leptos::prelude::*;
use types::{
    alerts::{AlertKind, Severity},
    events::{Event, EventType},
};

/// How many alerts stand open, from context.
#[derive(Clone, Copy)]
pub struct Badge {
    open: RwSignal<i64>,
    asking: StoredValue<bool>,
    /// Something happened that the request on its way may not know.
    again: StoredValue<bool>,
}

impl Badge {
    /// Once, in the frame: begins with what the page came with and follows the events.
    pub fn provide(open: i64) {
        let badge = Self {
            open: RwSignal::new(open),
            asking: StoredValue::new(false),
            again: StoredValue::new(false),
        };
        provide_context(badge);
        let toasts = use_toasts();
        use_messages(move |message| match message {
            Message::Reset => badge.ask(),
            Message::Event(event) => {
                if let Some(sentence) = new_critical(event) {
                    toasts.say(Mark::Bad, sentence);
                }
                if matches!(
                    event.kind,
                    EventType::AlertRaised | EventType::AlertAcknowledged | EventType::AlertResolved
                ) {
                    badge.ask();
                }
            }
        });
    }

    /// One request after the other, however many events come.
    fn ask(self) {
        match self.asking.try_get_value() {
            None => return,
            Some(true) => return self.again.set_value(true),
            Some(false) => self.asking.set_value(true),
        }
        leptos::task::spawn_local(async move {
            let count = count_alerts().await;
            if self.asking.try_get_value().is_none() {
                return;
            }
            if let Ok(count) = count {
                self.open.set(count);
            }
            self.asking.set_value(false);
            if self.again.try_update_value(std::mem::take) == Some(true) {
                self.ask();
            }
        });
    }
}

/// What to say of an event, if it is a critical alert that was not there before.
fn new_critical(event: &Event) -> Option<String> {
    let text_of = |key: &str| event.data.get(key).and_then(serde_json::Value::as_str);
    let fresh = event.kind == EventType::AlertRaised
        && event.data.get("times_seen").and_then(serde_json::Value::as_i64) == Some(1);
    let critical = text_of("severity").and_then(Severity::from_name) == Some(Severity::Critical);
    if !(fresh && critical) {
        return None;
    }
    let kind = kind_word(text_of("type").and_then(AlertKind::from_name)?);
    Some(fill(
        text().toast,
        &[("kind", kind), ("happened", text_of("happened")?)],
    ))
}

/// The number itself; nothing while nothing is open.
#[component]
pub fn OpenAlerts() -> impl IntoView {
    let badge = use_context::<Badge>();
    move || {
        let open = badge.map_or(0, |badge| badge.open.get());
        (open > 0).then(|| {
            view! {
                <span class="count">
                    {format::number(open)} <span class="out-of-sight">" " {text().open_of_rail}</span>
                </span>
            }
        })
    }
}
