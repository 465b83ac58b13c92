//! What can be done with one session: as a menu in its row, and as buttons under its details.

use super::{server::OrderSession, text::text};
use crate::{
    frame::can,
    i18n::fill,
    routes,
    settings::Level,
    ui::{Button, Glyph, Icon, Kind, LinkButton, Menu, url},
};
use leptos::prelude::*;
use types::{
    Permission,
    sessions::{Channel, Session, SessionState},
};

/// A phone is linked, or could be at once.
pub const fn is_running(state: SessionState) -> bool {
    !matches!(state, SessionState::Stopped | SessionState::LoggedOut)
}

pub fn holds_phone(session: &Session) -> bool {
    session.channel == Channel::Sandbox && can(Permission::SandboxUse)
}

fn to(session: &str, dialog: &str) -> String {
    url::href(routes::SESSIONS, &[("id", session), (dialog, session)])
}

#[component]
pub fn SessionMenu(session: Session, order: ServerAction<OrderSession>) -> impl IntoView {
    let t = text();
    let id = session.id.to_string();
    let phone = holds_phone(&session).then(|| {
        view! { <a href=routes::phone(session.id)><Icon glyph=Glyph::PHONE/>{t.open_phone}</a> }
    });
    let manage = can(Permission::SessionsManage).then(|| {
        let running = is_running(session.state);
        let linked = session.linked_at.is_some() && session.state != SessionState::LoggedOut;
        view! {
            {(!linked).then(|| item(to(&id, "pair"), Glyph::QR, t.link_phone, false))}
            {(!running).then(|| view! { <OrderItem id=id.clone() verb="start" glyph=Glyph::PLAY word=t.start order=order/> })}
            {running.then(|| view! { <OrderItem id=id.clone() verb="restart" glyph=Glyph::REFRESH word=t.restart order=order/> })}
            {running.then(|| view! { <OrderItem id=id.clone() verb="stop" glyph=Glyph::STOP word=t.stop order=order/> })}
            <hr/>
            {linked.then(|| item(to(&id, "log_out"), Glyph::LOGOUT, t.log_out, false))}
            {item(to(&id, "delete"), Glyph::TRASH, t.delete, true)}
        }
    });
    view! {
        <Menu id=format!("menu-{id}") label=fill(t.actions_for, &[("name", &session.name)])>
            {phone}
            <a href=Level::Session(session.id).href()><Icon glyph=Glyph::SETTINGS/>{t.limits}</a>
            {manage}
        </Menu>
    }
}

fn item(href: String, glyph: Glyph, word: &'static str, danger: bool) -> impl IntoView {
    view! {
        <a href=href class:danger=danger data-noscroll="true">
            <Icon glyph=glyph/>
            {word}
        </a>
    }
}

#[component]
fn OrderItem(
    id: String,
    verb: &'static str,
    glyph: Glyph,
    word: &'static str,
    order: ServerAction<OrderSession>,
) -> impl IntoView {
    view! {
        <ActionForm action=order>
            <input type="hidden" name="id" value=id/>
            <button type="submit" name="order" value=verb>
                <Icon glyph=glyph/>
                {word}
            </button>
        </ActionForm>
    }
}

/// The same under the details, the next thing to do first.
#[component]
pub fn SessionButtons(session: Session, order: ServerAction<OrderSession>) -> impl IntoView {
    let t = text();
    let id = session.id.to_string();
    let running = is_running(session.state);
    let linked = session.linked_at.is_some() && session.state != SessionState::LoggedOut;
    let phone = holds_phone(&session).then(
        || view! { <LinkButton href=routes::phone(session.id) icon=Glyph::PHONE>{t.open_phone}</LinkButton> },
    );
    let manage = can(Permission::SessionsManage).then(|| {
        view! {
            {(!linked)
                .then(|| {
                    view! {
                        <LinkButton href=to(&id, "pair") icon=Glyph::QR attr:data-noscroll="true">{t.link_phone}</LinkButton>
                    }
                })}
            {(!running).then(|| view! { <OrderButton id=id.clone() verb="start" word=t.start order=order/> })}
            {running.then(|| view! { <OrderButton id=id.clone() verb="restart" word=t.restart order=order/> })}
            {running.then(|| view! { <OrderButton id=id.clone() verb="stop" word=t.stop order=order/> })}
            {linked
                .then(|| {
                    view! {
                        <LinkButton href=to(&id, "log_out") attr:data-noscroll="true">{t.log_out}</LinkButton>
                    }
                })}
            <LinkButton href=to(&id, "delete") kind=Kind::Danger attr:data-noscroll="true">{t.delete}</LinkButton>
        }
    });
    view! {
        <footer>
            {phone} <LinkButton href=Level::Session(session.id).href()>{t.limits}</LinkButton> {manage}
        </footer>
    }
}

#[component]
fn OrderButton(
    id: String,
    verb: &'static str,
    word: &'static str,
    order: ServerAction<OrderSession>,
) -> impl IntoView {
    view! {
        <ActionForm action=order>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="order" value=verb/>
            <Button submit=true>{word}</Button>
        </ActionForm>
    }
}
