//! One stream for all tabs of a browser: HTTP/1.1 allows six connections, and each stream is one.
//!
//! The tab that holds a lock leads: it has the stream, and tells the others through a channel what
//! it hears. When it closes, the browser gives the lock to the next, which goes on from the last
//! event it was told of. A tab that hears nothing from the leading one has a stream of its own
//! until it does. Tabs of another person or organization have a lock and a channel of their own.
//! Where the browser lacks one of the two, every tab leads itself and tells nobody.

mod others;
mod upstream;

use super::{
    Live, LiveState, Message, Whose,
    channel::{Channel, Word},
    lock::Lock,
    patience::{LOOK, Next, Patience},
    place::Place,
    stream::Stream,
};
use crate::browser;
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use types::events::Event;

/// This tab on the line.
pub struct Tab {
    live: Live,
    whose: Whose,
    place: RefCell<Place>,
    patience: RefCell<Patience>,
    leads: Cell<bool>,
    channel: RefCell<Option<Channel>>,
    lock: RefCell<Option<Lock>>,
    /// The leading tab has one, and a tab that hears nothing from it.
    stream: RefCell<Option<Stream>>,
    /// The server refused the stream; it is opened again once the server has said whose it is.
    refused: Cell<bool>,
    /// Time has passed since this page was drawn: the login may have changed before a stream opens.
    stale: Cell<bool>,
    /// Whose pages this browser gets is being asked.
    asking: Cell<bool>,
}

impl Tab {
    /// Joins the line and stays on it until the caller's owner goes.
    pub fn join(live: Live, after: i64, whose: Whose) {
        let tab = Rc::new(Self {
            live,
            whose,
            place: RefCell::new(Place::at(after)),
            patience: RefCell::default(),
            leads: Cell::new(false),
            channel: RefCell::default(),
            lock: RefCell::default(),
            stream: RefCell::default(),
            refused: Cell::new(false),
            stale: Cell::new(false),
            asking: Cell::new(false),
        });
        tab.arrive();
        let look = {
            let this = Rc::downgrade(&tab);
            move || {
                if let Some(tab) = this.upgrade() {
                    tab.look();
                }
            }
        };
        let looks = set_interval_with_handle(look, LOOK);
        let kept = StoredValue::new_local(Some(tab));
        // A page that a browser keeps for the way back must not keep the others waiting.
        let hidden = window_event_listener(leptos::ev::pagehide, move |_| {
            kept.with_value(|tab| tab.iter().for_each(|tab| tab.leave()));
        });
        let shown = window_event_listener(leptos::ev::pageshow, move |event| {
            if event.persisted() {
                kept.with_value(|tab| {
                    if let Some(tab) = tab {
                        tab.stale.set(true);
                        tab.arrive();
                    }
                });
            }
        });
        on_cleanup(move || {
            hidden.remove();
            shown.remove();
            if let Ok(looks) = looks {
                looks.clear();
            }
            tab_leaves(kept);
        });
    }

    fn arrive(self: &Rc<Self>) {
        let name = self.whose.name();
        self.channel
            .replace(Channel::open(&name, self.hearing(Self::told)));
        self.ask();
        let this = Rc::downgrade(self);
        let lead = move || {
            if let Some(tab) = this.upgrade() {
                tab.take_the_lead();
            }
        };
        let shared = self.channel.borrow().is_some();
        let lock = if shared { Lock::ask(&name, lead) } else { None };
        if lock.is_none() {
            // Every tab leads then, and would tell the others what they hear themselves.
            self.channel.replace(None);
            self.take_the_lead();
        }
        self.lock.replace(lock);
    }

    fn leave(&self) {
        self.leads.set(false);
        self.refused.set(false);
        self.asking.set(false);
        self.place.borrow_mut().follow();
        self.stream.replace(None);
        self.channel.replace(None);
        self.lock.replace(None);
    }

    /// A callback that does not keep the tab alive.
    fn hearing<T: 'static>(self: &Rc<Self>, hear: fn(&Rc<Self>, T)) -> Rc<dyn Fn(T)> {
        let this: Weak<Self> = Rc::downgrade(self);
        Rc::new(move |what| {
            if let Some(tab) = this.upgrade() {
                hear(&tab, what);
            }
        })
    }

    fn tell(&self, word: &Word) {
        if let Some(channel) = self.channel.borrow().as_ref() {
            channel.say(word);
        }
    }

    /// Asks the leading tab how it stands and what came after what this tab knows.
    fn ask(&self) {
        let seen = self.place.borrow().seen();
        self.tell(&Word::Join(seen));
    }

    /// An event as it came, unless it is of another organization: this login may have gone over to
    /// it, until the stream's end is noticed.
    fn read(&self, json: &str) -> Option<Event> {
        serde_json::from_str(json)
            .ok()
            .filter(|event: &Event| self.whose.organization == Some(event.organization))
    }

    fn reset(&self, place: i64) {
        self.place.borrow_mut().reset(place);
        self.live.publish(&Message::Reset);
    }

    fn take_the_lead(self: &Rc<Self>) {
        self.leads.set(true);
        self.place.borrow_mut().lead();
        // A page that was never live has nothing to say of a line that broke.
        if self.live.state.try_get_untracked() == Some(LiveState::Live) {
            self.show(LiveState::Reconnecting);
        }
        self.say_how_it_stands();
        self.connect();
    }

    fn say_how_it_stands(&self) {
        self.tell(&Word::Stands {
            start: self.place.borrow().start(),
            live: self.live.state.try_get_untracked() == Some(LiveState::Live),
        });
    }

    fn show(&self, state: LiveState) {
        if self.live.state.try_get_untracked() != Some(state) {
            self.live.state.try_set(state);
        }
    }

    /// Now and then: says that it leads, or looks whether the leading tab is still awake. A hidden
    /// page may wait.
    fn look(self: &Rc<Self>) {
        if self.leads.get() {
            self.say_how_it_stands();
            return;
        }
        if document().hidden() {
            return;
        }
        let next = self.patience.borrow_mut().look();
        match next {
            Next::Wait => {}
            Next::Ask => self.ask(),
            Next::GoAlone => {
                self.ask();
                let alone = self.stream.borrow().is_some();
                if !alone {
                    self.connect();
                }
            }
        }
    }
}

/// Ends what the tab holds; callbacks that are still to come then find nothing.
fn tab_leaves(kept: StoredValue<Option<Rc<Tab>>, LocalStorage>) {
    if let Some(tab) = kept.try_update_value(Option::take).flatten() {
        tab.leave();
    }
}

/// Loads the page anew; without a login it leads through the door and back.
fn begin_anew() {
    let location = window().location();
    browser::load(&format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    ));
}
