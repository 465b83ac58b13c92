//! What one comes for most often, as far as one may do it.

use super::text::text;
use crate::{
    frame::can,
    routes,
    ui::{Glyph, Icon, url},
};
use leptos::prelude::*;
use types::Permission;

#[component]
pub fn Quick() -> impl IntoView {
    let t = text();
    let all = [
        (
            Some(Permission::MessagesSend),
            routes::SEND.to_owned(),
            Glyph::SEND,
            t.send_one,
        ),
        (
            Some(Permission::MessagesSend),
            routes::SEND_MANY.to_owned(),
            Glyph::BROADCAST,
            t.send_many,
        ),
        (
            Some(Permission::SessionsManage),
            url::href(routes::SESSIONS, &[("add", "1")]),
            Glyph::PHONE,
            t.add_phone,
        ),
        (
            Some(Permission::KeysManage),
            url::href(routes::KEYS, &[("add", "1")]),
            Glyph::KEY,
            t.new_key,
        ),
        (
            Some(Permission::QueueView),
            routes::QUEUE.to_owned(),
            Glyph::QUEUE,
            t.see_queue,
        ),
        (None, routes::DOCS.to_owned(), Glyph::CODE, t.api_docs),
    ];
    let links = all
        .into_iter()
        .filter(|(needs, ..)| needs.is_none_or(can))
        .map(|(_, href, glyph, word)| {
            view! { <li><a href=href><Icon glyph=glyph/>{word}</a></li> }
        });
    view! {
        <nav class="card quick" aria-labelledby="quick">
            <header><h2 id="quick">{t.quick}</h2></header>
            <ul class="menu">{links.collect_view()}</ul>
        </nav>
    }
}
