//! `POST /send/many`: a list to look at.

use super::{Form, again, known, onwards};
use crate::AppState;
use app::routes;
use axum::{
    Extension,
    extract::{Request, State},
    response::Response,
};
use domain::{
    Ctx,
    batches::{NewBatch, read::Source},
};
use types::{AppError, Permission, batches::MAX_BYTES};

pub async fn look(State(app): State<AppState>, ctx: Option<Extension<Ctx>>, request: Request) -> Response {
    let ctx = match known(ctx, routes::SEND_MANY) {
        Ok(ctx) => ctx,
        Err(door) => return *door,
    };
    let (parts, body) = request.into_parts();
    if let Err(error) = ctx.require(Permission::MessagesSend) {
        let error = error.into_app(ctx.request);
        return again(&app, &ctx, parts, Form::default(), error).await;
    }
    let (form, read) = Form::read(&parts, body, MAX_BYTES).await;
    if let Err(error) = read {
        return again(&app, &ctx, parts, form, error).await;
    }
    match preview(&app, &ctx, &form).await {
        Ok(address) => onwards(&address),
        Err(error) => again(&app, &ctx, parts, form, error).await,
    }
}

async fn preview(app: &AppState, ctx: &Ctx, form: &Form) -> Result<String, AppError> {
    let (file_name, source) = match (&form.file, form.text("list")) {
        (Some(_), Some(_)) => {
            return Err(AppError::field("list", "Choose a file or paste a list, not both"));
        }
        (Some(file), None) => (
            Some(file.name.replace('\0', "")),
            Source::Csv(file.content.clone()),
        ),
        (None, Some(list)) => (None, Source::Paste(list)),
        (None, None) => {
            return Err(AppError::field(
                "list",
                "Paste at least one number, or choose a file",
            ));
        }
    };
    let input = NewBatch {
        name: form.get("name").to_owned(),
        file_name,
        text: form.text("text"),
        session: form.text("session"),
        source,
    };
    let seen = app.domain.batches.preview(ctx, input).await;
    let seen = seen.map_err(|error| error.into_app(ctx.request))?;
    Ok(routes::batch(seen.batch.id))
}
