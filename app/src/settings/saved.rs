//! What was saved, told once. With script the answer itself tells it; without, the next page does
//! (see `server/kept.rs`).

use super::{server::Saved, text::text};
use crate::{
    i18n::fill,
    ui::{Mark, Note},
};
use leptos::prelude::*;

#[component]
pub fn SavedNote(saved: Saved) -> impl IntoView {
    let t = &text().saved;
    if saved.changes.is_empty() {
        return view! { <Note mark=Mark::Ok>{t.nothing}</Note> }.into_any();
    }
    let changes = saved.changes.into_iter().map(|change| {
        let values = [
            ("name", &*change.name),
            ("before", &*change.before),
            ("after", &*change.after),
        ];
        view! { <li>{fill(t.change, &values)}</li> }
    });
    view! {
        <Note mark=Mark::Ok>
            <div role="status">
                <b>{t.head}</b>
                <ul class="changes">{changes.collect_view()}</ul>
                {saved.note.map(|note| view! { <p>{note}</p> })}
            </div>
        </Note>
    }
    .into_any()
}
