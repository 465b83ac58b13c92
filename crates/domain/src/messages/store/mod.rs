//! All SQL of the messages room, one file per step of a message's life.

pub mod batch;
pub mod claim;
pub mod idempotency;
pub mod incoming;
pub mod insert;
pub mod manage;
pub mod plan;
pub mod read;
pub mod record;
pub mod row;

use crate::{Error, Result};
use sqlx::{Row, any::AnyRow};
use types::SessionId;

/// A nullable session column.
pub fn session(row: &AnyRow, column: &str) -> Result<Option<SessionId>> {
    row.try_get::<Option<String>, _>(column)?
        .map(|key| SessionId::from_key(&key).map_err(|_| Error::Damaged("a message's session")))
        .transpose()
}

/// A list with its last value repeated, as many as [`db::padded_len`] says.
fn padded<T>(list: &[T]) -> impl Iterator<Item = &T> {
    let more = db::padded_len(list.len()) - list.len();
    list.iter()
        .chain(std::iter::repeat_n(list.last(), more).flatten())
}
