//! `/api/v1/media`.

use super::id;
use crate::{AppState, api::auth::Caller, api::problem::ApiError};
use axum::{
    extract::{Path, State},
    response::Response,
};

pub async fn content(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(media): Path<String>,
) -> Result<Response, ApiError> {
    let (media, bytes) = app.domain.media.open(&ctx, id(&media, "attachment")?).await?;
    Ok(crate::media::response(&media, bytes))
}
