//! The forms of "send one" and "send many". They carry files, so they are posted to the pages'
//! own addresses instead of to server functions, which read no file. Both work without script: a
//! form that is refused comes back as it was typed, with what is wrong beside each field.

mod form;
mod many;
mod one;

use crate::{AppState, media::table};
use app::send::Refusal;
use axum::{
    Extension, Router,
    extract::{Path, Request, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::Ctx;
use form::Form;
use http::{Method, StatusCode, header, request::Parts};
use types::{AppError, BatchId};

pub fn router() -> Router<AppState> {
    Router::new()
        .route("/send", post(one::send))
        .route("/send/many", post(many::look))
        .route("/send/sample.csv", get(sample))
        .route("/send/many/{id}/errors.csv", get(errors))
}

async fn sample() -> Response {
    table("switchboard-sample.csv", domain::batches::SAMPLE.to_owned())
}

async fn errors(
    State(app): State<AppState>,
    ctx: Option<Extension<Ctx>>,
    Path(id): Path<String>,
) -> Response {
    let found = async {
        let ctx = ctx.ok_or(AppError::Unauthenticated)?.0;
        let id: BatchId = id.parse().map_err(|_| AppError::not_found("batch"))?;
        let text = app.domain.batches.errors_csv(&ctx, id).await;
        text.map_err(|error| error.into_app(ctx.request))
    };
    match found.await {
        Ok(text) => table("errors.csv", text),
        Err(error) => (status(&error), error.to_string()).into_response(),
    }
}

fn status(error: &AppError) -> StatusCode {
    if error.code() == form::TOO_SLOW {
        return StatusCode::REQUEST_TIMEOUT;
    }
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Who posts a form; a login that has ended leads to the door.
fn known(ctx: Option<Extension<Ctx>>, page: &str) -> Result<Ctx, Box<Response>> {
    ctx.map(|ctx| ctx.0)
        .ok_or_else(|| Box::new(Redirect::to(&app::routes::log_in_and_return(page)).into_response()))
}

/// The page again, as it was sent, with what is wrong.
async fn again(app: &AppState, ctx: &Ctx, mut parts: Parts, form: Form, error: AppError) -> Response {
    let status = status(&error);
    let refusal = Refusal {
        error,
        typed: form.typed(),
    };
    parts.method = Method::GET;
    for name in [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
    ] {
        parts.headers.remove(name);
    }
    if let Ok(viewer) = app.domain.people.viewer(ctx).await {
        parts.extensions.insert(viewer.theme);
    }
    let request = Request::from_parts(parts, axum::body::Body::empty());
    let mut response = crate::site::draw(app, request, refusal).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// After a form was taken: a page that can be loaded again without posting it twice.
fn onwards(address: &str) -> Response {
    Redirect::to(address).into_response()
}
