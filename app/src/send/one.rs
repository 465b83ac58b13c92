//! Send one.

use super::{
    Ways,
    fields::{Before, FileField, SessionField},
    preview::{Bubble, CAPTION, Counter, TEXT},
    sent::Sent,
    server::{SendData, load_send},
    text::text,
};
use crate::{
    browser,
    i18n::fill,
    routes,
    ui::{Button, Check, ErrorState, Field, FormError, Glyph, Kind, PageHead, Select, Skeleton, TextArea},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use types::media::MediaKind;

/// The fields that show their own error.
const FIELDS: &[&str] = &["to", "session", "text", "media_url", "file", "reference_id"];

#[component]
pub fn SendPage() -> impl IntoView {
    let query = use_query_map();
    let sent = Memo::new(move |_| query.with(|query| query.get("sent").unwrap_or_default()));
    // After a message was sent the form is a new one, with a token of its own.
    let data = Resource::new(move || sent.get(), |_| load_send());
    view! {
        <PageHead title=text().title/>
        <div class="scroll send">
            <div class="section">
                <Ways many=false/>
                <Sent id=sent/>
                <Transition fallback=|| view! { <Skeleton/> }>
                    {move || Suspend::new(async move {
                        match data.await {
                            Ok(data) => view! { <SendForm data=data/> }.into_any(),
                            Err(error) => view! { <ErrorState error=error/> }.into_any(),
                        }
                    })}
                </Transition>
            </div>
        </div>
    }
}

/// What the form holds, for the preview and the counter.
#[derive(Clone, Copy)]
struct Shown {
    text: RwSignal<String>,
    attached: RwSignal<Option<String>>,
}

impl Shown {
    /// Looks at the fields themselves: what was typed before the page woke up counts too.
    fn look(self, kept: &str) {
        self.text.set(browser::value_of("text"));
        let url = browser::value_of("media_url");
        let file = browser::value_of("file");
        let name = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let attached = [name, url.trim().to_owned(), kept.to_owned()]
            .into_iter()
            .find(|name| !name.is_empty());
        self.attached.set(attached);
    }
}

#[component]
fn SendForm(data: SendData) -> impl IntoView {
    let t = text();
    let before = Before::of(data.refusal);
    let (kept, kept_name) = (before.typed("kept"), before.typed("kept_name"));
    let shown = Shown {
        text: RwSignal::new(before.typed("text")),
        attached: RwSignal::new((!kept_name.is_empty()).then(|| kept_name.clone())),
    };
    let name = StoredValue::new(kept_name.clone());
    let look = move || name.with_value(|name| shown.look(name));
    Effect::new(move |_| look());
    let busy = RwSignal::new(false);
    let too_large = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        let large =
            browser::chosen_bytes("file").is_some_and(|bytes| bytes > MediaKind::Document.max_bytes());
        too_large.set(large);
        if large {
            event.prevent_default();
        } else {
            busy.set(true);
        }
    };
    let file_error = before.error("file");
    let file_error = Signal::derive(move || {
        too_large
            .get()
            .then(|| t.file_too_large.to_owned())
            .or_else(|| file_error.get())
    });
    let length = Signal::derive(move || shown.text.with(|text| text.chars().count() as i64));
    let limit = Signal::derive(move || {
        if shown.attached.with(Option::is_some) {
            CAPTION
        } else {
            TEXT
        }
    });
    view! {
        <form
            class="split"
            method="post"
            action=routes::SEND
            enctype="multipart/form-data"
            on:input=move |event| {
                before.touch(&event);
                look();
            }
            on:submit=submit
        >
            <div class="stack">
                <FormError fault=before.fault fields=FIELDS/>
                <input type="hidden" name="token" value=data.token/>
                <Field
                    label=t.to
                    name="to"
                    kind="text"
                    hint=t.to_hint
                    value=before.typed("to")
                    autocomplete="off"
                    error=before.error("to")
                />
                <SessionField before=before sessions=data.sessions/>
                <TextArea
                    label=t.message
                    name="text"
                    value=before.typed("text")
                    hint=t.message_hint
                    required=false
                    error=before.error("text")
                />
                <p class="needs-script foot"><Counter length=length limit=limit/></p>
                <Attachment before=before kept=kept kept_name=kept_name error=file_error/>
                <Field
                    label=t.reference
                    name="reference_id"
                    hint=t.reference_hint
                    value=before.typed("reference_id")
                    required=false
                    autocomplete="off"
                    error=before.error("reference_id")
                />
                <div>
                    <Button kind=Kind::Primary icon=Glyph::SEND submit=true busy=busy>{t.send}</Button>
                </div>
            </div>
            <aside class="seen needs-script" aria-label=t.preview>
                <h2>{t.preview}</h2>
                <Bubble text=shown.text attached=shown.attached/>
            </aside>
        </form>
    }
}

/// By address or as a file. The file comes last: of a form that is too large the rest is read.
#[component]
fn Attachment(
    before: Before,
    kept: String,
    kept_name: String,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let t = text();
    let kinds = std::iter::once((String::new(), t.kind_by_content.to_owned()))
        .chain(
            MediaKind::ALL
                .iter()
                .map(|kind| (kind.name().to_owned(), crate::queue::kind_word(*kind).to_owned())),
        )
        .collect();
    let remembered = (!kept.is_empty()).then(|| {
        view! {
            <input type="hidden" name="kept" value=kept/>
            <Check label=fill(t.drop_file, &[("name", &kept_name)]) name="drop_file" hint=t.drop_file_hint/>
        }
    });
    view! {
        <fieldset class="stack">
            <legend class="label">{t.attachment}</legend>
            <Field
                label=t.media_url
                name="media_url"
                kind="url"
                hint=t.media_url_hint
                value=before.typed("media_url")
                required=false
                autocomplete="off"
                error=before.error("media_url")
            />
            <Select label=t.kind name="media_kind" options=kinds value=before.typed("media_kind") hint=t.kind_hint/>
            {remembered}
            <FileField label=t.file hint=t.file_hint accept="" error=error/>
        </fieldset>
    }
}
