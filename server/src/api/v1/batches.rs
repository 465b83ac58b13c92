//! `/api/v1/batches`: look at a list, queue it, see how far it is, stop it.

use super::{id, shape};
use crate::{
    AppState,
    api::{auth::Caller, fields::Fields, params::Params, problem::ApiError, reply, upload::Upload},
    media::table,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::batches::{NewBatch, read::Source};
use serde::Serialize;
use serde_json::Value;
use types::{
    Timestamp,
    batches::{Batch, BatchCounts, BatchDetail, BatchRow, Found, RowError},
};
use utoipa::ToSchema;

/// A batch with everything known of it, as one object.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchDetail)]
pub struct Detail {
    #[serde(flatten)]
    batch: Batch,
    counts: BatchCounts,
    found: Found,
    sample: Vec<BatchRow>,
    errors: Vec<RowError>,
    error_count: i64,
    ends_at: Option<Timestamp>,
    as_of: Timestamp,
}

impl From<BatchDetail> for Detail {
    fn from(detail: BatchDetail) -> Self {
        let BatchDetail {
            batch,
            counts,
            found,
            sample,
            errors,
            error_count,
            ends_at,
            as_of,
        } = detail;
        Self {
            batch,
            counts,
            found,
            sample,
            errors,
            error_count,
            ends_at,
            as_of,
        }
    }
}

/// A look: nothing is queued yet. With CSV the rest stands in the query, with JSON in the object.
pub async fn create(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
    upload: Upload,
) -> Result<Response, ApiError> {
    let input = if upload.is_csv {
        NewBatch {
            name: params.text("name").unwrap_or_default(),
            file_name: params.text("file_name"),
            text: params.text("text"),
            session: params.text("session"),
            source: Source::Csv(upload.bytes.clone()),
        }
    } else {
        from_json(&upload.bytes)?
    };
    let detail = app.domain.batches.preview(&ctx, input).await?;
    Ok(shape::created(&Detail::from(detail)))
}

fn from_json(body: &[u8]) -> Result<NewBatch, ApiError> {
    let mut fields = Fields::parse(body)?;
    let name = fields.text("name").unwrap_or_default();
    let text = fields.text("text");
    let session = fields.text("session");
    let list = fields.list("rows").unwrap_or_default();
    if list.is_empty() && fields.problems_mut().is_empty() {
        fields.refuse::<()>("rows", "Give a list of rows, each with a number and a message");
    }
    let mut rows = Vec::with_capacity(list.len());
    for (index, row) in list.into_iter().enumerate() {
        let Value::Object(row) = row else {
            let message = "This must be an object in curly brackets";
            fields.refuse::<()>(&format!("rows[{index}]"), message);
            break;
        };
        rows.push(row);
    }
    fields.finish()?;
    Ok(NewBatch {
        name,
        file_name: None,
        text,
        session,
        source: Source::Rows(rows),
    })
}

pub async fn list(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    Ok(shape::ok(&app.domain.batches.list(&ctx, params.page()?).await?))
}

pub async fn one(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(batch): Path<String>,
) -> Result<Response, ApiError> {
    let detail = app.domain.batches.get(&ctx, id(&batch, "batch")?).await?;
    Ok(shape::ok(&Detail::from(detail)))
}

pub async fn errors(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(batch): Path<String>,
) -> Result<Response, ApiError> {
    let batch = id(&batch, "batch")?;
    let text = app.domain.batches.errors_csv(&ctx, batch).await?;
    Ok(table("errors.csv", text))
}

pub async fn confirm(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(batch): Path<String>,
) -> Result<Response, ApiError> {
    Ok(shape::ok(
        &app.domain.batches.confirm(&ctx, id(&batch, "batch")?).await?,
    ))
}

pub async fn cancel(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(batch): Path<String>,
) -> Result<Response, ApiError> {
    let cancelled = app.domain.batches.cancel(&ctx, id(&batch, "batch")?).await?;
    Ok(reply::ok(&serde_json::json!({ "cancelled": cancelled })))
}
