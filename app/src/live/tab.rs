//! One stream for all tabs of a browser: HTTP/1.1 allows six connections, and each stream is one.
//!
//! The tab that holds a lock leads: it has the stream, and tells the others through a channel what
//! it hears. When it closes, the browser gives the lock to the next, which goes on from the last
//! event it was told of. Tabs of another person or organization have a lock and a channel of
//! their own. Where the browser lacks one of the two, every tab leads itself.

use super::{
    Live, LiveState, Message, Whose,
    channel::{Channel, Word},
    lock::Lock,
    stream::{Heard, Stream},
};
use crate::{browser, frame::frame};
use leptos::prelude::*;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
    time::Duration,
};
use types::{AppError, events::Event};

/// How long to wait before a stream that the server refused is tried again.
const REOPEN: Duration = Duration::from_secs(3);
/// Events kept for tabs that are just being opened. Whoever needs older ones reads anew.
const KEPT: usize = 256;

/// This tab on the line.
pub struct Tab {
    live: Live,
    whose: Whose,
    /// The last event that this tab knows.
    seen: Cell<i64>,
    /// Another tab has led, so time has passed since this page was drawn.
    followed: Cell<bool>,
    channel: RefCell<Option<Channel>>,
    lock: RefCell<Option<Lock>>,
    lead: RefCell<Option<Lead>>,
}

/// What only the leading tab has.
struct Lead {
    stream: Option<Stream>,
    /// Whether a stream was open before; then the login may have changed meanwhile.
    opened: bool,
    state: LiveState,
    /// Everything after this place is in `past`.
    start: i64,
    past: VecDeque<(i64, String)>,
}

impl Tab {
    /// Joins the line and stays on it until the caller's owner goes.
    pub fn join(live: Live, after: i64, whose: Whose) {
        let tab = Rc::new(Self {
            live,
            whose,
            seen: Cell::new(after),
            followed: Cell::new(false),
            channel: RefCell::default(),
            lock: RefCell::default(),
            lead: RefCell::default(),
        });
        tab.arrive();
        let kept = StoredValue::new_local(Some(Rc::clone(&tab)));
        // A page that a browser keeps for the way back must not keep the others waiting.
        let hidden = window_event_listener(leptos::ev::pagehide, move |_| {
            kept.with_value(|tab| tab.iter().for_each(|tab| tab.leave()));
        });
        let shown = window_event_listener(leptos::ev::pageshow, move |event| {
            if event.persisted() {
                kept.with_value(|tab| tab.iter().for_each(Self::arrive));
            }
        });
        on_cleanup(move || {
            hidden.remove();
            shown.remove();
            tab_leaves(kept);
        });
    }

    fn arrive(self: &Rc<Self>) {
        let name = self.whose.name();
        let channel = Channel::open(&name, self.hearing(Self::told));
        let shared = channel.is_some();
        self.channel.replace(channel);
        self.tell(&Word::Join(self.seen.get()));
        let this = Rc::downgrade(self);
        let lead = move || {
            if let Some(tab) = this.upgrade() {
                tab.take_the_lead();
            }
        };
        let lock = if shared { Lock::ask(&name, lead) } else { None };
        if lock.is_none() {
            self.take_the_lead();
        }
        self.lock.replace(lock);
    }

    fn leave(&self) {
        self.lead.replace(None);
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

    /// What another tab says.
    fn told(self: &Rc<Self>, word: Word) {
        let leading = self.lead.borrow().is_some();
        match word {
            Word::Join(after) if leading => {
                self.say_how_it_stands();
                let missed = self
                    .lead
                    .borrow()
                    .iter()
                    .flat_map(|lead| &lead.past)
                    .filter(|(place, _)| *place > after)
                    .map(|(_, json)| json.clone())
                    .collect::<Vec<_>>();
                for json in missed {
                    self.tell(&Word::Event(json));
                }
            }
            Word::Stands { start, live } if !leading => {
                self.followed.set(true);
                if self.seen.get() < start {
                    self.reset(start);
                }
                let state = if live {
                    LiveState::Live
                } else {
                    LiveState::Reconnecting
                };
                self.live.state.try_set(state);
            }
            Word::Event(json) => self.happened(&json),
            Word::Reset(place) => self.reset(place),
            Word::Over => begin_anew(),
            Word::Join(_) | Word::Stands { .. } => {}
        }
    }

    fn happened(&self, json: &str) {
        let Ok(event) = serde_json::from_str::<Event>(json) else {
            return;
        };
        // Told twice after a change of the lead; of another organization after this login has
        // gone over to it, until the stream's end is noticed.
        if event.seq > self.seen.get() && self.whose.organization == Some(event.organization) {
            self.seen.set(event.seq);
            self.live.publish(&Message::Event(event));
        }
    }

    fn reset(&self, place: i64) {
        self.seen.set(place);
        self.live.publish(&Message::Reset);
    }

    fn take_the_lead(self: &Rc<Self>) {
        self.lead.replace(Some(Lead {
            stream: None,
            opened: self.followed.get(),
            state: LiveState::Reconnecting,
            start: self.seen.get(),
            past: VecDeque::new(),
        }));
        self.connect();
        self.say_how_it_stands();
    }

    fn connect(self: &Rc<Self>) {
        let stream = Stream::open(self.seen.get(), self.hearing(Self::heard));
        if let Some(lead) = self.lead.borrow_mut().as_mut() {
            lead.stream = stream;
        }
    }

    fn say_how_it_stands(&self) {
        if let Some(lead) = self.lead.borrow().as_ref() {
            self.tell(&Word::Stands {
                start: lead.start,
                live: lead.state == LiveState::Live,
            });
        }
    }

    fn stands(&self, state: LiveState) {
        if let Some(lead) = self.lead.borrow_mut().as_mut() {
            lead.state = state;
        }
        self.live.state.try_set(state);
        self.say_how_it_stands();
    }

    /// What the stream says.
    fn heard(self: &Rc<Self>, heard: Heard) {
        match heard {
            Heard::Opened => {
                let again = self
                    .lead
                    .borrow_mut()
                    .as_mut()
                    .is_some_and(|lead| std::mem::replace(&mut lead.opened, true));
                self.stands(LiveState::Live);
                if again {
                    self.ask_whose(false);
                }
            }
            Heard::Broken => self.stands(LiveState::Reconnecting),
            Heard::Refused => {
                self.stands(LiveState::Reconnecting);
                let this = Rc::downgrade(self);
                set_timeout(
                    move || {
                        if let Some(tab) = this.upgrade() {
                            tab.ask_whose(true);
                        }
                    },
                    REOPEN,
                );
            }
            Heard::Event(place, json) => {
                if let Some(lead) = self.lead.borrow_mut().as_mut() {
                    lead.past.push_back((place, json.clone()));
                    if lead.past.len() > KEPT
                        && let Some((forgotten, _)) = lead.past.pop_front()
                    {
                        lead.start = forgotten;
                    }
                }
                self.happened(&json);
                self.tell(&Word::Event(json));
            }
            Heard::Reset(place) => {
                if let Some(lead) = self.lead.borrow_mut().as_mut() {
                    lead.past.clear();
                    lead.start = place;
                }
                self.reset(place);
                self.tell(&Word::Reset(place));
            }
        }
    }

    /// Asks whose pages this browser gets now, and begins anew when they are no longer those that
    /// its tabs show: the login has ended, or went over to another organization.
    fn ask_whose(self: &Rc<Self>, reopen: bool) {
        let this = Rc::downgrade(self);
        leptos::task::spawn_local(async move {
            let answer = frame().await;
            let Some(tab) = this.upgrade().filter(|tab| tab.lead.borrow().is_some()) else {
                return;
            };
            match answer {
                Ok(data) if Whose::of(&data.viewer) != tab.whose => tab.over(),
                Err(AppError::Unauthenticated) => tab.over(),
                _ if reopen => tab.connect(),
                _ => {}
            }
        });
    }

    fn over(&self) {
        self.tell(&Word::Over);
        begin_anew();
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
