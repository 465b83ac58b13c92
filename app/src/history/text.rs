//! Words of the history. Those of one entry are the queue's.

use crate::i18n::{Locale, Plural, locale};

pub struct Text {
    pub title: &'static str,
    pub all: &'static str,
    pub state: &'static str,
    pub from: &'static str,
    pub until: &'static str,
    pub show: &'static str,
    pub every_day: &'static str,
    pub recipient: &'static str,
    pub message: &'static str,
    pub queue_id: &'static str,
    pub reference: &'static str,
    pub session: &'static str,
    pub left: &'static str,
    pub pages: &'static str,
    pub shown: Plural,
    pub empty: &'static str,
    pub empty_why: &'static str,
    pub empty_here: &'static str,
    pub empty_here_why: &'static str,
    pub bad_days: &'static str,
    pub to_queue: &'static str,
    pub show_all: &'static str,
    pub export: &'static str,
}

pub const EN: Text = Text {
    title: "History",
    all: "All",
    state: "State",
    from: "From",
    until: "Until",
    show: "Show",
    every_day: "Every day",
    recipient: "Recipient",
    message: "Message",
    queue_id: "Queue id",
    reference: "Reference",
    session: "Session",
    left: "Left",
    pages: "Pages of the history",
    shown: Plural {
        one: "{n} message",
        other: "{n} messages",
    },
    empty: "Nothing has left yet",
    empty_why: "Messages come here when they are sent, have failed or were cancelled.",
    empty_here: "Nothing fits this filter",
    empty_here_why: "No message of these days and this state has left.",
    bad_days: "These days do not fit together",
    to_queue: "See the queue",
    show_all: "Show everything",
    export: "Export CSV",
};

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}
