//! What can be found, and which of it was asked for.

use super::super::{
    rail::open_places,
    server::NamedSession,
    text::{Text, text},
};
use crate::{
    format,
    i18n::fill,
    routes,
    ui::{Glyph, url},
};
use types::MessageId;

/// Results of one kind stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Queue,
    Pages,
    Sessions,
    Help,
}

impl Group {
    pub fn word(self, t: &Text) -> &'static str {
        match self {
            Self::Queue => t.queue,
            Self::Pages => t.pages,
            Self::Sessions => t.sessions,
            Self::Help => t.help,
        }
    }
}

/// Something to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub group: Group,
    pub glyph: Glyph,
    pub word: String,
    /// Beside the word: its number, or what kind of thing it is.
    pub aside: String,
    /// The one that leads nowhere shows the keyboard shortcuts.
    pub href: Option<String>,
    /// What it is found by, in small letters.
    sought: String,
}

impl Entry {
    fn new(group: Group, glyph: Glyph, word: String, aside: String, href: Option<String>) -> Self {
        let sought = format!("{word} {aside}").to_lowercase();
        Self {
            group,
            glyph,
            word,
            aside,
            href,
            sought,
        }
    }
}

/// The pages that the person may open.
pub fn pages() -> Vec<Entry> {
    let t = text();
    let page = |glyph, word: &str, href: &str| {
        Entry::new(Group::Pages, glyph, word.into(), String::new(), Some(href.into()))
    };
    open_places()
        .map(|place| page(place.glyph, (place.word)(t), place.href))
        .chain([page(Glyph::SETTINGS, t.profile, routes::PROFILE)])
        .collect()
}

pub fn help() -> Entry {
    let t = text();
    Entry::new(
        Group::Help,
        Glyph::HELP,
        t.keyboard.into(),
        t.key_help.into(),
        None,
    )
}

/// Each session, and behind it its phone where the person may hold it.
pub fn sessions(all: &[NamedSession], phones: bool) -> Vec<Entry> {
    let t = text();
    let mut entries = Vec::with_capacity(all.len() * 2);
    for session in all {
        let number = session.number.as_deref().unwrap_or_default();
        let entry = |word: String, aside: String, href: String| {
            let mut entry = Entry::new(Group::Sessions, Glyph::PHONE, word, aside, Some(href));
            // A number is found as it is written here, and by its digits alone.
            entry.sought.push(' ');
            entry.sought.push_str(number);
            entry
        };
        let id = session.id.to_string();
        entries.push(entry(
            session.name.clone(),
            format::phone(number),
            url::href(routes::SESSIONS, &[("id", &id)]),
        ));
        if session.sandbox && phones {
            entries.push(entry(
                fill(t.phone_of, &[("name", &session.name)]),
                t.sandbox_phone.into(),
                routes::phone(session.id),
            ));
        }
    }
    entries
}

/// The queue entry that the text names, by its number or its message's id. Whether there is one
/// tells the page that it leads to.
pub fn queue_entry(typed: &str) -> Option<Entry> {
    let t = text();
    let typed = typed.trim();
    let number = typed.strip_prefix('#').unwrap_or(typed);
    let plain = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    let (id, word) = if plain && number.parse::<i32>().is_ok() {
        (number, fill(t.entry_number, &[("number", number)]))
    } else {
        typed.parse::<MessageId>().ok()?;
        (typed, fill(t.entry_id, &[("id", typed)]))
    };
    let href = url::href(routes::QUEUE, &[("entry", id)]);
    Some(Entry::new(
        Group::Queue,
        Glyph::QUEUE,
        word,
        String::new(),
        Some(href),
    ))
}

/// Those in which every typed word occurs.
pub fn matching(all: impl IntoIterator<Item = Entry>, typed: &str) -> Vec<Entry> {
    let typed = typed.to_lowercase();
    all.into_iter()
        .filter(|entry| typed.split_whitespace().all(|word| entry.sought.contains(word)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::SessionId;

    fn words(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.word.as_str()).collect()
    }

    fn session(name: &str, number: Option<&str>, sandbox: bool) -> NamedSession {
        NamedSession {
            id: SessionId::from_key(&"0".repeat(32)).unwrap(),
            name: name.into(),
            number: number.map(String::from),
            sandbox,
        }
    }

    #[test]
    fn every_word_must_occur_and_case_does_not_matter() {
        let all = sessions(
            &[
                session("Front desk", Some("628110000142"), true),
                session("Back office", None, false),
            ],
            true,
        );
        let found = |typed: &str| words(&matching(all.clone(), typed)).join(", ");
        assert_eq!(found(""), "Front desk, Phone of Front desk, Back office");
        assert_eq!(found("  DESK front "), "Front desk, Phone of Front desk");
        assert_eq!(found("desk phone"), "Phone of Front desk");
        assert_eq!(found("628110000"), "Front desk, Phone of Front desk");
        assert_eq!(found("+62 811"), "Front desk");
        assert_eq!(found("office desk"), "");
    }

    #[test]
    fn phones_are_for_those_who_may_hold_them() {
        let all = sessions(&[session("Front desk", None, true)], false);
        assert_eq!(words(&all), ["Front desk"]);
    }

    #[test]
    fn messages_are_named_by_number_or_id() {
        let leads = |typed: &str| queue_entry(typed).and_then(|entry| entry.href);
        let number = Some("/queue?entry=1042".to_owned());
        assert_eq!(leads(" 1042 "), number);
        assert_eq!(leads("#1042"), number);
        let id = "msg_0192f000000070008000000000000001";
        assert_eq!(leads(id), Some(format!("/queue?entry={id}")));
        for other in ["", "#", "042", "queue", "628110000142", "1042 x", "msg_1"] {
            assert_eq!(leads(other), None, "{other}");
        }
    }
}
