//! As much of JSON Schema as the description uses, to hold examples and answers against it.

use serde_json::{Map, Value};

/// What is wrong with that value; nothing if it keeps to the schema. A field that the schema does
/// not know is wrong too: nobody would have told the callers of it.
pub fn problems(all: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(all, schema, value, "", &mut found);
    found
}

/// The schema itself, where it only names another.
pub fn resolve<'a>(all: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => all
            .pointer(name.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{name} is not in the description")),
        None => schema,
    }
}

/// The fields of an object with those of everything that it is made of.
pub fn fields(all: &Value, schema: &Value) -> Map<String, Value> {
    let schema = resolve(all, schema);
    let mut fields = schema["properties"].as_object().cloned().unwrap_or_default();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fields.extend(self::fields(all, part));
    }
    fields
}

fn required(all: &Value, schema: &Value) -> Vec<String> {
    let schema = resolve(all, schema);
    let names = |list: &Value| -> Vec<String> {
        let names = list.as_array().into_iter().flatten();
        names
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect()
    };
    let mut required = names(&schema["required"]);
    for part in schema["allOf"].as_array().into_iter().flatten() {
        required.extend(self::required(all, part));
    }
    required
}

fn check(all: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolve(all, schema);
    if let Some(ways) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        if !ways.iter().any(|way| problems(all, way, value).is_empty()) {
            found.push(format!("{at}: {value} is none of {}", schema["oneOf"]));
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ if schema["allOf"].is_array() => vec!["object"],
        _ => return,
    };
    if !types.iter().any(|kind| is(kind, value)) {
        found.push(format!("{at}: {value} is not {types:?}"));
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
        && !value.is_null()
    {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                check(all, &schema["items"], item, &format!("{at}[{index}]"), found);
            }
        }
        Value::Object(object) => {
            let known = fields(all, schema);
            for name in required(all, schema) {
                if !object.contains_key(&name) {
                    found.push(format!("{at}.{name} is missing"));
                }
            }
            for (name, value) in object {
                match known.get(name) {
                    Some(schema) => check(all, schema, value, &format!("{at}.{name}"), found),
                    None if known.is_empty() => {}
                    None => found.push(format!("{at}.{name} is not described")),
                }
            }
        }
        _ => {}
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the description has the type {other}"),
    }
}
