//! The vocabulary's own nouns as the API spells them: the same fields, times as RFC 3339.

use crate::api::reply;
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use types::Timestamp;

/// 200 with that noun.
pub fn ok(noun: &impl Serialize) -> Response {
    reply::ok(&value(noun))
}

/// 201 with that noun.
pub fn created(noun: &impl Serialize) -> Response {
    reply::json(StatusCode::CREATED, &value(noun))
}

/// A list that always fits on one page.
pub fn list<T: Serialize>(nouns: &[T]) -> Response {
    reply::ok(&serde_json::json!({ "data": value(&nouns), "next": null }))
}

/// Between server and browser moments travel as numbers; here they are for people and for
/// other people's programs.
pub fn value(noun: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(noun).unwrap_or_default();
    tell_times(&mut value);
    value
}

fn tell_times(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(tell_times),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_i64() {
                    Some(millis) if is_moment(name) => *field = Timestamp(millis).rfc3339().into(),
                    _ => tell_times(field),
                }
            }
        }
        _ => {}
    }
}

fn is_moment(name: &str) -> bool {
    matches!(name, "at" | "as_of" | "timestamp") || name.ends_with("_at") || name.ends_with("_since")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_are_written_out_and_numbers_stay() {
        let told = value(&json!({
            "created_at": 0, "sent_at": null, "delay_ms": 5, "gates": [{"opens_at": 1_000, "open": true}],
            "data": {"at": 2_000, "format": 3},
        }));
        assert_eq!(
            told,
            json!({
                "created_at": "1970-01-01T00:00:00.000Z", "sent_at": null, "delay_ms": 5,
                "gates": [{"opens_at": "1970-01-01T00:00:01.000Z", "open": true}],
                "data": {"at": "1970-01-01T00:00:02.000Z", "format": 3},
            })
        );
    }
}
