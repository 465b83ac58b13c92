//! What was saved by a form without script lies in the login's record until the next page tells it.

use super::Saved;
use crate::door::{extension, header};
use serde::{Deserialize, Serialize};
use types::{AppError, RequestId};

/// The name in the login's record.
const PLACE: &str = "settings_saved";

const BROKEN: AppError = AppError::Internal { request_id: None };

#[derive(Serialize, Deserialize)]
struct Kept {
    saved: Saved,
    /// The request that has shown it.
    shown_by: Option<RequestId>,
}

/// Keeps it for the next page, where a form was sent without script.
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
