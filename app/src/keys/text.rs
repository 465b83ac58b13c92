//! Words of the page of API keys.

use crate::i18n::{Locale, Plural, locale};

pub struct Text {
    pub title: &'static str,
    pub count: Plural,
    pub list: &'static str,
    pub empty: &'static str,
    pub empty_why: &'static str,
    pub name: &'static str,
    pub state: &'static str,
    pub scopes: &'static str,
    pub scope_count: Plural,
    pub all_scopes: &'static str,
    pub one_session: &'static str,
    pub created: &'static str,
    pub expires: &'static str,
    pub last_used: &'static str,
    pub actions: &'static str,
    pub never: &'static str,
    pub not_used: &'static str,
    pub active: &'static str,
    pub expired: &'static str,
    pub revoked: &'static str,
    pub revoke: &'static str,
    pub revoke_of: &'static str,
    pub add: AddText,
    pub fresh: FreshText,
    pub ask: AskText,
}

pub struct AddText {
    pub open: &'static str,
    pub title: &'static str,
    pub name: &'static str,
    pub name_hint: &'static str,
    pub scopes: &'static str,
    pub scopes_hint: &'static str,
    pub days: &'static str,
    pub days_hint: &'static str,
    pub submit: &'static str,
}

pub struct FreshText {
    pub head: &'static str,
    pub once: &'static str,
    pub key: &'static str,
    pub key_hint: &'static str,
    pub try_it: &'static str,
    pub message: &'static str,
    pub done: &'static str,
    pub gone: &'static str,
    pub gone_why: &'static str,
}

pub struct AskText {
    pub head: &'static str,
    pub title: &'static str,
    pub why: &'static str,
    pub used: &'static str,
    pub submit: &'static str,
}

pub const EN: Text = Text {
    title: "API keys",
    count: Plural {
        one: "{n} key",
        other: "{n} keys",
    },
    list: "Table of API keys",
    empty: "No key yet",
    empty_why: "A program shows a key to send messages through here. Make one for each program, so that one can be revoked without the others.",
    name: "Name",
    state: "State",
    scopes: "May do",
    scope_count: Plural {
        one: "{n} thing",
        other: "{n} things",
    },
    all_scopes: "Everything",
    one_session: "one number alone",
    created: "Made",
    expires: "Expires",
    last_used: "Last used",
    actions: "Actions",
    never: "never",
    not_used: "not yet",
    active: "Active",
    expired: "Expired",
    revoked: "Revoked",
    revoke: "Revoke…",
    revoke_of: "Revoke {name}…",
    add: AddText {
        open: "Make a key",
        title: "Make an API key",
        name: "Name",
        name_hint: "The program that will use it, for example “pos-terminal”.",
        scopes: "What the key may do",
        scopes_hint: "It can do at most what you can do.",
        days: "Expires after days",
        days_hint: "1 to 3,650. Left empty, it does not expire.",
        submit: "Make the key",
    },
    fresh: FreshText {
        head: "The key {name} is ready",
        once: "It is shown this once; we keep only a fingerprint of it.",
        key: "API key",
        key_hint: "Put it where your program keeps its secrets.",
        try_it: "Send a first message",
        message: "Hello from my own server",
        done: "I have saved it",
        gone: "The key was shown once.",
        gone_why: "It cannot be shown again. If nobody saved it, revoke it and make another one.",
    },
    ask: AskText {
        head: "Revoke a key",
        title: "Revoke {name}?",
        why: "Programs that use {prefix}… are refused from now on. A revoked key never works again.",
        used: "Last used",
        submit: "Revoke {name}",
    },
};

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}
