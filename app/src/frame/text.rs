//! Words of the frame.

use crate::i18n::{Locale, locale};

pub struct Text {
    pub main: &'static str,
    pub shortcuts: &'static str,
    pub dashboard: &'static str,
    pub home: &'static str,
    pub viewer: &'static str,
    pub sessions: &'static str,
    pub queue: &'static str,
    pub history: &'static str,
    pub keys: &'static str,
    pub more: &'static str,
    pub switch_organization: &'static str,
    pub your_organizations: &'static str,
    pub no_organization: &'static str,
    pub profile_of: &'static str,
    pub profile: &'static str,
    pub log_out: &'static str,
    pub live: &'static str,
    pub live_title: &'static str,
    pub reconnecting: &'static str,
    pub reconnecting_title: &'static str,
    pub not_live: &'static str,
    pub not_live_title: &'static str,
}

pub const EN: Text = Text {
    main: "Main",
    shortcuts: "Shortcuts",
    dashboard: "Dashboard",
    home: "Home",
    viewer: "Viewer",
    sessions: "Sessions",
    queue: "Queue",
    history: "History",
    keys: "API keys",
    more: "More",
    switch_organization: "Switch organization",
    your_organizations: "Your organizations",
    no_organization: "No organization",
    profile_of: "Profile of {name}",
    profile: "Profile",
    log_out: "Log out",
    live: "Live",
    live_title: "This page moves by itself",
    reconnecting: "Reconnecting",
    reconnecting_title: "The line to the server broke and is being tried again; the page may be behind",
    not_live: "Not live",
    not_live_title: "This page shows the state of when it was opened",
};

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}
