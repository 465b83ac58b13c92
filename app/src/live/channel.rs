//! What the tabs of one browser say to each other.

use std::{fmt, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// A word from tab to tab; everybody but the speaker hears it.
pub enum Word {
    /// A tab is there and knows everything up to that place.
    Join(i64),
    /// How the leading tab stands. It can tell what came after `start`.
    Stands {
        start: i64,
        live: bool,
    },
    /// An event as it came, and the place of the one before it: a tab that has not heard of that
    /// one has missed something.
    Event {
        before: i64,
        json: String,
    },
    Reset(i64),
    /// These pages are nobody's any more.
    Over,
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Join(after) => write!(f, "j{after}"),
            Self::Stands { start, live: true } => write!(f, "l{start}"),
            Self::Stands { start, live: false } => write!(f, "b{start}"),
            Self::Event { before, json } => write!(f, "e{before} {json}"),
            Self::Reset(place) => write!(f, "r{place}"),
            Self::Over => f.write_str("o"),
        }
    }
}

impl Word {
    fn read(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_at_checked(1)?;
        let place = || rest.parse().ok();
        Some(match kind {
            "j" => Self::Join(place()?),
            "l" | "b" => Self::Stands {
                start: place()?,
                live: kind == "l",
            },
            "e" => {
                let (before, json) = rest.split_once(' ')?;
                Self::Event {
                    before: before.parse().ok()?,
                    json: json.into(),
                }
            }
            "r" => Self::Reset(place()?),
            "o" => Self::Over,
            _ => return None,
        })
    }
}

pub struct Channel {
    channel: BroadcastChannel,
    _hear: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// `None` where the browser has no such thing.
    pub fn open(name: &str, hear: Rc<dyn Fn(Word)>) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let hear = Closure::new(move |message: MessageEvent| {
            if let Some(word) = message.data().as_string().and_then(|text| Word::read(&text)) {
                hear(word);
            }
        });
        channel.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        Some(Self { channel, _hear: hear })
    }

    pub fn say(&self, word: &Word) {
        let _ = self.channel.post_message(&word.to_string().into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
