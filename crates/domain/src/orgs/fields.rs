//! Checks of what people type, shared by the rooms about people and organizations.

use crate::{Result, time};
use types::{AppError, FieldError};

/// Gathers every bad field, so that a form shows all of them at once.
#[derive(Default)]
pub struct BadFields(Vec<FieldError>);

impl BadFields {
    /// The value, or its default while the field is noted as bad; see [`Self::done`].
    pub fn take<T: Default>(&mut self, checked: Result<T, FieldError>) -> T {
        checked.unwrap_or_else(|bad| {
            self.0.push(bad);
            T::default()
        })
    }

    /// Fails when any field was bad. Values taken before must not be used without this.
    pub fn done(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(AppError::Invalid { fields: self.0 }.into())
        }
    }
}

pub fn bad(field: &str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.into(),
        code: "VALIDATION_ERROR".into(),
        message: message.into(),
    }
}

/// Without what no name may hold (PostgreSQL refuses U+0000, terminals obey the others) and
/// without spaces around.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A name of 1 to 80 characters.
pub fn name(field: &str, text: &str) -> Result<String, FieldError> {
    let name = clean(text);
    match name.chars().count() {
        0 => Err(bad(field, "Write a name of 1 to 80 characters")),
        1..=80 => Ok(name),
        long => Err(bad(
            field,
            format!("This name has {long} characters; shorten it to 80"),
        )),
    }
}

/// A time zone in the spelling of the IANA database.
pub fn time_zone(field: &str, text: &str) -> Result<String, FieldError> {
    time::find(&clean(text))
        .and_then(|zone| zone.iana_name().map(str::to_owned))
        .filter(|name| name != "Etc/Unknown")
        .ok_or_else(|| {
            bad(
                field,
                "Choose a time zone by its IANA name, for example Asia/Jakarta or UTC",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(name("name", "  Kopi\0 Lestari\n").as_deref(), Ok("Kopi Lestari"));
        assert_eq!(name("name", &"é".repeat(80)).map(|n| n.chars().count()), Ok(80));
        for text in ["", " \0 ", &"é".repeat(81)] {
            assert_eq!(name("name", text).unwrap_err().field, "name");
        }
    }

    #[test]
    fn time_zones() {
        assert_eq!(
            time_zone("time_zone", "asia/jakarta").as_deref(),
            Ok("Asia/Jakarta")
        );
        assert_eq!(time_zone("time_zone", "UTC").as_deref(), Ok("UTC"));
        for text in ["", "Mars/Olympus", "Etc/Unknown", "+07:00"] {
            assert_eq!(
                time_zone("time_zone", text).unwrap_err().field,
                "time_zone",
                "{text:?}"
            );
        }
    }
}
