//! What a message carries beside its text: shown where it is stored, named where it is not.

mod gone;

use super::text::text;
use crate::{
    i18n::fill,
    ui::{Glyph, Icon},
};
use gone::Fault;
use leptos::{html, prelude::*, web_sys::HtmlMediaElement};
use types::{MediaId, media::MediaKind};

pub use gone::Gone;

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

/// An attachment in its bubble. Its place has its size before the content is there, so that
/// nothing jumps. What cannot be shown is a file to be saved; what has not come or is gone is
/// named.
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
        return view! { <Document kind=kind src=src_of(media) name=name filename=filename/> }.into_any();
    }
    let gone = expect_context::<Gone>();
    let fault = gone.fault(media);
    let fails = move || gone.fails(media);
    let shown = move || {
        let (name, src) = (name.clone(), src_of(media));
        match (fault.get(), kind) {
            (Some(Fault::Gone), _) => {
                view! { <Placeholder kind=kind name=name why=text().file.gone/> }.into_any()
            }
            (Some(fault), _) => {
                let why = (fault == Fault::Format).then(|| cannot(kind));
                view! { <Document kind=kind src=src name=name filename=filename.clone() why=why/> }.into_any()
            }
            (None, MediaKind::Image) => view! { <Picture src=src name=name fails=fails/> }.into_any(),
            (None, MediaKind::Audio) => view! { <Sound src=src name=name fails=fails/> }.into_any(),
            (None, _) => view! { <Video src=src name=name fails=fails/> }.into_any(),
        }
    };
    shown.into_any()
}

fn cannot(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => text().file.not_shown,
        _ => text().file.not_played,
    }
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

#[component]
fn Sound(
    src: String,
    name: String,
    /// Says that it cannot be played.
    fails: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let audio = NodeRef::<html::Audio>::new();
    Effect::new(move |_| {
        if audio.get().is_some_and(|audio| has_failed(&audio)) {
            fails();
        }
    });
    view! {
        <div class="bubble sound">
            <audio controls=true preload="metadata" src=src aria-label=name node_ref=audio on:error=move |_| fails()></audio>
        </div>
    }
}

#[component]
fn Video(
    src: String,
    name: String,
    /// Says that it cannot be played.
    fails: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    Effect::new(move |_| {
        if video.get().is_some_and(|video| has_failed(&video)) {
            fails();
        }
    });
    view! {
        <div class="bubble picture">
            <video controls=true preload="metadata" src=src aria-label=name node_ref=video on:error=move |_| fails()></video>
        </div>
    }
}

/// Whether it failed before the page woke up. One that has just been drawn has no source yet
/// either, but did not look for one.
fn has_failed(media: &HtmlMediaElement) -> bool {
    media.network_state() == HtmlMediaElement::NETWORK_NO_SOURCE && !media.current_src().is_empty()
}

/// Somebody else's file: saved, never opened.
#[component]
fn Document(
    kind: MediaKind,
    src: String,
    name: String,
    filename: Option<String>,
    /// Why it is not shown, where it could be.
    #[prop(optional_no_strip)]
    why: Option<&'static str>,
) -> impl IntoView {
    let title = fill(text().file.download, &[("name", &name)]);
    view! {
        <div class="bubble">
            <a class="file" href=src download=filename.unwrap_or_default() rel="external" title=title>
                <Icon glyph=glyph(kind)/>
                <span>{name} {why.map(|why| view! { " " <span class="meta">{why}</span> })}</span>
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
