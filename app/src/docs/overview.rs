//! The first page: where the API is, how one comes in, and what holds everywhere.

use super::{model::Section, text::text};
use crate::{
    frame::can,
    routes,
    ui::{CopyLine, Glyph, LinkButton, url},
};
use leptos::prelude::*;
use types::Permission;

#[component]
pub fn Overview(base: String, sections: Vec<Section>) -> impl IntoView {
    let t = text();
    let (lead, sections): (Vec<_>, Vec<_>) =
        sections.into_iter().partition(|section| section.title.is_empty());
    let lead = lead
        .into_iter()
        .map(|section| view! { <p class="second">{section.text}</p> })
        .collect_view();
    let sections = sections
        .into_iter()
        .map(|section| {
            view! {
                <section class="stack">
                    <h2>{section.title}</h2>
                    <p>{section.text}</p>
                </section>
            }
        })
        .collect_view();
    let make = can(Permission::KeysManage).then(|| {
        view! {
            <LinkButton href=url::href(routes::KEYS, &[("add", "1")]) icon=Glyph::KEY>{t.to_keys}</LinkButton>
        }
    });
    view! {
        <section class="overview" aria-labelledby="title">
            <header class="stack">
                <h1 id="title">{t.title}</h1>
                {lead}
            </header>
            <section class="stack">
                <h2>{t.address}</h2>
                <CopyLine value=base id="base-url"/>
                <p class="second">{t.address_why}</p>
            </section>
            <section class="stack">
                <h2>{t.keys}</h2>
                <p>{t.keys_why}</p>
                <div class="row">{make}</div>
            </section>
            {sections}
            <section class="stack">
                <h2>{t.whole}</h2>
                <p>{t.whole_why}</p>
                <p>
                    <a href="/openapi.json" rel="external">{t.open_whole}</a>
                </p>
            </section>
        </section>
    }
}
