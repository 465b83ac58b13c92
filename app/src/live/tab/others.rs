//! What a tab makes of the words of others.

use super::{Tab, begin_anew};
use crate::live::{LiveState, Message, channel::Word, place::Told};
use std::rc::Rc;

impl Tab {
    /// What another tab says.
    pub(super) fn told(self: &Rc<Self>, word: Word) {
        match word {
            Word::Over => begin_anew(),
            Word::Join(after) => {
                if self.leads.get() {
                    self.answer(after);
                }
            }
            // Said by the one that led before; this tab's stream brings it too.
            _ if self.leads.get() => {}
            Word::Stands { start, live } => {
                self.follow();
                let too_late = self.place.borrow_mut().stands(start);
                if too_late {
                    self.live.publish(&Message::Reset);
                }
                self.show(if live {
                    LiveState::Live
                } else {
                    LiveState::Reconnecting
                });
            }
            Word::Event { before, json } => {
                self.follow();
                if let Some(event) = self.read(&json) {
                    let told = self.place.borrow_mut().told(before, event.seq);
                    match told {
                        Told::New => self.live.publish(&Message::Event(event)),
                        Told::Missing(after) => self.tell(&Word::Join(after)),
                        Told::Nothing => {}
                    }
                }
            }
            Word::Reset(place) => {
                self.follow();
                self.reset(place);
            }
        }
    }

    /// The leading tab was heard.
    fn follow(&self) {
        self.stale.set(true);
        self.patience.borrow_mut().heard();
        self.stream.replace(None);
        self.refused.set(false);
    }

    fn answer(&self, after: i64) {
        self.say_how_it_stands();
        let missed = self.place.borrow().missed(after);
        for (before, json) in missed {
            self.tell(&Word::Event { before, json });
        }
    }
}
