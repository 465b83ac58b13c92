//! From what was filled in to the call that is shown, written out in every language, and sent.

use super::{
    model::{Endpoint, Input, Kind, Place},
    tree::Tree,
};
use crate::ui::url;
use std::collections::BTreeMap;

/// What was filled in, by [`Input::key`].
pub type Values = BTreeMap<String, String>;

/// A call without its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub method: String,
    /// With the query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<Tree>,
}

/// What keeps a form from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    Missing,
    NoNumber,
    NoJson,
}

/// What the form holds at first.
pub fn start(endpoint: &Endpoint) -> Values {
    endpoint
        .inputs
        .iter()
        .map(|input| (input.key(), input.start.clone()))
        .collect()
}

/// What must be filled in otherwise before the call can be made; the server judges the rest.
pub fn slips(endpoint: &Endpoint, values: &Values) -> BTreeMap<String, Slip> {
    let mut slips = BTreeMap::new();
    for input in &endpoint.inputs {
        let text = values.get(&input.key()).map_or("", String::as_str);
        let slip = if text.trim().is_empty() {
            input.required.then_some(Slip::Missing)
        } else {
            match input.kind {
                Kind::Number => text.trim().parse::<i64>().err().map(|_| Slip::NoNumber),
                Kind::Json => Tree::read(text).is_none().then_some(Slip::NoJson),
                _ => None,
            }
        };
        if let Some(slip) = slip {
            slips.insert(input.key(), slip);
        }
    }
    slips
}

/// The call as it is filled in. Where the path is not, the example stands in its place.
pub fn build(endpoint: &Endpoint, values: &Values) -> Call {
    let mut path = endpoint.line.path.clone();
    let mut query = String::new();
    let mut headers = Vec::new();
    let mut body = Tree::Object(Vec::new());
    for input in &endpoint.inputs {
        let text = values.get(&input.key()).map_or("", String::as_str);
        if input.place == Place::Path {
            let text = if text.trim().is_empty() {
                &input.example
            } else {
                text
            };
            path = path.replace(&format!("{{{}}}", input.name), &url::encode(text.trim()));
            continue;
        }
        if text.trim().is_empty() {
            continue;
        }
        match input.place {
            Place::Query => {
                query.push(if query.is_empty() { '?' } else { '&' });
                query.push_str(&url::encode(&input.name));
                query.push('=');
                query.push_str(&url::encode(text.trim()));
            }
            Place::Header => headers.push((input.name.clone(), text.trim().to_owned())),
            Place::Body | Place::Path => body.put(&input.name, value(input, text)),
        }
    }
    Call {
        method: endpoint.line.method.clone(),
        path: path + &query,
        headers,
        body: endpoint.has_body.then_some(body),
    }
}

fn value(input: &Input, text: &str) -> Tree {
    let as_text = || Tree::Text(text.to_owned());
    match input.kind {
        Kind::Number => {
            let number = text.trim();
            number
                .parse::<i64>()
                .map_or_else(|_| as_text(), |number| Tree::Number(number.to_string()))
        }
        Kind::Flag => Tree::Flag(text == "true"),
        Kind::Lines => Tree::List(
            text.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(|line| Tree::Text(line.to_owned()))
                .collect(),
        ),
        Kind::Json => Tree::read(text).unwrap_or_else(as_text),
        Kind::Text | Kind::Long | Kind::Choice(_) | Kind::Session => as_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::model::{Good, Line};

    fn input(name: &str, place: Place, kind: Kind, required: bool) -> Input {
        Input {
            name: name.into(),
            place,
            kind,
            required,
            word: String::new(),
            about: String::new(),
            start: String::new(),
            example: "EXAMPLE".into(),
        }
    }

    fn endpoint() -> Endpoint {
        Endpoint {
            line: Line {
                id: "post-x-id".into(),
                method: "POST".into(),
                path: "/api/x/{id}".into(),
                summary: String::new(),
            },
            about: String::new(),
            scope: None,
            inputs: vec![
                input("id", Place::Path, Kind::Text, true),
                input("q", Place::Query, Kind::Text, false),
                input("Idempotency-Key", Place::Header, Kind::Text, false),
                input("to", Place::Body, Kind::Text, true),
                input("media.url", Place::Body, Kind::Text, false),
                input("count", Place::Body, Kind::Number, false),
                input("scopes", Place::Body, Kind::Lines, false),
                input("rows", Place::Body, Kind::Json, false),
            ],
            has_body: true,
            good: Good {
                status: "200".into(),
                about: String::new(),
                fields: Vec::new(),
            },
            fails: Vec::new(),
        }
    }

    fn filled(pairs: &[(&str, &str)]) -> Values {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn every_value_goes_to_its_place() {
        let values = filled(&[
            ("path-id", "a/b c"),
            ("query-q", "x&y=z"),
            ("header-Idempotency-Key", "k"),
            ("body-to", " 62 "),
            ("body-media.url", "https://a.example/x"),
            ("body-count", "7"),
            ("body-scopes", "one\n\n two "),
            ("body-rows", "[{\"b\":1,\"a\":2}]"),
        ]);
        let call = build(&endpoint(), &values);
        assert_eq!(call.path, "/api/x/a%2Fb%20c?q=x%26y%3Dz");
        assert_eq!(call.headers, [("Idempotency-Key".to_owned(), "k".to_owned())]);
        let expect = r#"{"to":" 62 ","media":{"url":"https://a.example/x"},"count":7,"scopes":["one","two"],"rows":[{"b":1,"a":2}]}"#;
        assert_eq!(call.body, Tree::read(expect));
        assert!(slips(&endpoint(), &values).is_empty());
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let values = filled(&[("body-count", "x"), ("body-rows", "[")]);
        let found = slips(&endpoint(), &values);
        let expect = [
            ("body-count", Slip::NoNumber),
            ("body-rows", Slip::NoJson),
            ("body-to", Slip::Missing),
            ("path-id", Slip::Missing),
        ];
        assert_eq!(found, expect.map(|(key, slip)| (key.to_owned(), slip)).into());
        assert_eq!(build(&endpoint(), &values).path, "/api/x/EXAMPLE");
    }
}
