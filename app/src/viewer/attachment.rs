//! What a message carries beside its text: shown where it is stored, named where it is not.

use super::text::text;
use crate::{
    i18n::fill,
    ui::{Glyph, Icon},
};
use leptos::prelude::*;
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

/// An attachment in its bubble. Its place has its size before the content is there, so that
/// nothing jumps.
#[component]
pub fn Attachment(
    kind: MediaKind,
    /// `None` while it is only announced.
    media: Option<MediaId>,
    filename: Option<String>,
) -> impl IntoView {
    let name = filename.clone().unwrap_or_else(|| word(kind).into());
    let Some(src) = media.map(|id| format!("/media/{id}")) else {
        return view! { <Placeholder kind=kind name=name/> }.into_any();
    };
    match kind {
        MediaKind::Image => view! {
            <a class="bubble picture" href=src target="_blank" rel="external">
                <img src=src.clone() alt=name loading="lazy"/>
            </a>
        }
        .into_any(),
        MediaKind::Audio => view! {
            <div class="bubble sound">
                <audio controls=true preload="metadata" src=src aria-label=name></audio>
            </div>
        }
        .into_any(),
        MediaKind::Video => view! {
            <div class="bubble picture">
                <video controls=true preload="metadata" src=src aria-label=name></video>
            </div>
        }
        .into_any(),
        MediaKind::Document => view! { <Document src=src name=name filename=filename/> }.into_any(),
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
fn Placeholder(kind: MediaKind, name: String) -> impl IntoView {
    view! {
        <div class="bubble">
            <span class="file">
                <Icon glyph=glyph(kind)/>
                <span>{name} " " <span class="meta">{text().file.not_stored}</span></span>
            </span>
        </div>
    }
}
