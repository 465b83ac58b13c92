//! Types as people say them; the server says them when it reads the description.

use crate::i18n::{Locale, locale};

pub struct Text {
    pub plain: &'static str,
    pub number: &'static str,
    pub flag: &'static str,
    pub moment: &'static str,
    pub object: &'static str,
    pub any: &'static str,
    pub list: &'static str,
    pub or_null: &'static str,
    pub one_of: &'static str,
}

pub const EN: Text = Text {
    plain: "text",
    number: "whole number",
    flag: "true or false",
    moment: "moment",
    object: "object",
    any: "any value",
    list: "list of {what}",
    or_null: "{what} or null",
    one_of: "One of {words}.",
};

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}
