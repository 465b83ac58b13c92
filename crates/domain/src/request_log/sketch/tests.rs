//! Bodies as they are kept.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn kept(text: &str) -> String {
    body(text.as_bytes()).expect("text")
}

#[test]
fn a_body_without_secrets_stays_as_it_came() {
    for text in [
        r#"{"number":"923001234567","message":"Hello \"you\"\n✓", "n": -1.5e3, "flag":true, "none":null}"#,
        "[]",
        "",
        "  {\n \"a\" : [1, 2,3] }\n",
        "it's no JSON at all: 'a",
        "{",
    ] {
        assert_eq!(kept(text), text);
    }
}

#[test]
fn secrets_go_whatever_they_are() {
    for (given, expect) in [
        (r#"{"password":"x","b":1}"#, r#"{"password":"[masked]","b":1}"#),
        (
            r#"{"api_key" : 12345 , "b":1}"#,
            r#"{"api_key" : "[masked]", "b":1}"#,
        ),
        (
            r#"{"token":{"a":["}",{}]},"b":1}"#,
            r#"{"token":"[masked]","b":1}"#,
        ),
        (r#"{"secret":["a","b"]}"#, r#"{"secret":"[masked]"}"#),
        (r#"{"pass\u0077ord":"x"}"#, r#"{"pass\u0077ord":"[masked]"}"#),
        (
            r#"{"a":{"client_secret":null}}"#,
            r#"{"a":{"client_secret":"[masked]"}}"#,
        ),
        (r#"{"password":"x"#, r#"{"password":"[masked]""#),
        ("{password: 'x', b: 1}", "{password: \"[masked]\", b: 1}"),
        ("password=hunter2&b=1", "password=\"[masked]\"&b=1"),
        (
            r#"{"pass":"x","jwt":"x","pin":1234,"signature":"x","csrf":"x","number":"62812","code":"E"}"#,
            r#"{"pass":"[masked]","jwt":"[masked]","pin":"[masked]","signature":"[masked]","csrf":"[masked]","number":"62812","code":"E"}"#,
        ),
        (
            r#"{"media":{"url":"https://ana:hunter2@f.example/a.png?w=5&X-Amz-Signature=abc"}}"#,
            r#"{"media":{"url":"https://[masked]@f.example/a.png?w=5&X-Amz-Signature=[masked]"}}"#,
        ),
        (
            r#"{"mediaUrl":"https:\/\/ana:hunter2@f.example\/a.png","b":"c:\/d"}"#,
            r#"{"mediaUrl":"https://[masked]@f.example/a.png","b":"c:\/d"}"#,
        ),
        (
            "mediaUrl=https://ana:hunter2@f.example/a?sig=abc&b=1",
            "mediaUrl=https://[masked]@f.example/a?sig=\"[masked]\"&b=1",
        ),
    ] {
        assert_eq!(kept(given), expect, "{given}");
    }
}

#[test]
fn the_answer_that_shows_a_key_once_is_kept_without_it() {
    let key = format!("sb_{}", "a1B2c3D4".repeat(7));
    let told = kept(&json!({"id": "key_1", "prefix": &key[..11], "secret": key, "note": key}).to_string());
    assert!(!told.contains(&key[12..]), "{told}");
    assert!(told.contains(r#""prefix":"sb_a1B2c3D4""#), "{told}");
    let spelled = key.replace('_', "\\u005f");
    assert_eq!(kept(&format!("[\"{spelled}\"]")), "[\"[masked]\"]");
}

#[test]
fn an_attachment_is_shortened_and_the_rest_is_kept() {
    let data = "iVBORw0KGgoAAAANSUhEUgAA".repeat(100_000);
    let told = kept(&json!({"media": {"data": data, "mime": "image/png"}, "text": "Look"}).to_string());
    assert!(told.contains("iVBORw0KGgo") && told.len() < 300, "{told}");
    assert!(told.contains("bytes more\""), "{told}");
    let read: Value = serde_json::from_str(&told).expect("still JSON");
    assert_eq!(
        (&read["text"], &read["media"]["mime"]),
        (&json!("Look"), &json!("image/png"))
    );
    let small = json!({"data": "QUJD".repeat(400)}).to_string();
    assert!(kept(&small).len() < 150);
}

#[test]
fn a_long_address_is_masked_before_it_is_shortened() {
    let url = format!(
        "https://ana:{}@f.example/{}",
        "hunter2".repeat(10),
        "a".repeat(20_000)
    );
    let told = kept(&json!({"media": {"url": url}, "text": "Look"}).to_string());
    assert!(!told.contains("hunter2") && told.contains("[masked]"), "{told}");
}

#[test]
fn a_long_body_says_how_much_is_missing() {
    let rows: Vec<_> = (0..10_000)
        .map(|n| json!({"number": "923001234567", "n": n}))
        .collect();
    let text = json!({ "messages": rows }).to_string();
    let told = kept(&text);
    assert!(told.len() < KEPT + 100, "{}", told.len());
    let (start, missing) = told.rsplit_once("… ").unwrap();
    assert_eq!(missing, format!("{} bytes more", text.len() - start.len()));
    let long = "wörter ".repeat(5_000);
    let told = kept(&json!({"text": long, "after": 1}).to_string());
    assert!(
        told.ends_with(r#""after":1}"#) || told.contains(r#""after":1"#),
        "{told}"
    );
}

#[test]
fn what_is_no_text_is_not_kept() {
    assert_eq!(body(b"{\"a\":\"\xff\xfe\"}"), None);
    assert_eq!(body(b"\x89PNG\0\0"), None);
    assert_eq!(body(b"[\"a\0b\"]"), None);
}

#[test]
fn texts_are_cut_between_characters() {
    assert_eq!(shortened("abc", 3), "abc");
    assert_eq!(shortened("aé€z", 4), "aé… 4 bytes more");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        "[A-Za-z0-9+/]{500,700}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z_]{1,12}", inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Puts the secret under that name somewhere into the value.
fn plant(value: Value, name: &str, secret: &Value) -> Value {
    match value {
        Value::Object(mut map) => {
            map.insert(name.into(), secret.clone());
            Value::Object(map)
        }
        other => json!([other, { name: secret }, "end"]),
    }
}

const NAMES: &[&str] = &[
    "password",
    "secret",
    "token",
    "api_key",
    "apiKey",
    "access_token",
    "clientSecret",
    "X-API-Key",
    "Cookie",
];

proptest! {
    #[test]
    fn no_secret_passes(
        value in any_json(), name in prop::sample::select(NAMES), secret in "[g-z]{24}", pretty: bool, deep: bool,
    ) {
        let hidden = if deep { json!({"a": [secret, {"b": secret}]}) } else { json!(secret) };
        let value = plant(value, name, &hidden);
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let told = body(text.unwrap().as_bytes()).unwrap();
        prop_assert!(!told.contains(&secret), "{}", told);
    }

    #[test]
    fn no_key_passes(value in any_json(), key in "sb_[0-9A-Za-z]{51}", cut in 0_usize..200) {
        let text = json!([value, { "note": format!("{} {key}", "x".repeat(cut)) }]).to_string();
        let told = kept(&text);
        prop_assert!(!told.contains(&key[12..]), "{}", told);
        // Broken off anywhere, nothing more is told.
        let end = text.floor_char_boundary(text.len().saturating_sub(cut));
        prop_assert!(!kept(&text[..end]).contains(&key[12..]));
    }

    #[test]
    fn anything_at_all_is_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Some(told) = body(&bytes) {
            prop_assert!(!told.contains('\0'));
        }
    }

    #[test]
    fn small_json_stays_json(value in any_json()) {
        let text = value.to_string();
        prop_assume!(text.len() < KEPT);
        let told = kept(&text);
        prop_assert!(serde_json::from_str::<Value>(&told).is_ok(), "{}", told);
    }
}
