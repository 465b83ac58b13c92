//! The open chat, as the customer sees it or as the linked phone does.

use super::{
    Place,
    forms::{Forms, WRITE_ID},
    handset::{Clock, Handset},
    text::text,
};
use crate::{
    format,
    frame::use_zone,
    i18n::fill,
    ui::{Avatar, Button, FormError, Glyph, Icon, Kind, LinkButton, Rich, Segment, Segments},
    viewer::Attachment,
};
use leptos::prelude::*;
use types::{
    Timestamp,
    sandbox::{Phone, PhoneMessage, Tick},
};

#[component]
pub fn Talk(
    phone: Phone,
    /// The customer's number.
    open: String,
    messages: Vec<PhoneMessage>,
    place: Place,
    as_of: Timestamp,
    forms: Forms,
) -> impl IntoView {
    let t = &text().talk;
    let mine = place.mine;
    let customer = format::phone(&open);
    let label = fill(
        if mine { t.label_mine } else { t.label },
        &[("number", &customer)],
    );
    // The customer talks with the business, the linked phone with the customer.
    let (title, meta) = if mine {
        (customer.clone(), String::new())
    } else {
        (phone.session_name.clone(), format::phone(&phone.number))
    };
    // Only the customer sees that we type.
    let typing = !mine && phone.typing.contains(&open);
    let whose = vec![
        Segment::new(t.as_customer, place.with(&open, false), !mine),
        Segment::new(t.as_linked, place.with(&open, true), mine),
    ];
    let back = place.with("", mine);
    view! {
        <Handset label=label pane="chat" as_of=as_of>
            <header class="app-head chat-head">
                <span class="back">
                    <LinkButton href=back kind=Kind::Quiet icon=Glyph::LEFT label=t.back attr:data-noscroll="true"/>
                </span>
                <Avatar name=title.clone() square=!mine/>
                <div>
                    <h2 class="clip">{title}</h2>
                    {if typing {
                        view! { <p class="meta">{t.typing}</p> }.into_any()
                    } else {
                        view! { <p class="meta ltr">{meta}</p> }.into_any()
                    }}
                </div>
            </header>
            <Bubbles messages=messages mine=mine as_of=as_of/>
            <Composer phone=phone open=open place=place forms=forms/>
            <div class="whose"><Segments label=t.who segments=whose/></div>
        </Handset>
    }
}

#[component]
fn Bubbles(messages: Vec<PhoneMessage>, mine: bool, as_of: Timestamp) -> impl IntoView {
    let t = &text().talk;
    let zone = use_zone();
    let mut day = String::new();
    let empty = messages
        .is_empty()
        .then(|| view! { <p class="event">{t.empty}</p> });
    let bubbles: Vec<_> = messages
        .into_iter()
        .map(|message| {
            let heading = format::day_heading(message.at, as_of, &zone);
            let separator = (heading != day).then(|| view! { <p class="event">{heading.clone()}</p> });
            day = heading;
            view! {
                {separator}
                <Bubble message=message mine=mine/>
            }
        })
        .collect();
    view! {
        <div class="talk" tabindex="0" role="log" aria-label=t.messages>
            <div>{empty} {bubbles}</div>
        </div>
    }
}

#[component]
fn Bubble(message: PhoneMessage, mine: bool) -> impl IntoView {
    let t = &text().talk;
    let ours = message.from_customer != mine;
    let (glyph, word) = match message.tick {
        Tick::Sent => (Glyph::TICK, t.sent),
        Tick::Delivered => (Glyph::TICKS, t.delivered),
        Tick::Read => (Glyph::TICKS, t.read),
    };
    let attachment = message
        .media_kind
        .map(|kind| view! { <Attachment kind=kind media=message.media filename=message.filename/> });
    let typed = message
        .from_linked_phone
        .then(|| view! { <span>{t.typed_here} " ·"</span> });
    view! {
        <div class="message" class:ours=ours data-message=message.message_id>
            {attachment}
            {message.text.map(|text| view! { <p class="bubble"><Rich text=text/></p> })}
            <p class="fate">
                {typed} <Clock at=message.at/>
                <span class="row" class:read=message.tick == Tick::Read>
                    <Icon glyph=glyph/>
                    {word}
                </span>
            </p>
        </div>
    }
}

#[component]
fn Composer(phone: Phone, open: String, place: Place, forms: Forms) -> impl IntoView {
    let t = &text().talk;
    let name = if place.mine {
        phone.session_name
    } else {
        format::phone(&open)
    };
    let write = if place.mine { t.write_mine } else { t.write };
    let label = fill(write, &[("name", &name), ("number", &name)]);
    view! {
        <FormError fault=forms.write_fault/>
        <ActionForm action=forms.write attr:class="app-foot">
            <input type="hidden" name="id" value=phone.session.to_string()/>
            <input type="hidden" name="number" value=open/>
            <input type="hidden" name="name" value=place.name/>
            <input type="hidden" name="from_me" value=place.mine.to_string()/>
            <label class="input-box">
                <span class="out-of-sight">{label.clone()}</span>
                <input
                    id=WRITE_ID
                    name="text"
                    placeholder=label
                    required=true
                    maxlength="4096"
                    autocomplete="off"
                />
            </label>
            <Button kind=Kind::Primary submit=true icon=Glyph::SEND label=t.send/>
        </ActionForm>
    }
}
