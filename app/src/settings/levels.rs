//! Whose settings: the tabs, and which session's.

use super::{
    server::{Level, LimitsData},
    text::text,
};
use crate::{
    frame::{NamedSession, can, use_viewer},
    i18n::fill,
    ui::{Glyph, Mark, Menu, MenuLook, Note, Segment, Tabs, permission_word},
};
use leptos::prelude::*;
use types::Permission;

/// Organization, sessions, and the platform for those who hold it.
#[component]
pub fn Levels(place: Memo<(String, String)>, sessions: Resource<Vec<NamedSession>>) -> impl IntoView {
    let platform = use_viewer().with_untracked(|viewer| viewer.super_admin);
    let tabs = move || {
        let (session, level) = place.get();
        Suspend::new(async move {
            let t = text();
            let mut tabs = Vec::new();
            if can(Permission::SettingsView) {
                let here = session.is_empty() && level.is_empty();
                tabs.push(Segment::new(t.organization, Level::Organization.href(), here));
            }
            let sessions = sessions.await;
            if let Some(first) = sessions.first() {
                let mut tab = Segment::new(t.sessions, Level::Session(first.id).href(), !session.is_empty());
                tab.count = Some(sessions.len() as i64);
                tabs.push(tab);
            }
            if platform {
                tabs.push(Segment::new(
                    t.platform,
                    Level::Platform.href(),
                    level == "platform",
                ));
            }
            view! { <Tabs label=t.levels tabs=tabs/> }
        })
    };
    view! { <Transition>{tabs}</Transition> }
}

/// What the limits below are about.
#[component]
pub fn LevelHead(data: LimitsData, sessions: Resource<Vec<NamedSession>>) -> impl IntoView {
    let t = text();
    let locked = locked(data.level);
    let why = match data.level {
        Level::Organization => None,
        Level::Session(_) => Some(t.session_why),
        Level::Platform => Some(t.platform_why),
    };
    let session = data.session.map(|session| {
        view! {
            <div class="row wrap">
                <h2>{session.name}</h2>
                <SessionMenu sessions=sessions/>
            </div>
        }
    });
    let how = if data.level == Level::Platform {
        t.how_platform
    } else {
        t.how
    };
    let look = locked.map(|permission| {
        let said = fill(t.only_look, &[("permission", permission_word(permission))]);
        view! { <Note mark=Mark::Off>{said}</Note> }
    });
    view! {
        <div class="stack">
            {session}
            <p class="second">{why.map(|why| format!("{why} "))} {how}</p>
            {look}
        </div>
    }
}

/// The permission that is missing to change these.
pub fn locked(level: Level) -> Option<Permission> {
    let needed = match level {
        Level::Organization => Permission::SettingsManage,
        Level::Session(_) => Permission::SessionsManage,
        Level::Platform => return None,
    };
    (!can(needed)).then_some(needed)
}

#[component]
fn SessionMenu(sessions: Resource<Vec<NamedSession>>) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let sessions = sessions.await;
                (sessions.len() > 1)
                    .then(|| {
                        let links = sessions
                            .into_iter()
                            .map(|session| view! { <a href=Level::Session(session.id).href()>{session.name}</a> })
                            .collect_view();
                        view! {
                            <Menu
                                id="choose-session"
                                label=text().choose_session
                                look=MenuLook::Word(Some(Glyph::PHONE))
                            >
                                {links}
                            </Menu>
                        }
                    })
            })}
        </Transition>
    }
}
