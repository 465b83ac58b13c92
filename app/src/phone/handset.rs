//! The case of a phone, the same for the linked phone and the customers'.

use crate::{
    format,
    frame::use_zone,
    ui::{Glyph, Icon},
};
use leptos::prelude::*;
use types::Timestamp;

#[component]
pub fn Handset(
    /// Whose it is, for screen readers.
    #[prop(into)]
    label: String,
    /// `list` or `chat`: where there is room for one phone alone, one of them shows.
    pane: &'static str,
    as_of: Timestamp,
    children: Children,
) -> impl IntoView {
    let clock = format::clock_minutes(as_of, &use_zone());
    view! {
        <section class="handset" data-pane=pane aria-label=label>
            <div class="screen">
                <p class="status" aria-hidden="true">
                    <span>{clock}</span>
                    <span class="row">
                        <Icon glyph=Glyph::SIGNAL/>
                        <Icon glyph=Glyph::WIFI/>
                        <Icon glyph=Glyph::BATTERY/>
                    </span>
                </p>
                {children()}
            </div>
        </section>
    }
}

/// `14:03`, with the whole moment on hover, as phones write it.
#[component]
pub fn Clock(at: Timestamp) -> impl IntoView {
    let zone = use_zone();
    view! {
        <time datetime=at.rfc3339() title=format::exact_with_zone(at, &zone)>
            {format::clock_minutes(at, &zone)}
        </time>
    }
}
