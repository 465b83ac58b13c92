//! E-mail addresses: kept as written, compared without case.

use crate::orgs::fields::{bad, clean};
use types::FieldError;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Email {
    pub written: String,
    /// What makes two spellings one address.
    pub key: String,
}

impl Email {
    /// A check for slips of the finger; whether mail arrives only mail can tell.
    pub fn parse(field: &str, text: &str) -> Result<Self, FieldError> {
        let written = clean(text);
        let fits = written.len() <= 254
            && !written
                .contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';' | '\\'))
            && written.split_once('@').is_some_and(|(local, domain)| {
                (1..=64).contains(&local.len())
                    && !domain.contains('@')
                    && domain
                        .split('.')
                        .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
            });
        if fits {
            Ok(Self {
                key: written.to_lowercase(),
                written,
            })
        } else if written.is_empty() {
            Err(bad(field, "Write an e-mail address"))
        } else {
            Err(bad(
                field,
                "This is not an e-mail address; write it like name@example.com",
            ))
        }
    }

    /// What stands before the `@`, for people who gave no name.
    pub fn local(&self) -> &str {
        self.written.split('@').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let email = Email::parse("email", " Ana.Putri+x@Example.COM ").unwrap();
        assert_eq!(
            (email.written.as_str(), email.key.as_str()),
            ("Ana.Putri+x@Example.COM", "ana.putri+x@example.com")
        );
        assert!(Email::parse("email", "root@localhost").is_ok());
        for text in [
            "",
            "ana",
            "@example.com",
            "ana@",
            "ana@@b.c",
            "a na@b.c",
            "ana@b..c",
            "ana@.b",
            "Ana <ana@b.c>",
        ] {
            assert_eq!(
                Email::parse("email", text).unwrap_err().field,
                "email",
                "{text:?}"
            );
        }
        assert!(Email::parse("email", &format!("{}@b.c", "a".repeat(65))).is_err());
    }
}
