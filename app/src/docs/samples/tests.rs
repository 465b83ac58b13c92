//! What people type must stay text in every language.

use super::{Lang, Sample};
use crate::docs::{
    call::Call,
    tree::{Tree, unseen},
};

const NASTY: &str =
    "It's \"quoted\" \\ $total ${x} `id` #{y} %s {z}\nnext\r\tend \u{0}\u{7}\u{2028}\u{202e} </script> é 🍵";

fn sample_of(text: &str) -> Call {
    let mut body = Tree::Object(Vec::new());
    body.put("number", Tree::Text("6281234567890".into()));
    body.put("message", Tree::Text(text.to_owned()));
    Call {
        method: "POST".into(),
        path: "/api/send".into(),
        headers: Vec::new(),
        body: Some(body),
    }
}

fn written(lang: Lang, text: &str) -> String {
    let call = sample_of(text);
    lang.write(&Sample {
        call: &call,
        base: "https://wa.example",
        key: "sb_it's",
    })
}

#[track_caller]
fn check(lang: Lang, expect: &str) {
    let sample = written(lang, NASTY);
    assert!(sample.contains(expect), "{lang:?} lacks {expect}\n{sample}");
}

#[test]
fn texts_are_quoted_as_the_language_asks() {
    check(
        Lang::Curl,
        r#""message": "It'\''s \"quoted\" \\ $total ${x} `id` #{y} %s {z}\nnext\r\tend \u0000\u0007"#,
    );
    check(Lang::Curl, r"-H 'X-API-Key: sb_it'\''s'");
    check(
        Lang::Php,
        r#"'message' => "It's \"quoted\" \\ \$total \${x} `id` #{y} %s {z}\nnext\r\tend \u{0}\u{7}\u{2028}\u{202e} </script>"#,
    );
    check(Lang::Php, r"'X-API-Key: sb_it\'s'");
    for lang in [Lang::Fetch, Lang::Axios] {
        check(
            lang,
            r#"message: "It's \"quoted\" \\ $total ${x} `id` #{y} %s {z}\nnext\r\tend \u0000\u0007\u2028\u202e <\/script> é 🍵""#,
        );
        check(lang, r#""X-API-Key": "sb_it's""#);
    }
    check(
        Lang::Python,
        r#""message": "It's \"quoted\" \\ $total ${x} `id` #{y} %s {z}\nnext\r\tend \x00\x07\u2028\u202e </script>"#,
    );
    check(
        Lang::CSharp,
        r#"["message"] = "It's \"quoted\" \\ $total ${x} `id` #{y} %s {z}\nnext\r\tend \u0000\u0007\u2028\u202e </script>"#,
    );
    for lang in [Lang::Dio, Lang::DartHttp] {
        check(
            lang,
            r#"'message': 'It\'s "quoted" \\ \$total \${x} `id` #{y} %s {z}\nnext\r\tend \u{0}\u{7}\u{2028}\u{202e} </script>"#,
        );
        check(lang, r"'X-API-Key': 'sb_it\'s'");
    }
}

#[test]
fn nothing_unseen_stands_in_a_sample() {
    for lang in Lang::ALL {
        let sample = written(*lang, NASTY);
        let unseen = sample.chars().find(|c| unseen(*c) || *c == '\t' || *c == '\r');
        assert_eq!(unseen, None, "{lang:?}\n{sample}");
    }
}

#[test]
fn a_call_without_a_body_says_nothing_of_one() {
    let call = Call {
        method: "GET".into(),
        path: "/api/v1/queue?state=pending".into(),
        headers: Vec::new(),
        body: None,
    };
    for lang in Lang::ALL {
        let sample = lang.write(&Sample {
            call: &call,
            base: "https://wa.example",
            key: "sb_1",
        });
        assert!(
            sample.contains("https://wa.example/api/v1/queue?state=pending"),
            "{sample}"
        );
        assert!(
            !sample.contains("application/json") && !sample.contains("body ="),
            "{sample}"
        );
    }
}

#[test]
fn other_values_are_the_languages_own() {
    let body = Tree::read(r#"{"a":{},"b":[true,false,null,7,[]],"__proto__":"x"}"#).unwrap();
    let call = Call {
        body: Some(body),
        ..sample_of("")
    };
    for (lang, parts) in [
        (Lang::Php, ["new stdClass()", "null", "'b' => ["]),
        (Lang::Python, ["True", "None", "\"b\": ["]),
        (Lang::Fetch, ["a: {}", "[\"__proto__\"]: \"x\"", "b: ["]),
        (
            Lang::CSharp,
            ["new Dictionary<string, object?>()", "null", "new object?[] {"],
        ),
        (Lang::Dio, ["<String, dynamic>{}", "null", "'b': ["]),
    ] {
        let sample = lang.write(&Sample {
            call: &call,
            base: "",
            key: "",
        });
        for part in parts {
            assert!(sample.contains(part), "{lang:?} lacks {part}\n{sample}");
        }
    }
}

#[test]
fn names_lead_back() {
    for lang in Lang::ALL {
        assert_eq!(Lang::from_name(lang.name()), Some(*lang));
    }
}
