//! Values as a language writes them into its programs.

use crate::docs::tree::Tree;

pub use crate::docs::tree::unseen;

/// How a language writes texts, lists and maps.
pub struct Dialect {
    pub text: fn(&str) -> String,
    /// A map's key with what divides it from its value.
    pub key: fn(&str) -> String,
    pub list: (&'static str, &'static str),
    pub map: (&'static str, &'static str),
    pub empty_map: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub null: &'static str,
    /// Spaces of one step.
    pub step: usize,
}

impl Dialect {
    /// Written from a line that is indented by that many steps.
    pub fn write(&self, tree: &Tree, depth: usize) -> String {
        match tree {
            Tree::Null => self.null.to_owned(),
            Tree::Flag(true) => self.yes.to_owned(),
            Tree::Flag(false) => self.no.to_owned(),
            Tree::Number(number) => number.clone(),
            Tree::Text(text) => (self.text)(text),
            Tree::List(items) => {
                let items = items.iter().map(|item| self.write(item, depth + 1)).collect();
                self.lines(self.list, items, depth)
            }
            Tree::Object(entries) if entries.is_empty() => self.empty_map.to_owned(),
            Tree::Object(entries) => {
                let items = entries
                    .iter()
                    .map(|(name, value)| format!("{}{}", (self.key)(name), self.write(value, depth + 1)))
                    .collect();
                self.lines(self.map, items, depth)
            }
        }
    }

    fn lines(&self, brackets: (&str, &str), items: Vec<String>, depth: usize) -> String {
        if items.is_empty() {
            return format!("{}{}", brackets.0, brackets.1);
        }
        let inner = " ".repeat(self.step * (depth + 1));
        let outer = " ".repeat(self.step * depth);
        let items: Vec<String> = items.iter().map(|item| format!("{inner}{item},\n")).collect();
        let items = items.concat();
        format!("{}\n{items}{outer}{}", brackets.0, brackets.1)
    }
}

/// A text between quotes. `special` says how a character is written that may not stand as it is;
/// backslash and line ends are the same in every language with backslashes.
pub fn escaped(text: &str, quotes: char, special: impl Fn(char) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quotes);
    for c in text.chars() {
        if let Some(written) = special(c) {
            out.push_str(&written);
            continue;
        }
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quotes => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quotes);
    out
}
