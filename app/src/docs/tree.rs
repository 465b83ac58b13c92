//! JSON that keeps the order in which it was written, so that a form, its sample and the
//! description it comes from show fields in one order.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use std::fmt::{self, Write as _};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    Null,
    Flag(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// What lies under several names, one inside the other.
    pub fn at(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |tree, name| tree.get(name))
    }

    pub fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text under that name; empty where there is none.
    pub fn word(&self, name: &str) -> String {
        self.get(name).and_then(Self::text).unwrap_or_default().to_owned()
    }

    /// Puts a value under names that dots divide, making the objects on the way.
    pub fn put(&mut self, path: &str, value: Self) {
        let Self::Object(entries) = self else { return };
        let (name, rest) = path
            .split_once('.')
            .map_or((path, None), |(name, rest)| (name, Some(rest)));
        let index = entries
            .iter()
            .position(|(key, _)| key == name)
            .unwrap_or_else(|| {
                entries.push((name.to_owned(), Self::Object(Vec::new())));
                entries.len() - 1
            });
        match rest {
            Some(rest) => entries[index].1.put(rest, value),
            None => entries[index].1 = value,
        }
    }

    /// JSON, indented by two spaces.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Self::Number(number) => out.push_str(number),
            Self::Text(text) => out.push_str(&quote(text)),
            Self::List(items) => {
                let items = items.iter().map(|item| (String::new(), item));
                write_all(out, depth, ('[', ']'), items);
            }
            Self::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(name, value)| (format!("{}: ", quote(name)), value));
                write_all(out, depth, ('{', '}'), entries);
            }
        }
    }
}

fn write_all<'a>(
    out: &mut String,
    depth: usize,
    brackets: (char, char),
    items: impl ExactSizeIterator<Item = (String, &'a Tree)>,
) {
    let count = items.len();
    out.push(brackets.0);
    for (index, (name, item)) in items.enumerate() {
        out.push('\n');
        out.push_str(&"  ".repeat(depth + 1));
        out.push_str(&name);
        item.write(out, depth + 1);
        if index + 1 < count {
            out.push(',');
        }
    }
    if count > 0 {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(brackets.1);
}

/// A JSON string.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if unseen(c) => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What no source should hold as it is: control characters, and what reads as the end of a line or
/// turns the direction of the text that follows.
pub fn unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = object.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Object(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_survives() {
        let text =
            "{\n  \"z\": 1,\n  \"a\": [\n    true,\n    null,\n    {}\n  ],\n  \"m\": \"\\\"\\n\\u0001é\"\n}";
        assert_eq!(Tree::read(text).unwrap().pretty(), text);
    }

    #[test]
    fn dots_make_objects() {
        let mut tree = Tree::Object(Vec::new());
        tree.put("media.url", Tree::Text("u".into()));
        tree.put("number", Tree::Text("n".into()));
        tree.put("media.kind", Tree::Text("k".into()));
        let expect = "{\"media\":{\"url\":\"u\",\"kind\":\"k\"},\"number\":\"n\"}";
        assert_eq!(Some(tree), Tree::read(expect));
    }
}
