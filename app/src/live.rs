//! The line between this page and the server: one stream of events, shared by everything on it.
//!
//! On the server all of this is still: pages subscribe, and nothing ever comes.

#[cfg(feature = "hydrate")]
mod channel;
#[cfg(feature = "hydrate")]
mod lock;
#[cfg(any(feature = "hydrate", test))]
mod patience;
#[cfg(any(feature = "hydrate", test))]
mod place;
mod refetch;
#[cfg(feature = "hydrate")]
mod stream;
#[cfg(feature = "hydrate")]
mod tab;

use leptos::prelude::*;
use std::sync::Arc;
use types::{OrganizationId, UserId, events::Event, people::Viewer};

pub use refetch::{use_live_refetch, use_live_refetch_if, use_refetch_on};

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

/// Whose pages these are: what one person sees in one organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    pub user: UserId,
    pub organization: Option<OrganizationId>,
}

impl Whose {
    pub fn of(viewer: &Viewer) -> Self {
        Self {
            user: viewer.user,
            organization: viewer.organization.as_ref().map(|org| org.id),
        }
    }

    /// What the tabs that show the same find each other by.
    #[cfg(feature = "hydrate")]
    fn name(self) -> String {
        let organization = self.organization.map(|id| id.to_string());
        format!("live {} {}", self.user, organization.unwrap_or_default())
    }
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

    /// Opens the line after that place in the event log, once the page has woken up.
    pub fn open(self, after: i64, whose: Whose) {
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| tab::Tab::join(self, after, whose));
        #[cfg(not(feature = "hydrate"))]
        let _ = (after, whose);
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

/// Calls `handler` for each message, resets included.
pub fn use_messages(handler: impl Fn(&Message) + Send + Sync + 'static) {
    if let Some(live) = use_context::<Live>() {
        live.subscribe(handler);
    }
}
