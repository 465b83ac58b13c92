//! Words that only the server says: what was changed, and why something was not.

use crate::i18n::{Locale, Plural, locale};

pub struct Said {
    pub inherits: &'static str,
    pub entries: Plural,
    pub everyone: &'static str,
    pub nothing: &'static str,
    pub crossed: &'static str,
    pub zone: &'static str,
}

const EN: Said = Said {
    inherits: "inherits",
    entries: Plural {
        one: "{n} entry",
        other: "{n} entries",
    },
    everyone: "everyone",
    nothing: "none",
    crossed: "The least delay must not be greater than the greatest. Change one of the two.",
    zone: "Days now begin at midnight in {zone}, where it is {clock} on {date}. Limits of a day count what was sent on that date, and windows open by that clock.",
};

pub fn said() -> &'static Said {
    match locale() {
        Locale::En => &EN,
    }
}
