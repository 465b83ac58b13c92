//! What a message carries beside its text: shown where it is stored, named where it is not.

use super::text::text;
use crate::{
    i18n::fill,
    ui::{Glyph, Icon},
};
use leptos::{html, prelude::*};
use std::collections::BTreeSet;
use types::{MediaId, media::MediaKind};

fn word(kind: MediaKind) -> &'static str {
    let t = &text().file;
    match kind {
        MediaKind::Image => t.image,
        MediaKind::Audio => t.audio,
        MediaKind::Video => t.video,
        MediaKind::Document => t.document,
    }
}

const fn glyph(kind: MediaKind) -> Glyph {
    match kind {
        MediaKind::Image => Glyph::IMAGE,
        MediaKind::Audio => Glyph::MIC,
        MediaKind::Video => Glyph::PLAY,
        MediaKind::Document => Glyph::FILE,
    }
}

/// What could not be loaded. Kept beside the pages, because a thread is drawn anew with each
/// message, and would ask for it again each time.
#[derive(Clone, Copy)]
pub struct Gone(RwSignal<BTreeSet<MediaId>>);

impl Gone {
    pub fn provide() {
        provide_context(Self(RwSignal::default()));
    }

    fn has(self, media: MediaId) -> Memo<bool> {
        Memo::new(move |_| self.0.with(|gone| gone.contains(&media)))
    }

    fn add(self, media: MediaId) {
        self.0.try_update(|gone| gone.insert(media));
    }
}

/// An attachment in its bubble. Its place has its size before the content is there, so that
/// nothing jumps. What cannot be shown, because it has not come or is gone, is named.
#[component]
pub fn Attachment(
    kind: MediaKind,
    /// `None` while it is only announced.
    media: Option<MediaId>,
    filename: Option<String>,
) -> impl IntoView {
    let name = filename.clone().unwrap_or_else(|| word(kind).into());
    let Some(media) = media else {
        return view! { <Placeholder kind=kind name=name why=text().file.not_stored/> }.into_any();
    };
    if kind == MediaKind::Document {
        return view! { <Document src=src_of(media) name=name filename=filename/> }.into_any();
    }
    let gone = expect_context::<Gone>();
    let is_gone = gone.has(media);
    let fails = move || gone.add(media);
    let shown = move || {
        let name = name.clone();
        if is_gone.get() {
            return view! { <Placeholder kind=kind name=name why=text().file.gone/> }.into_any();
        }
        let src = src_of(media);
        match kind {
            MediaKind::Image => view! { <Picture src=src name=name fails=fails/> }.into_any(),
            MediaKind::Audio => view! {
                <div class="bubble sound">
                    <audio controls=true preload="metadata" src=src aria-label=name on:error=move |_| fails()></audio>
                </div>
            }
            .into_any(),
            _ => view! {
                <div class="bubble picture">
                    <video controls=true preload="metadata" src=src aria-label=name on:error=move |_| fails()></video>
                </div>
            }
            .into_any(),
        }
    };
    shown.into_any()
}

fn src_of(media: MediaId) -> String {
    format!("/media/{media}")
}

#[component]
fn Picture(
    src: String,
    name: String,
    /// Says that it cannot be loaded.
    fails: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let image = NodeRef::<html::Img>::new();
    let whole = src.clone();
    // It may have failed before the page woke up.
    Effect::new(move |_| {
        if image
            .get()
            .is_some_and(|image| image.complete() && image.natural_width() == 0)
        {
            fails();
        }
    });
    view! {
        <a class="bubble picture" href=whole target="_blank" rel="external">
            <img src=src alt=name loading="lazy" node_ref=image on:error=move |_| fails()/>
        </a>
    }
}

/// Somebody else's file: saved, never opened.
#[component]
fn Document(src: String, name: String, filename: Option<String>) -> impl IntoView {
    let title = fill(text().file.download, &[("name", &name)]);
    view! {
        <div class="bubble">
            <a class="file" href=src download=filename.unwrap_or_default() rel="external" title=title>
                <Icon glyph=Glyph::FILE/>
                <span>{name}</span>
            </a>
        </div>
    }
}

#[component]
fn Placeholder(kind: MediaKind, name: String, why: &'static str) -> impl IntoView {
    view! {
        <div class="bubble">
            <span class="file">
                <Icon glyph=glyph(kind)/>
                <span>{name} " " <span class="meta">{why}</span></span>
            </span>
        </div>
    }
}
