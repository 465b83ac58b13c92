//! From the bytes of a file to rows that can be sent, and words for those that cannot.

mod columns;
mod decode;
mod paste;
mod prepare;
mod quotes;
mod sheet;
mod template;
#[cfg(test)]
mod tests;

pub use prepare::{Asked, Prepared, draft, prepare};

use bytes::Bytes;
use serde_json::{Map, Value};

/// Where the rows come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file.
    Csv(Bytes),
    /// Typed or pasted: numbers, `number;text`, or a whole table.
    Paste(String),
    /// Objects of a JSON call.
    Rows(Vec<Map<String, Value>>),
}
