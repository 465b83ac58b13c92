//! The rail beside the sheet, and the dock of a phone.

use super::{
    can,
    text::{Text, text},
};
use crate::{
    alerts::OpenAlerts,
    browser, routes,
    ui::{Glyph, Icon},
};
use leptos::prelude::*;
use leptos_router::components::A;
use types::Permission;

/// An entry of the rail. Without its permission it is not shown.
pub struct Place {
    pub href: &'static str,
    pub glyph: Glyph,
    pub word: fn(&Text) -> &'static str,
    permission: Option<Permission>,
}

impl Place {
    fn open(&self) -> bool {
        self.permission.is_none_or(can)
    }
}

const PLACES: &[Place] = &[
    Place {
        href: routes::DASHBOARD,
        glyph: Glyph::DASHBOARD,
        word: |t| t.dashboard,
        permission: None,
    },
    Place {
        href: routes::VIEWER,
        glyph: Glyph::EYE,
        word: |t| t.viewer,
        permission: Some(Permission::ChatsView),
    },
    Place {
        href: routes::SEND,
        glyph: Glyph::SEND,
        word: |t| t.send,
        permission: Some(Permission::MessagesSend),
    },
    Place {
        href: routes::SESSIONS,
        glyph: Glyph::PHONE,
        word: |t| t.sessions,
        permission: Some(Permission::SessionsView),
    },
    Place {
        href: routes::QUEUE,
        glyph: Glyph::QUEUE,
        word: |t| t.queue,
        permission: Some(Permission::QueueView),
    },
    Place {
        href: routes::BALANCER,
        glyph: Glyph::ACTIVITY,
        word: |t| t.balancer,
        permission: Some(Permission::QueueView),
    },
    Place {
        href: routes::HISTORY,
        glyph: Glyph::HISTORY,
        word: |t| t.history,
        permission: Some(Permission::QueueView),
    },
    Place {
        href: routes::KEYS,
        glyph: Glyph::KEY,
        word: |t| t.keys,
        permission: Some(Permission::KeysView),
    },
    Place {
        href: routes::DOCS,
        glyph: Glyph::CODE,
        word: |t| t.docs,
        permission: None,
    },
    Place {
        href: routes::ALERTS,
        glyph: Glyph::BELL,
        word: |_| crate::alerts::title(),
        permission: Some(Permission::AlertsView),
    },
    Place {
        href: routes::REQUEST_LOG,
        glyph: Glyph::ACTIVITY,
        word: |t| t.request_log,
        permission: Some(Permission::RequestLogView),
    },
    Place {
        href: routes::SETTINGS,
        glyph: Glyph::SETTINGS,
        word: |t| t.settings,
        permission: Some(Permission::SettingsView),
    },
];

/// The pages that the person may open.
pub fn open_places() -> impl Iterator<Item = &'static Place> {
    PLACES.iter().filter(|place| place.open())
}

/// The four that a thumb reaches; the rest is behind "More".
const DOCK: &[usize] = &[0, 1, 3, 4];

/// On a phone the same element is a popover, opened from the dock.
#[component]
pub fn Rail() -> impl IntoView {
    let t = text();
    let entries = open_places().map(|place| {
        let word = (place.word)(t);
        view! {
            <li>
                <A href=place.href exact=place.href == routes::DASHBOARD attr:title=word>
                    <Icon glyph=place.glyph/>
                    <span>{word}</span>
                    {(place.href == routes::ALERTS).then(|| view! { <OpenAlerts/> })}
                </A>
            </li>
        }
    });
    view! {
        <nav
            class="rail"
            id="rail"
            popover="auto"
            aria-label=t.main
            on:click=move |event| browser::close_popover(&event)
        >
            <ul>{entries.collect_view()}</ul>
        </nav>
    }
}

#[component]
pub fn Dock() -> impl IntoView {
    let t = text();
    let entries = DOCK
        .iter()
        .filter_map(|index| PLACES.get(*index))
        .filter(|place| place.open())
        .map(|place| {
            let home = place.href == routes::DASHBOARD;
            let word = if home { t.home } else { (place.word)(t) };
            view! {
                <A href=place.href exact=home>
                    <Icon glyph=place.glyph/>
                    {word}
                </A>
            }
        });
    view! {
        <nav class="dock" aria-label=t.shortcuts>
            {entries.collect_view()}
            <button type="button" popovertarget="rail">
                <Icon glyph=Glyph::MENU/>
                {t.more}
            </button>
        </nav>
    }
}
