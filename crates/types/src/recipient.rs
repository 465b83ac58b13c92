//! Whom a message is for, in each of the spellings callers use.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// A person's number or a group, as WhatsApp addresses it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// Digits with country code, without `+` or `00`: `^[1-9][0-9]{6,14}$`.
    Number(String),
    /// The part of a group JID before `@g.us`.
    Group(String),
}

/// Why a text is no recipient. The sentences are shown to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientError {
    Missing,
    Number,
    Group,
}

impl fmt::Display for RecipientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "Phone number is required",
            Self::Number => {
                "Phone number is not valid: write 7 to 15 digits that begin with the country code, for example 923001234567"
            }
            Self::Group => "Group id is not valid: write 3 to 64 letters, digits or hyphens before @g.us",
        })
    }
}

impl std::error::Error for RecipientError {}

impl Recipient {
    /// WhatsApp's address: `…@s.whatsapp.net` or `…@g.us`; what is stored.
    pub fn jid(&self) -> String {
        match self {
            Self::Number(digits) => format!("{digits}@s.whatsapp.net"),
            Self::Group(id) => format!("{id}@g.us"),
        }
    }

    /// Seed 004's spelling: `…@c.us` or `…@g.us`.
    pub fn chat_id(&self) -> String {
        match self {
            Self::Number(digits) => format!("{digits}@c.us"),
            Self::Group(id) => format!("{id}@g.us"),
        }
    }

    /// What the seed APIs call `number`: digits, or a group's JID.
    pub fn number(&self) -> String {
        match self {
            Self::Number(digits) => digits.clone(),
            Self::Group(id) => format!("{id}@g.us"),
        }
    }

    pub const fn is_group(&self) -> bool {
        matches!(self, Self::Group(_))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(digits) => write!(f, "+{digits}"),
            Self::Group(id) => write!(f, "{id}@g.us"),
        }
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RecipientError::Missing);
        }
        if let Some(id) = text.strip_suffix("@g.us") {
            let fits =
                (3..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            return if fits {
                Ok(Self::Group(id.into()))
            } else {
                Err(RecipientError::Group)
            };
        }
        let bare = text
            .strip_suffix("@s.whatsapp.net")
            .or_else(|| text.strip_suffix("@c.us"))
            .unwrap_or(text);
        let mut digits: String = bare
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')'))
            .collect();
        if let Some(rest) = digits.strip_prefix('+') {
            digits = rest.into();
        } else if let Some(rest) = digits.strip_prefix("00") {
            digits = rest.into();
        }
        let fits = (7..=15).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && !digits.starts_with('0');
        if fits {
            Ok(Self::Number(digits))
        } else {
            Err(RecipientError::Number)
        }
    }
}

/// Travels as its JID.
impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.jid())
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&str, RecipientError>) {
        assert_eq!(
            text.parse::<Recipient>().map(|r| r.jid()),
            expect.map(String::from),
            "{text:?}"
        );
    }

    #[test]
    fn spellings() {
        for text in [
            "6282146727409",
            "+62 821-4672-7409",
            "0062 (821) 4672.7409",
            "6282146727409@c.us",
            " 6282146727409 ",
        ] {
            check(text, Ok("6282146727409@s.whatsapp.net"));
        }
        check("120363xxx@g.us", Ok("120363xxx@g.us"));
    }

    #[test]
    fn refusals() {
        check("", Err(RecipientError::Missing));
        check("   ", Err(RecipientError::Missing));
        for text in [
            "628xxx",
            "0821467",
            "123456",
            "1234567890123456",
            "+",
            "١٢٣٤٥٦٧٨",
            "++6282146727409",
        ] {
            check(text, Err(RecipientError::Number));
        }
        check("ab@g.us", Err(RecipientError::Group));
        check("a b c@g.us", Err(RecipientError::Group));
    }
}
