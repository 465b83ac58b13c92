//! The allow-list as callers write it and as it is stored: `*`, or one JID per line.

use crate::orgs::fields::bad;
use std::collections::HashSet;
use types::{FieldError, Recipient};

const FIELD: &str = "allow_list";
const MOST: usize = 10_000;

/// Who may be written to, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowList {
    Everyone,
    /// JIDs.
    These(HashSet<String>),
}

impl AllowList {
    pub fn read(text: &str) -> Self {
        let lines: HashSet<String> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(String::from)
            .collect();
        if lines.contains("*") {
            Self::Everyone
        } else {
            Self::These(lines)
        }
    }

    pub fn allows(&self, jid: &str) -> bool {
        match self {
            Self::Everyone => true,
            Self::These(jids) => jids.contains(jid),
        }
    }
}

/// Numbers that want no messages, as JIDs; an entry may itself hold several lines.
pub fn parse_opt_outs(entries: &[String]) -> Result<Vec<String>, FieldError> {
    const FIELD: &str = "opt_outs";
    let entries: Vec<&str> = entries
        .iter()
        .flat_map(|entry| entry.split(['\n', ',', ';']))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .collect();
    if entries.len() > MOST {
        return Err(bad(
            FIELD,
            format!("The list has {} entries; shorten it to 10000", entries.len()),
        ));
    }
    let mut jids = Vec::with_capacity(entries.len());
    for entry in entries {
        let recipient: Recipient = entry.parse().map_err(|error| {
            bad(
                FIELD,
                format!("{}: {error}", entry.chars().take(40).collect::<String>()),
            )
        })?;
        jids.push(recipient.jid());
    }
    jids.sort();
    jids.dedup();
    Ok(jids)
}

/// The stored text. An entry may itself hold several lines: forms send one text.
pub fn parse(entries: &[String]) -> Result<String, FieldError> {
    let entries: Vec<&str> = entries
        .iter()
        .flat_map(|entry| entry.split(['\n', ',', ';']))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .collect();
    match entries.as_slice() {
        [] => {
            return Err(bad(
                FIELD,
                "The list is empty: write * to allow everyone, or at least one number",
            ));
        }
        ["*"] => return Ok("*".into()),
        many if many.len() > MOST => {
            return Err(bad(
                FIELD,
                format!("The list has {} entries; shorten it to 10000", many.len()),
            ));
        }
        many if many.contains(&"*") => {
            return Err(bad(
                FIELD,
                "* allows everyone: write it alone, or take it out to allow only these",
            ));
        }
        _ => {}
    }
    let mut seen = HashSet::new();
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        let recipient: Recipient = entry.parse().map_err(|error| {
            bad(
                FIELD,
                format!("{}: {error}", entry.chars().take(40).collect::<String>()),
            )
        })?;
        let jid = recipient.jid();
        if seen.insert(jid.clone()) {
            lines.push(jid);
        }
    }
    Ok(lines.join("\n"))
}

/// As people read it: `*`, digits, group JIDs.
pub fn spell(stored: &str) -> Vec<String> {
    stored
        .lines()
        .map(|line| {
            line.parse::<Recipient>()
                .map_or_else(|_| line.to_owned(), |recipient| recipient.number())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entries: &[&str], expect: Result<&str, &str>) {
        let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
        let got = parse(&entries).map_err(|error| error.message);
        match expect {
            Ok(stored) => assert_eq!(got.as_deref(), Ok(stored)),
            Err(words) => assert!(got.as_ref().is_err_and(|m| m.contains(words)), "{got:?}"),
        }
    }

    #[test]
    fn stored_as_jids() {
        check(&[" * "], Ok("*"));
        check(
            &["+62 821-4672-7409", "6282146727409@c.us", "120363xxx@g.us"],
            Ok("6282146727409@s.whatsapp.net\n120363xxx@g.us"),
        );
        check(
            &["923001234567\n\n923001234568"],
            Ok("923001234567@s.whatsapp.net\n923001234568@s.whatsapp.net"),
        );
        assert_eq!(
            spell("6282146727409@s.whatsapp.net\n120363xxx@g.us"),
            ["6282146727409", "120363xxx@g.us"]
        );
        assert_eq!(spell("*"), ["*"]);
    }

    #[test]
    fn refusals() {
        check(&[], Err("write * to allow everyone"));
        check(&["", " \n"], Err("write * to allow everyone"));
        check(&["*", "923001234567"], Err("write it alone"));
        check(
            &["923001234567", "nobody"],
            Err("nobody: Phone number is not valid"),
        );
    }
}
