//! `POST /send`: one message.

use super::{Form, again, form::File, known, onwards};
use crate::AppState;
use app::{routes, ui::url};
use axum::{
    Extension,
    extract::{Request, State},
    response::Response,
};
use domain::{Ctx, media::Stored};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use types::{
    AppError, OrganizationId, Permission, RequestId,
    media::MediaKind,
    messages::{Accept, AcceptedRow, AttachmentInput, Class, Draft, FieldNames, Idempotency},
};

/// The largest attachment there is.
const MOST: i64 = MediaKind::Document.max_bytes();
/// The place of a sealed [`Kept`].
const PLACE: &str = "send/file";

/// A file that came with a form which was refused for another reason, so that nobody has to
/// choose it again. What it is called travels in the form, sealed: only who sent the file can name it.
#[derive(Serialize, Deserialize)]
struct Kept {
    organization: OrganizationId,
    stored: Stored,
    name: String,
}

pub async fn send(State(app): State<AppState>, ctx: Option<Extension<Ctx>>, request: Request) -> Response {
    let ctx = match known(ctx, routes::SEND) {
        Ok(ctx) => ctx,
        Err(door) => return *door,
    };
    let (parts, body) = request.into_parts();
    if let Err(error) = ctx.require(Permission::MessagesSend) {
        let error = error.into_app(ctx.request);
        return again(&app, &ctx, parts, Form::default(), error).await;
    }
    let (mut form, read) = Form::read(&parts, body, MOST).await;
    if let Err(error) = read {
        return again(&app, &ctx, parts, form, error).await;
    }
    match queue(&app, &ctx, &mut form).await {
        Ok(row) => onwards(&url::href(routes::SEND, &[("sent", &row.id.to_string())])),
        Err(error) => {
            keep(&app, &ctx, &mut form, &error).await;
            again(&app, &ctx, parts, form, error).await
        }
    }
}

async fn queue(app: &AppState, ctx: &Ctx, form: &mut Form) -> Result<AcceptedRow, AppError> {
    let token: RequestId = form.get("token").parse().map_err(|_| {
        AppError::field(
            "",
            "The form could not be read. Load the page again and try once more.",
        )
    })?;
    if form.file.is_none() && form.text("drop_file").is_none() {
        form.file = kept(app, ctx, form.get("kept")).await;
    }
    let attachment = match (form.text("media_url"), form.file.clone()) {
        (Some(_), Some(_)) => {
            return Err(AppError::field(
                "media_url",
                "Give a file or an address, not both",
            ));
        }
        (Some(url), None) => Some(AttachmentInput::Url {
            url: url.trim().to_owned(),
            kind: MediaKind::from_name(form.get("media_kind")),
        }),
        // What browsers claim a file to be is wrong too often: the content says it.
        (None, Some(file)) => Some(AttachmentInput::Bytes {
            data: file.content.to_vec().into(),
            mime: String::new(),
            filename: Some(file.name),
        }),
        (None, None) => None,
    };
    let draft = Draft {
        to: form.get("to").to_owned(),
        text: form.text("text"),
        attachment,
        session: form.text("session"),
        reference_id: form.text("reference_id").map(|text| text.trim().to_owned()),
        names: names(),
    };
    let is_blank = draft.text.is_none() && draft.attachment.is_none();
    let input = Accept {
        drafts: vec![draft],
        once: false,
        class: Class::Single,
        idempotency: Some(Idempotency {
            key: format!("form {token}"),
            fingerprint: fingerprint(form),
        }),
    };
    let accepted = app.domain.messages.accept(ctx, input).await;
    let accepted = accepted.map_err(|error| match error.into_app(ctx.request) {
        AppError::Conflict { code, .. } if code == "IDEMPOTENCY_KEY_REUSED" => AppError::conflict(
            "FORM_SENT",
            "This form was sent before, with other words. Press Send once more to send this message as well.",
        ),
        other => other,
    })?;
    let row = accepted.rows.into_iter().next();
    let row = row.unwrap_or(Err(AppError::Internal {
        request_id: Some(ctx.request),
    }));
    row.map_err(|error| if is_blank { either(error) } else { error })
}

/// The form calls the message optional, for it may be an attachment alone.
fn either(mut error: AppError) -> AppError {
    if let AppError::Invalid { fields } = &mut error {
        for field in fields.iter_mut().filter(|field| field.field == "text") {
            field.message = "Write a message, or attach a file".into();
        }
    }
    error
}

fn names() -> FieldNames {
    FieldNames {
        media_url: "media_url".into(),
        media_data: "file".into(),
        media_mime: "file".into(),
        ..FieldNames::native()
    }
}

/// Two posts of one form are the same when everything that is sent is.
fn fingerprint(form: &Form) -> String {
    let mut hash = Sha256::new();
    for name in ["to", "session", "text", "media_url", "media_kind", "reference_id"] {
        hash.update(form.get(name));
        hash.update([0]);
    }
    if let Some(file) = &form.file {
        hash.update(&file.name);
        hash.update([0]);
        hash.update(&file.content);
    }
    crate::hex(&hash.finalize())
}

/// Has the form that goes back remember its file, unless that is what was wrong.
async fn keep(app: &AppState, ctx: &Ctx, form: &mut Form, error: &AppError) {
    for name in ["token", "kept", "kept_name"] {
        form.set(name, String::new());
    }
    let (Some(file), None, Some(organization)) =
        (form.file.clone(), error.for_field("file"), ctx.organization)
    else {
        return;
    };
    let Ok(stored) = app.domain.media.keep(ctx, file.content).await else {
        return;
    };
    let kept = Kept {
        organization,
        stored,
        name: file.name.clone(),
    };
    let sealed = serde_json::to_vec(&kept)
        .ok()
        .and_then(|json| app.domain.shared.secrets.seal(PLACE, &json).ok());
    if let Some(sealed) = sealed {
        form.set("kept", sealed);
        form.set("kept_name", file.name);
    }
}

async fn kept(app: &AppState, ctx: &Ctx, sealed: &str) -> Option<File> {
    let json = app.domain.shared.secrets.unseal(PLACE, sealed).ok()?;
    let kept: Kept = serde_json::from_slice(&json).ok()?;
    if Some(kept.organization) != ctx.organization {
        return None;
    }
    let content = app.domain.media.kept(ctx, &kept.stored).await.ok()?;
    Some(File {
        name: kept.name,
        content,
    })
}
