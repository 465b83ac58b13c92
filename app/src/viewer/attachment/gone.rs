//! Why an attachment is not shown as what it is, remembered.

use super::src_of;
use crate::{
    browser,
    live::{Live, LiveState, Message, use_messages},
};
use leptos::prelude::*;
use std::collections::BTreeMap;
use types::MediaId;

/// Why an attachment is not shown as what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Why is being asked, or nobody could say.
    Unknown,
    /// It is there, in a format that this browser does not know.
    Format,
    Gone,
}

impl Fault {
    /// What an answer with that status says of what could not be shown.
    const fn of(status: u16) -> Option<Self> {
        match status {
            404 | 410 => Some(Self::Gone),
            200..=299 => Some(Self::Format),
            _ => None,
        }
    }
}

/// What could not be shown, because it is gone or for another reason. Kept beside the pages,
/// because a thread is drawn anew with each message, and would ask for it again each time.
#[derive(Clone, Copy)]
pub struct Gone(RwSignal<BTreeMap<MediaId, Fault>>);

impl Gone {
    /// Remembers it until the line to the server was broken: the fault may have been the line's.
    pub fn provide() {
        let gone = Self(RwSignal::default());
        provide_context(gone);
        use_messages(move |message| {
            if matches!(message, Message::Reset) {
                gone.forget();
            }
        });
        if let Some(live) = use_context::<Live>() {
            let state = live.state();
            Effect::new(move |before: Option<LiveState>| {
                let now = state.get();
                if before == Some(LiveState::Reconnecting) && now == LiveState::Live {
                    gone.forget();
                }
                now
            });
        }
    }

    pub fn fault(self, media: MediaId) -> Memo<Option<Fault>> {
        Memo::new(move |_| self.0.with(|all| all.get(&media).copied()))
    }

    pub fn fails(self, media: MediaId) {
        let known = self.0.try_with_untracked(|all| all.contains_key(&media));
        if known != Some(false) {
            return;
        }
        self.is(media, Fault::Unknown);
        browser::ask_status(&src_of(media), move |status| {
            if let Some(fault) = Fault::of(status) {
                self.is(media, fault);
            }
        });
    }

    fn is(self, media: MediaId, fault: Fault) {
        self.0.try_update(|all| all.insert(media, fault));
    }

    fn forget(self) {
        if self.0.try_with_untracked(BTreeMap::is_empty) == Some(false) {
            self.0.try_update(BTreeMap::clear);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_gone() {
        for (status, expect) in [
            (404, Some(Fault::Gone)),
            (410, Some(Fault::Gone)),
            (200, Some(Fault::Format)),
            (206, Some(Fault::Format)),
            (401, None),
            (429, None),
            (500, None),
            (503, None),
        ] {
            assert_eq!(Fault::of(status), expect, "{status}");
        }
    }
}
