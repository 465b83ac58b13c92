//! The key that was just made, the one time it is shown.

use super::{server::FreshKey, text::text};
use crate::{
    i18n::fill,
    routes,
    ui::{CodeBlock, CopyLine, Kind, LinkButton, Mark, Note},
};
use leptos::prelude::*;

#[component]
pub fn Fresh(key: FreshKey) -> impl IntoView {
    const CURL: &str = "curl {url}/api/send \\\n  -H 'X-API-Key: {key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"number\": \"6281234567890\", \"message\": \"{text}\"}'";
    let t = &text().fresh;
    let curl = fill(
        CURL,
        &[("url", &key.url), ("key", &key.secret), ("text", t.message)],
    );
    view! {
        <div class="section">
            <section class="card fresh" aria-labelledby="fresh">
                <header>
                    <h2 id="fresh">{fill(t.head, &[("name", &key.name)])}</h2>
                </header>
                <div class="body stack">
                    <Note mark=Mark::Warn>{t.once}</Note>
                    <div class="field">
                        <span class="label">{t.key}</span>
                        <CopyLine value=key.secret id="api-key"/>
                        <p class="hint">{t.key_hint}</p>
                    </div>
                    <CodeBlock name=t.try_it code=curl id="first-message"/>
                    <div class="row">
                        <LinkButton href=routes::KEYS.to_string() kind=Kind::Plain>{t.done}</LinkButton>
                    </div>
                </div>
            </section>
        </div>
    }
}

/// The page was loaded again: the key is not here any more, and nowhere else.
#[component]
pub fn Gone() -> impl IntoView {
    let t = &text().fresh;
    view! {
        <div class="section">
            <Note>
                <b>{t.gone}</b>
                " "
                {t.gone_why}
            </Note>
        </div>
    }
}
