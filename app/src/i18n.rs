//! The one translation layer: every word that a page shows comes out of a room's `text.rs`.
//!
//! A language is a `const` struct of strings per room, so a missing word does not compile and
//! a page pays for the words it uses (`docs/adr/0003-translation-layer.md`).

use leptos::prelude::*;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    #[default]
    En,
}

impl Locale {
    /// For the `lang` attribute.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
        }
    }
}

/// The language of the page that is being drawn.
pub fn locale() -> Locale {
    use_context().unwrap_or_default()
}

/// Puts values into a sentence: `fill("{n} of {all}", &[("n", "3"), ("all", "9")])`.
///
/// A name that is not given stays as it is written, which tests and eyes both notice; braces
/// around anything but a name (as in JSON) are just braces.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let end = after
            .find(|c: char| !c.is_ascii_lowercase() && c != '_')
            .unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        let value = values.iter().find(|(key, _)| *key == name);
        if let (Some((_, value)), Some(tail)) = (value, tail.strip_prefix('}')) {
            out.push_str(value);
            rest = tail;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// A sentence about a number, in the forms that a language needs. English has two.
#[derive(Clone, Copy, Debug)]
pub struct Plural {
    pub one: &'static str,
    pub other: &'static str,
}

/// Fills `{n}` with the number, in the form that goes with it.
pub fn plural(n: i64, forms: Plural) -> String {
    let template = match locale() {
        Locale::En if n == 1 => forms.one,
        Locale::En => forms.other,
    };
    fill(template, &[("n", &crate::format::number(n))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_where_their_names_are() {
        assert_eq!(fill("{n} of {all}", &[("n", "3"), ("all", "9")]), "3 of 9");
        assert_eq!(fill("no names", &[("n", "3")]), "no names");
        assert_eq!(fill("{who} and {", &[("n", "3")]), "{who} and {");
        assert_eq!(fill("{n}{n}", &[("n", "é")]), "éé");
        assert_eq!(
            fill(r#"{"to": 1, "text": "{text}"}"#, &[("text", "hi")]),
            r#"{"to": 1, "text": "hi"}"#
        );
    }

    #[test]
    fn one_is_not_many() {
        let forms = Plural {
            one: "{n} message",
            other: "{n} messages",
        };
        assert_eq!(plural(1, forms), "1 message");
        assert_eq!(plural(0, forms), "0 messages");
        assert_eq!(plural(1_284, forms), "1,284 messages");
    }
}
