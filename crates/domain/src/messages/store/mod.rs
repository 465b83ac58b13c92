//! All SQL of the messages room, one file per step of a message's life.

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
use types::{MessageId, SessionId};

/// A nullable session column.
pub fn session(row: &AnyRow, column: &str) -> Result<Option<SessionId>> {
    row.try_get::<Option<String>, _>(column)?
        .map(|key| SessionId::from_key(&key).map_err(|_| Error::Damaged("a message's session")))
        .transpose()
}

/// The ids with the last one repeated, as many as [`db::padded`] says.
fn padded(ids: &[MessageId]) -> impl Iterator<Item = &MessageId> {
    ids.iter()
        .chain(std::iter::repeat_n(ids.last(), db::padded(ids.len()) - ids.len()).flatten())
}
