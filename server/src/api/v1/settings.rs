//! `/api/v1/settings`: one object.

use super::shape;
use crate::{
    AppState,
    api::{
        auth::Caller,
        body::{Body, SMALL},
        fields::Fields,
        problem::ApiError,
    },
};
use axum::{extract::State, response::Response};
use serde_json::{Map, Value};
use types::{AppError, FieldError, settings::PatchSettings};

pub async fn get(State(app): State<AppState>, Caller(ctx): Caller) -> Result<Response, ApiError> {
    Ok(shape::ok(&app.domain.settings.get(&ctx).await?))
}

/// A field that is absent stays; `null` inherits the platform's value again.
pub async fn patch(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let patch = read(Fields::parse(&body.bytes)?.rest())?;
    Ok(shape::ok(&app.domain.settings.patch(&ctx, patch).await?))
}

/// Each field is read alone first, so that the one that is wrong can be named.
fn read(object: Map<String, Value>) -> Result<PatchSettings, AppError> {
    let mut bad = Vec::new();
    for (name, value) in &object {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        if serde_json::from_value::<PatchSettings>(alone).is_err() {
            bad.push(FieldError {
                field: name.clone(),
                code: "VALIDATION_ERROR".into(),
                message: message(name),
            });
        }
    }
    if bad.is_empty() {
        serde_json::from_value(Value::Object(object))
            .map_err(|_| AppError::field("", "This could not be read"))
    } else {
        Err(AppError::Invalid { fields: bad })
    }
}

fn message(name: &str) -> String {
    match name {
        "name" | "time_zone" => "This must be text in quotes",
        "main_number" => "This must be text in quotes, or null for none",
        "allow_list" => "This must be a list of texts: numbers, group ids, or * alone",
        "delay_min_ms" | "delay_max_ms" => "This must be a whole number of milliseconds, or null to inherit",
        _ => "There is no such setting, or it cannot be changed",
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_bad_setting_is_named() {
        let check = |value: Value, expect: &[&str]| {
            let Value::Object(object) = value else {
                panic!("no object")
            };
            let names: Vec<String> = match read(object) {
                Err(AppError::Invalid { fields }) => fields.into_iter().map(|f| f.field).collect(),
                _ => Vec::new(),
            };
            assert_eq!(names, expect);
        };
        check(json!({"main_number": null, "delay_min_ms": 0}), &[]);
        check(
            json!({"delay_min_ms": "5", "colour": "red"}),
            &["colour", "delay_min_ms"],
        );
    }
}
