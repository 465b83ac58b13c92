//! Where a tab is in the event log, and what the leading tab keeps for the others.
//!
//! Tabs open, close and take over at any moment, so what one tells another may come too early,
//! twice or not at all. Everything that decides about it is here and knows no browser.

use std::collections::VecDeque;

/// Events kept for tabs that are just being opened. Whoever needs older ones reads anew.
const KEPT: usize = 256;

pub struct Place {
    /// The last event that this tab knows.
    seen: i64,
    /// The place after which the leading tab was asked again, so that it is asked once.
    asked: Option<i64>,
    /// Only while leading.
    past: Option<Past>,
}

struct Past {
    /// Everything after this place is in `events`.
    start: i64,
    events: VecDeque<(i64, String)>,
}

/// What an event is to a tab that is told of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Told {
    New,
    /// It is known, or others before it are still to come.
    Nothing,
    /// Others came before it that this tab does not know: the leading tab has to be asked for
    /// what is after this place.
    Missing(i64),
}

impl Place {
    pub const fn at(seen: i64) -> Self {
        Self {
            seen,
            asked: None,
            past: None,
        }
    }

    pub const fn seen(&self) -> i64 {
        self.seen
    }

    /// The place after which this tab can tell everything.
    pub fn start(&self) -> i64 {
        self.past.as_ref().map_or(self.seen, |past| past.start)
    }

    pub fn lead(&mut self) {
        self.past = Some(Past {
            start: self.seen,
            events: VecDeque::new(),
        });
    }

    pub fn follow(&mut self) {
        self.past = None;
    }

    /// An event of the tab's own stream, which leaves none out. If it is new, answers the place
    /// of the one before it.
    pub fn heard(&mut self, place: i64, json: &str) -> Option<i64> {
        if place <= self.seen {
            return None;
        }
        if let Some(past) = &mut self.past {
            past.events.push_back((place, json.into()));
            if past.events.len() > KEPT
                && let Some((forgotten, _)) = past.events.pop_front()
            {
                past.start = forgotten;
            }
        }
        Some(std::mem::replace(&mut self.seen, place))
    }

    /// An event of which the leading tab tells, and the place of the one before it.
    pub fn told(&mut self, before: i64, place: i64) -> Told {
        if place <= self.seen {
            return Told::Nothing;
        }
        if before > self.seen {
            let again = self.asked.replace(self.seen) == Some(self.seen);
            return if again {
                Told::Nothing
            } else {
                Told::Missing(self.seen)
            };
        }
        self.seen = place;
        Told::New
    }

    /// The leading tab can tell what came after `start`. Whether that is not enough, so that
    /// everything has to be read again.
    pub fn stands(&mut self, start: i64) -> bool {
        // It has answered, or is another one.
        self.asked = None;
        let too_late = self.seen < start;
        self.seen = self.seen.max(start);
        too_late
    }

    /// Too much was missed; it goes on after that place, which is an earlier one when the server
    /// has another database now.
    pub fn reset(&mut self, place: i64) {
        self.seen = place;
        self.asked = None;
        if self.past.is_some() {
            self.lead();
        }
    }

    /// What somebody who knows everything up to that place has to be told: each event with the
    /// place of the one before it.
    pub fn missed(&self, after: i64) -> Vec<(i64, String)> {
        let mut missed = Vec::new();
        if let Some(past) = &self.past {
            let mut before = past.start;
            for (place, json) in &past.events {
                if *place > after {
                    missed.push((before, json.clone()));
                }
                before = *place;
            }
        }
        missed
    }
}

#[cfg(test)]
mod tests;
