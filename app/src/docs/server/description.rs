//! Reads the served description into what the page shows. Only the server does this: a page gets
//! the list and the one endpoint that it shows.

use super::text::text;
use crate::{
    docs::{
        model::{Endpoint, FIRST_SESSION, Fail, Good, Group, Input, Kind, Line, Output, Place, Section},
        tree::Tree,
    },
    i18n::fill,
};
use std::sync::Arc;

/// How deep the fields of an answer are told.
const DEEP: usize = 4;

const VERBS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The description as it is served, and read.
#[derive(Clone, Debug)]
pub struct Description {
    pub text: Arc<str>,
    tree: Arc<Tree>,
}

impl Description {
    pub fn new(text: String) -> Self {
        let tree = Tree::read(&text).unwrap_or(Tree::Null);
        Self {
            text: text.into(),
            tree: Arc::new(tree),
        }
    }

    /// Where the API is reached.
    pub fn base(&self) -> String {
        let servers = self.tree.get("servers").map(Tree::items).unwrap_or_default();
        servers
            .first()
            .map(|server| server.word("url"))
            .unwrap_or_default()
    }

    /// The introduction by its headings; what stands before the first has no title.
    pub fn sections(&self) -> Vec<Section> {
        let about = self.tree.get("info").map(|info| info.word("description"));
        let about = about.unwrap_or_default();
        let mut parts = about.split("\n\n## ");
        let mut sections: Vec<Section> = parts
            .next()
            .map(|text| Section {
                title: String::new(),
                text: text.trim().to_owned(),
            })
            .into_iter()
            .collect();
        sections.extend(parts.map(|part| {
            let (title, text) = part.split_once('\n').unwrap_or((part, ""));
            Section {
                title: title.to_owned(),
                text: text.trim().to_owned(),
            }
        }));
        sections
    }

    pub fn groups(&self) -> Vec<Group> {
        let tags = self.tree.get("tags").map(Tree::items).unwrap_or_default();
        tags.iter()
            .map(|tag| {
                let name = tag.word("name");
                let endpoints = self
                    .operations()
                    .filter(|(_, _, operation)| tag_of(operation) == name)
                    .map(|(path, verb, operation)| line(path, verb, operation))
                    .collect();
                Group { name, endpoints }
            })
            .collect()
    }

    pub fn endpoint(&self, id: &str) -> Option<Endpoint> {
        let (path, verb, operation) = self
            .operations()
            .find(|(_, _, operation)| operation.word("operationId") == id)?;
        let mut inputs: Vec<Input> = operation
            .get("parameters")
            .map(Tree::items)
            .unwrap_or_default()
            .iter()
            .map(|param| self.param(param))
            .collect();
        let content = operation.at(&["requestBody", "content", "application/json"]);
        if let Some(content) = content {
            let example = content.get("example").cloned().unwrap_or(Tree::Null);
            if let Some(schema) = content.get("schema") {
                self.fields(schema, "", &example, true, &mut inputs);
            }
        }
        // The example of a session is nobody's; the form offers the real ones.
        let sends = operation.word("operationId").contains("send") || path == "/api/v1/messages";
        for input in &mut inputs {
            if input.kind == Kind::Session {
                input.start = if sends {
                    FIRST_SESSION.to_owned()
                } else {
                    String::new()
                };
            }
        }
        let (good, fails) = self.answers(operation);
        Some(Endpoint {
            line: line(path, verb, operation),
            about: operation.word("description"),
            scope: scope(operation),
            inputs,
            has_body: content.is_some(),
            good,
            fails,
        })
    }

    fn operations(&self) -> impl Iterator<Item = (&str, &'static str, &Tree)> {
        let paths = self.tree.get("paths").map(Tree::entries).unwrap_or_default();
        paths.iter().flat_map(|(path, item)| {
            VERBS
                .into_iter()
                .filter_map(move |verb| Some((path.as_str(), verb, item.get(verb)?)))
        })
    }

    fn resolve<'a>(&'a self, schema: &'a Tree) -> &'a Tree {
        // Something that may be null is one of null and itself.
        if let Some(ways) = schema.get("oneOf") {
            let real = ways.items().iter().find(|way| way.word("type") != "null");
            return real.map_or(schema, |real| self.resolve(real));
        }
        let Some(name) = schema.get("$ref").and_then(Tree::text) else {
            return schema;
        };
        let names: Vec<&str> = name.trim_start_matches("#/").split('/').collect();
        self.tree.at(&names).map_or(schema, |found| self.resolve(found))
    }

    /// The fields of an object with whether each must be there.
    fn properties<'a>(&'a self, schema: &'a Tree) -> Vec<(&'a str, &'a Tree, bool)> {
        let schema = self.resolve(schema);
        let parts = schema.get("allOf").map(Tree::items).unwrap_or_default();
        let mut all: Vec<_> = parts.iter().flat_map(|part| self.properties(part)).collect();
        let required = schema.get("required").map(Tree::items).unwrap_or_default();
        let own = schema.get("properties").map(Tree::entries).unwrap_or_default();
        all.extend(own.iter().map(|(name, field)| {
            let must = required.iter().any(|one| one.text() == Some(name));
            (name.as_str(), field, must)
        }));
        all
    }

    fn param(&self, param: &Tree) -> Input {
        let nothing = Tree::Null;
        let schema = param.get("schema").unwrap_or(&nothing);
        let example = param.word("example");
        let place = match param.word("in").as_str() {
            "path" => Place::Path,
            "header" => Place::Header,
            _ => Place::Query,
        };
        let mut kind = self.kind(schema);
        if example.starts_with("ses_") {
            kind = Kind::Session;
        }
        Input {
            name: param.word("name"),
            place,
            kind,
            required: param.get("required") == Some(&Tree::Flag(true)),
            word: self.word(schema),
            about: told(param.word("description"), words(self.resolve(schema))),
            start: String::new(),
            example,
        }
    }

    /// The fields of a body, those of objects in it under their dotted names.
    fn fields(&self, schema: &Tree, before: &str, example: &Tree, must: bool, inputs: &mut Vec<Input>) {
        for (name, field, required) in self.properties(schema) {
            let name = format!("{before}{name}");
            let own = example.get(name.rsplit('.').next().unwrap_or(&name));
            let inner = self.resolve(field);
            if !self.properties(field).is_empty() {
                let own = own.unwrap_or(&Tree::Null);
                self.fields(inner, &format!("{name}."), own, must && required, inputs);
                continue;
            }
            let mut kind = self.kind(field);
            if kind == Kind::Text && matches!(name.as_str(), "message" | "text") {
                kind = Kind::Long;
            }
            inputs.push(Input {
                place: Place::Body,
                required: must && required,
                word: self.word(field),
                about: told(self.about(field), words(inner).or_else(|| self.item_words(inner))),
                start: own.map(|value| written(value, &kind)).unwrap_or_default(),
                example: String::new(),
                kind,
                name,
            });
        }
    }

    fn about(&self, field: &Tree) -> String {
        // What may be null says it beside the reference.
        let ways = field.get("oneOf").map(Tree::items).unwrap_or_default();
        let said = std::iter::once(field)
            .chain(ways)
            .map(|one| one.word("description"));
        let own = said.into_iter().find(|about| !about.is_empty());
        own.unwrap_or_else(|| self.resolve(field).word("description"))
    }

    /// The words of which a list is made.
    fn item_words(&self, list: &Tree) -> Option<Vec<String>> {
        words(self.resolve(list.get("items")?))
    }

    fn kind(&self, schema: &Tree) -> Kind {
        let inner = self.resolve(schema);
        if let Some(words) = words(inner) {
            return Kind::Choice(words);
        }
        match type_of(inner) {
            "integer" | "number" => Kind::Number,
            "boolean" => Kind::Flag,
            "array" => match inner.get("items").map(|items| self.resolve(items)) {
                Some(items) if type_of(items) == "string" => Kind::Lines,
                _ => Kind::Json,
            },
            "string" if is_session(inner) => Kind::Session,
            "string" => Kind::Text,
            _ => Kind::Json,
        }
    }

    /// The type as people say it.
    fn word(&self, schema: &Tree) -> String {
        let inner = self.resolve(schema);
        let t = text();
        let word = match type_of(inner) {
            "array" => {
                let items = inner.get("items").map(|items| self.word(items));
                fill(t.list, &[("what", &items.unwrap_or_default())])
            }
            "string" if inner.word("format") == "date-time" => t.moment.to_owned(),
            "string" => t.plain.to_owned(),
            "integer" | "number" => t.number.to_owned(),
            "boolean" => t.flag.to_owned(),
            "object" => t.object.to_owned(),
            _ => t.any.to_owned(),
        };
        let nullable = schema.get("oneOf").is_some()
            || inner
                .get("type")
                .is_some_and(|kind| kind.items().iter().any(|kind| kind.text() == Some("null")));
        if nullable {
            fill(t.or_null, &[("what", &word)])
        } else {
            word
        }
    }

    fn answers(&self, operation: &Tree) -> (Good, Vec<Fail>) {
        let mut good = Good {
            status: String::new(),
            about: String::new(),
            fields: Vec::new(),
        };
        let mut fails = Vec::new();
        for (status, response) in operation.get("responses").map(Tree::entries).unwrap_or_default() {
            let contents = response.get("content").map(Tree::entries).unwrap_or_default();
            let content = contents.first().map(|(_, content)| content);
            if status.starts_with('2') {
                good.status.clone_from(status);
                good.about = response.word("description");
                if let Some(schema) = content.and_then(|content| content.get("schema")) {
                    self.outputs(schema, "", 0, &mut good.fields);
                }
                continue;
            }
            let examples = content.and_then(|content| content.get("examples"));
            for (code, example) in examples.map(Tree::entries).unwrap_or_default() {
                fails.push(Fail {
                    status: status.clone(),
                    code: code.clone(),
                    when: self.resolve(example).word("summary"),
                });
            }
        }
        (good, fails)
    }

    fn outputs(&self, schema: &Tree, before: &str, depth: usize, all: &mut Vec<Output>) {
        if depth == DEEP {
            return;
        }
        for (name, field, _) in self.properties(schema) {
            let mut name = format!("{before}{name}");
            let mut inner = self.resolve(field);
            let word = self.word(field);
            if type_of(inner) == "array" {
                name.push_str("[]");
                inner = inner.get("items").map_or(inner, |items| self.resolve(items));
            }
            all.push(Output {
                about: told(self.about(field), words(inner)),
                word,
                name: name.clone(),
            });
            self.outputs(inner, &format!("{name}."), depth + 1, all);
        }
    }
}

fn tag_of(operation: &Tree) -> String {
    let tags = operation.get("tags").map(Tree::items).unwrap_or_default();
    tags.first().and_then(Tree::text).unwrap_or_default().to_owned()
}

fn line(path: &str, verb: &str, operation: &Tree) -> Line {
    Line {
        id: operation.word("operationId"),
        method: verb.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: operation.word("summary"),
    }
}

fn scope(operation: &Tree) -> Option<String> {
    let ways = operation.get("security")?.items();
    let (_, scopes) = ways.first()?.entries().first()?;
    scopes.items().first()?.text().map(str::to_owned)
}

/// The type that is not null.
fn type_of(schema: &Tree) -> &str {
    match schema.get("type") {
        Some(Tree::Text(kind)) => kind,
        Some(Tree::List(kinds)) => kinds
            .iter()
            .filter_map(Tree::text)
            .find(|kind| *kind != "null")
            .unwrap_or_default(),
        _ if schema.get("properties").is_some() || schema.get("allOf").is_some() => "object",
        _ => "",
    }
}

fn words(schema: &Tree) -> Option<Vec<String>> {
    let words = schema.get("enum")?.items().iter();
    Some(words.filter_map(|word| word.text().map(str::to_owned)).collect())
}

/// A description with the words that may be written.
fn told(about: String, words: Option<Vec<String>>) -> String {
    let Some(words) = words else { return about };
    let words = fill(text().one_of, &[("words", &words.join(", "))]);
    match about.trim_end_matches('.') {
        "" => words,
        about => format!("{about}. {words}"),
    }
}

fn is_session(schema: &Tree) -> bool {
    let examples = schema.get("examples").map(Tree::items).unwrap_or_default();
    examples
        .first()
        .and_then(Tree::text)
        .is_some_and(|example| example.starts_with("ses_"))
}

/// A value as its field holds it.
fn written(value: &Tree, kind: &Kind) -> String {
    match (value, kind) {
        (Tree::Text(text), _) => text.clone(),
        (Tree::Null, _) => String::new(),
        (Tree::List(items), Kind::Lines) => {
            let lines: Vec<&str> = items.iter().filter_map(Tree::text).collect();
            lines.join("\n")
        }
        (other, _) => other.pretty(),
    }
}
