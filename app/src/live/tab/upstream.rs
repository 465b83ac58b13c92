//! A tab's own stream, and whose pages its browser gets when that opens.

use super::{Tab, begin_anew};
use crate::{
    frame::frame,
    live::{
        LiveState, Message, Whose,
        channel::Word,
        stream::{Heard, Stream},
    },
};
use leptos::prelude::*;
use std::{rc::Rc, time::Duration};
use types::AppError;

/// How long to wait before something that the server refused or could not do is tried again.
const AGAIN: Duration = Duration::from_secs(3);
/// From this age on, in milliseconds, a page may be somebody else's before its first stream opens.
const OLD: f64 = 10_000.0;

impl Tab {
    pub(super) fn connect(self: &Rc<Self>) {
        self.refused.set(false);
        let seen = self.place.borrow().seen();
        self.stream.replace(Stream::open(seen, self.hearing(Self::heard)));
    }

    fn stands(&self, state: LiveState) {
        self.show(state);
        if self.leads.get() {
            self.say_how_it_stands();
        }
    }

    /// What the stream says.
    fn heard(self: &Rc<Self>, heard: Heard) {
        match heard {
            Heard::Opened => {
                self.stands(LiveState::Live);
                if self.stale.replace(true) || page_is_old() {
                    self.ask_whose();
                }
            }
            Heard::Broken => self.stands(LiveState::Reconnecting),
            Heard::Refused => {
                self.refused.set(true);
                self.stands(LiveState::Reconnecting);
                self.later(Self::ask_whose);
            }
            Heard::Event(place, json) => {
                let Some(event) = self.read(&json) else {
                    return;
                };
                let before = self.place.borrow_mut().heard(place, &json);
                if let Some(before) = before {
                    if self.leads.get() {
                        self.tell(&Word::Event { before, json });
                    }
                    self.live.publish(&Message::Event(event));
                }
            }
            Heard::Reset(place) => {
                self.reset(place);
                if self.leads.get() {
                    self.tell(&Word::Reset(place));
                }
            }
        }
    }

    /// Asks whose pages this browser gets now, until there is an answer, and begins anew when they
    /// are no longer those that its tabs show: the login has ended, or went over to another
    /// organization.
    fn ask_whose(self: &Rc<Self>) {
        if !self.asking.replace(true) {
            self.ask_until_answered();
        }
    }

    fn ask_until_answered(self: &Rc<Self>) {
        if self.stream.borrow().is_none() {
            self.asking.set(false);
            return;
        }
        let this = Rc::downgrade(self);
        leptos::task::spawn_local(async move {
            let answer = frame().await;
            let Some(tab) = this.upgrade() else {
                return;
            };
            if tab.stream.borrow().is_none() {
                // It has left, or follows again.
                tab.asking.set(false);
                return;
            }
            match answer {
                Ok(data) if Whose::of(&data.viewer) == tab.whose => tab.asking.set(false),
                Ok(_) | Err(AppError::Unauthenticated) => {
                    tab.tell(&Word::Over);
                    begin_anew();
                    return;
                }
                Err(_) => tab.later(Self::ask_until_answered),
            }
            if tab.refused.get() {
                tab.connect();
            }
        });
    }

    fn later(self: &Rc<Self>, then: fn(&Rc<Self>)) {
        let this = Rc::downgrade(self);
        let then = move || {
            if let Some(tab) = this.upgrade() {
                then(&tab);
            }
        };
        set_timeout(then, AGAIN);
    }
}

fn page_is_old() -> bool {
    window()
        .performance()
        .is_some_and(|performance| performance.now() > OLD)
}
