//! `/api/v1/keys`. The key itself is in one answer only, the one that made it.

use super::{id, shape};
use crate::{
    AppState,
    api::{
        auth::Caller,
        body::{Body, SMALL},
        fields::Fields,
        problem::ApiError,
        reply,
    },
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use types::{
    Permission,
    keys::{ApiKey, CreateKey},
};
use utoipa::ToSchema;

/// A key and its description.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedKey)]
pub struct Created {
    #[serde(flatten)]
    key: ApiKey,
    /// The key itself: nobody can show it again.
    secret: String,
}

pub async fn list(State(app): State<AppState>, Caller(ctx): Caller) -> Result<Response, ApiError> {
    Ok(shape::list(&app.domain.keys.list(&ctx).await?))
}

pub async fn create(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let mut fields = Fields::parse(&body.bytes)?;
    let name = fields.required("name", "Give the key a name");
    let scopes = scopes(&mut fields);
    let expires_in_days = fields.number("expires_in_days");
    let session = fields.word(
        "session",
        "There is no such session in this organization",
        |text| text.parse().ok(),
    );
    fields.finish()?;
    let input = CreateKey {
        name: name.unwrap_or_default(),
        scopes,
        expires_in_days,
        session,
    };
    let created = app.domain.keys.create(&ctx, input).await?;
    Ok(shape::created(&Created {
        key: created.key,
        secret: created.secret,
    }))
}

fn scopes(fields: &mut Fields) -> Vec<Permission> {
    let list = fields.list("scopes").unwrap_or_default();
    let mut scopes = Vec::with_capacity(list.len());
    for (index, scope) in list.iter().enumerate() {
        if let Some(Ok(scope)) = scope.as_str().map(str::parse) {
            scopes.push(scope);
        } else {
            let known: Vec<_> = Permission::ALL.iter().map(|p| p.name()).collect();
            let message = format!("Scopes are {}", known.join(", "));
            fields.refuse::<()>(&format!("scopes[{index}]"), message);
        }
    }
    scopes
}

pub async fn revoke(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    Path(key): Path<String>,
) -> Result<Response, ApiError> {
    app.domain.keys.revoke(&ctx, id(&key, "API key")?).await?;
    Ok(reply::nothing())
}
