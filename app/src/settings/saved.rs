//! What was saved, told once. With script the answer itself tells it; without, the next page does,
//! and until then it lies in the login's record.

use super::{server::Saved, text::text};
use crate::{
    i18n::fill,
    ui::{Mark, Note},
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::door::{extension, header};
#[cfg(feature = "ssr")]
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use types::{AppError, RequestId};

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

/// The name in the login's record.
#[cfg(feature = "ssr")]
const PLACE: &str = "settings_saved";

#[cfg(feature = "ssr")]
const BROKEN: AppError = AppError::Internal { request_id: None };

#[cfg(feature = "ssr")]
#[derive(Serialize, Deserialize)]
struct Kept {
    saved: Saved,
    /// The request that has shown it.
    shown_by: Option<RequestId>,
}

/// Keeps it for the next page, where a form was sent without script.
#[cfg(feature = "ssr")]
pub async fn keep(saved: &Saved) -> Result<(), AppError> {
    let by_form = header(axum::http::header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
    if let (true, Some(login)) = (by_form, extension::<tower_sessions::Session>()) {
        let kept = Kept {
            saved: saved.clone(),
            shown_by: None,
        };
        login.insert(PLACE, kept).await.map_err(|_| BROKEN)?;
    }
    Ok(())
}

/// What was kept, for the one page that asks first.
#[cfg(feature = "ssr")]
pub async fn take(request: RequestId) -> Result<Option<Saved>, AppError> {
    let Some(login) = extension::<tower_sessions::Session>() else {
        return Ok(None);
    };
    let Some(kept) = login.get::<Kept>(PLACE).await.map_err(|_| BROKEN)? else {
        return Ok(None);
    };
    // Drawing a page may ask twice; both belong to the same request.
    if kept.shown_by.is_none_or(|first| first == request) {
        let shown = Kept {
            saved: kept.saved.clone(),
            shown_by: Some(request),
        };
        login.insert(PLACE, shown).await.map_err(|_| BROKEN)?;
        return Ok(Some(kept.saved));
    }
    login.remove::<Kept>(PLACE).await.map_err(|_| BROKEN)?;
    Ok(None)
}
