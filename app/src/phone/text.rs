//! Words of this room.

use crate::i18n::{Locale, locale};

pub struct Text {
    pub title: &'static str,
}

pub const EN: Text = Text {
    title: "Sandbox phone",
};

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}
