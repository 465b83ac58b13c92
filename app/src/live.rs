//! The line between this page and the server: one stream of events, shared by everything on it.
//!
//! On the server all of this is still: pages subscribe, and nothing ever comes.

#[cfg(feature = "hydrate")]
mod stream;

use leptos::prelude::*;
use std::sync::Arc;
use types::events::{Event, EventType};

/// How the line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LiveState {
    /// Never opened: before the page has woken up, and where there is no script.
    #[default]
    Off,
    Live,
    Reconnecting,
}

/// What comes down the line.
#[derive(Clone, Debug)]
pub enum Message {
    Event(Event),
    /// Too much was missed to be told one by one: read everything again.
    Reset,
}

type Handler = Arc<dyn Fn(&Message) + Send + Sync>;

/// The page's line, from context.
#[derive(Clone, Copy)]
pub struct Live {
    state: RwSignal<LiveState>,
    handlers: StoredValue<Vec<(u64, Handler)>>,
    next_handler: StoredValue<u64>,
}

impl Live {
    /// Makes the line and hands it to everything below. It opens with [`Live::open`].
    pub fn provide() -> Self {
        let live = Self {
            state: RwSignal::default(),
            handlers: StoredValue::new(Vec::new()),
            next_handler: StoredValue::new(0),
        };
        provide_context(live);
        live
    }

    pub fn state(self) -> Signal<LiveState> {
        self.state.into()
    }

    /// Opens the stream after that place in the event log, once the page has woken up.
    pub fn open(self, after: i64) {
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| stream::open(self, after));
        #[cfg(not(feature = "hydrate"))]
        let _ = after;
    }

    fn subscribe(self, handler: impl Fn(&Message) + Send + Sync + 'static) {
        let id = self.next_handler.get_value();
        self.next_handler.set_value(id + 1);
        self.handlers
            .update_value(|all| all.push((id, Arc::new(handler))));
        on_cleanup(move || {
            self.handlers
                .try_update_value(|all| all.retain(|(other, _)| *other != id));
        });
    }

    #[cfg_attr(
        not(feature = "hydrate"),
        expect(dead_code, reason = "nothing comes on the server")
    )]
    fn publish(self, message: &Message) {
        // A handler may subscribe or unsubscribe others, so the list is not held while they run.
        for (_, handler) in self.handlers.try_get_value().unwrap_or_default() {
            handler(message);
        }
    }
}

/// Calls `handler` for each event, for as long as the caller is on the page.
///
/// For patching one row from the event itself. A list that cannot patch itself wants
/// [`use_live_refetch`].
pub fn use_live(handler: impl Fn(&Event) + Send + Sync + 'static) {
    use_messages(move |message| {
        if let Message::Event(event) = message {
            handler(event);
        }
    });
}

/// Calls `refetch` when an event of one of these kinds comes, and after a reset: at once for the
/// first, then at most four times a second however many come.
pub fn use_live_refetch(kinds: &'static [EventType], refetch: impl Fn() + Send + Sync + 'static) {
    let throttle = Throttle::new(Arc::new(refetch));
    use_messages(move |message| {
        let wanted = match message {
            Message::Event(event) => kinds.contains(&event.kind),
            Message::Reset => true,
        };
        if wanted {
            throttle.call();
        }
    });
}

/// Calls `handler` for each message, resets included.
pub fn use_messages(handler: impl Fn(&Message) + Send + Sync + 'static) {
    if let Some(live) = use_context::<Live>() {
        live.subscribe(handler);
    }
}

/// Lets the first call through at once and folds those of the next 250 ms into one.
#[derive(Clone)]
struct Throttle {
    work: Arc<dyn Fn() + Send + Sync>,
    resting: StoredValue<bool>,
    again: StoredValue<bool>,
}

impl Throttle {
    fn new(work: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self {
            work,
            resting: StoredValue::new(false),
            again: StoredValue::new(false),
        }
    }

    fn call(&self) {
        // `None` means that the page which subscribed is gone.
        match self.resting.try_get_value() {
            None => {}
            Some(true) => self.again.set_value(true),
            Some(false) => {
                self.resting.set_value(true);
                (self.work)();
                let this = self.clone();
                set_timeout(move || this.wake(), std::time::Duration::from_millis(250));
            }
        }
    }

    fn wake(&self) {
        if self
            .resting
            .try_update_value(|resting| *resting = false)
            .is_none()
        {
            return;
        }
        if self.again.try_update_value(std::mem::take) == Some(true) {
            self.call();
        }
    }
}
