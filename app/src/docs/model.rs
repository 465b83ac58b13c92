//! An endpoint as the page shows it.

use serde::{Deserialize, Serialize};

/// Endpoints that are read together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub endpoints: Vec<Line>,
}

/// An endpoint in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
}

/// A part of the introduction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    pub line: Line,
    pub about: String,
    /// The scope that a key needs.
    pub scope: Option<String>,
    pub inputs: Vec<Input>,
    /// A call always carries a body, if an empty one.
    pub has_body: bool,
    pub good: Good,
    pub fails: Vec<Fail>,
}

/// Stands for the first sandbox session that the form offers.
pub const FIRST_SESSION: &str = "\u{1}";

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    Path,
    Query,
    Header,
    Body,
}

/// What may be written into a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    Text,
    /// Several lines.
    Long,
    Number,
    Flag,
    Choice(Vec<String>),
    /// Texts, one in each line.
    Lines,
    /// One of the organization's sessions.
    Session,
    /// JSON as it is.
    Json,
}

/// A value of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// In a body with the objects it lies in: `media.url`.
    pub name: String,
    pub place: Place,
    pub kind: Kind,
    pub required: bool,
    /// Its type in a word.
    pub word: String,
    pub about: String,
    /// What the form holds at first.
    pub start: String,
    /// Shown where a required value is not filled in.
    pub example: String,
}

impl Input {
    /// Unique in the endpoint; the id of its field.
    pub fn key(&self) -> String {
        let place = match self.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Header => "header",
            Place::Body => "body",
        };
        format!("{place}-{}", self.name)
    }
}

/// What a call gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Good {
    pub status: String,
    pub about: String,
    pub fields: Vec<Output>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    pub name: String,
    pub word: String,
    pub about: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fail {
    pub status: String,
    pub code: String,
    pub when: String,
}
