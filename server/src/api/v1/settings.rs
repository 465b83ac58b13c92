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
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use types::{
    AppError, FieldError,
    pacing::{Limit, LimitValue, Limits, Unit},
    settings::{PatchSettings, Settings},
};

pub async fn get(State(app): State<AppState>, Caller(ctx): Caller) -> Result<Response, ApiError> {
    Ok(shape::ok(&flat(app.domain.settings.get(&ctx).await?)))
}

/// Every limit is a field of its own, and beside it what the platform sets.
fn flat(settings: Settings) -> Map<String, Value> {
    let mut object = Map::from_iter([
        ("name".to_owned(), settings.name.into()),
        ("time_zone".to_owned(), settings.time_zone.into()),
        ("main_number".to_owned(), settings.main_number.into()),
        ("allow_list".to_owned(), settings.allow_list.into()),
        ("opt_outs".to_owned(), settings.opt_outs.into()),
    ]);
    for limit in Limit::ALL {
        let value = |limits: &Limits| json!(limit.write(limits.get(*limit)));
        object.insert(limit.name().into(), value(&settings.limits));
        object.insert(format!("platform_{}", limit.name()), value(&settings.platform));
    }
    object
}

/// A field that is absent stays; `null` inherits the platform's value again.
pub async fn patch(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    body: Body<SMALL>,
) -> Result<Response, ApiError> {
    let patch = read(Fields::parse(&body.bytes)?.rest())?;
    Ok(shape::ok(&flat(app.domain.settings.patch(&ctx, patch).await?)))
}

const FIELDS: [&str; 5] = ["name", "time_zone", "main_number", "allow_list", "opt_outs"];

/// A number, or text where a limit is written as text; `null` inherits.
fn is_limit(limit: Limit, value: &Value) -> bool {
    match value {
        Value::Null | Value::Number(_) => true,
        Value::Bool(_) => limit.unit() == Unit::Switch,
        Value::String(_) => limit.unit() == Unit::Window,
        _ => false,
    }
}

/// So many problems are told at once. A body of a megabyte may have a hundred thousand, and the
/// answer would be many times as long as what was asked.
const TOLD: usize = 20;
/// So much of a name is told.
const NAME: usize = 80;

/// Adds a problem with that field, or says as the last one that there are more; answers whether
/// looking on is of use.
fn add(bad: &mut Vec<FieldError>, name: &str) -> bool {
    let (field, message) = if bad.len() < TOLD {
        (name.chars().take(NAME).collect(), message(name))
    } else {
        let more = "There are more fields that are wrong. Mend these first.";
        (String::new(), more.to_owned())
    };
    bad.push(FieldError {
        field,
        code: "VALIDATION_ERROR".into(),
        message,
    });
    bad.len() <= TOLD
}

/// The limits of a body that holds nothing else.
pub fn read_limits(fields: Fields) -> Result<BTreeMap<String, LimitValue>, AppError> {
    let (object, mut bad) = fields.into_parts();
    let mut limits = BTreeMap::new();
    for (name, value) in object {
        match (Limit::from_name(&name), serde_json::from_value(value.clone())) {
            (Some(limit), Ok(read)) if is_limit(limit, &value) => {
                limits.insert(name, read);
            }
            _ if add(&mut bad, &name) => {}
            _ => break,
        }
    }
    if bad.is_empty() {
        Ok(limits)
    } else {
        Err(AppError::Invalid { fields: bad })
    }
}

/// Each field is read alone first, so that the one that is wrong can be named.
fn read(object: Map<String, Value>) -> Result<PatchSettings, AppError> {
    let mut bad = Vec::new();
    for (name, value) in &object {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        let strange = Limit::from_name(name).map_or_else(
            || !FIELDS.contains(&name.as_str()),
            |limit| !is_limit(limit, value),
        );
        let wrong = strange || serde_json::from_value::<PatchSettings>(alone).is_err();
        if wrong && !add(&mut bad, name) {
            break;
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
        "opt_outs" => "This must be a list of texts: the numbers that want no messages",
        _ if Limit::from_name(name).is_some_and(|limit| limit.unit() == Unit::Window) => {
            "This must be text such as \"09:00-17:00 mon-fri\", 0 for none, or null to inherit"
        }
        _ if Limit::from_name(name).is_some() => "This must be a whole number, or null to inherit",
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

    #[test]
    fn a_flood_of_problems_is_answered_in_short() {
        let many = || (0..50_000).map(|n| (format!("{n}{}", "x".repeat(500)), json!(1)));
        let fields = Fields::of(many().collect(), String::new());
        for result in [
            read(many().collect()).map(|_| ()),
            read_limits(fields).map(|_| ()),
        ] {
            let Err(AppError::Invalid { fields }) = result else {
                panic!("it was accepted")
            };
            assert_eq!(fields.len(), 21);
            assert!(fields.iter().all(|field| field.field.len() <= 80));
            assert!(fields[20].message.contains("There are more"), "{fields:?}");
        }
    }
}
