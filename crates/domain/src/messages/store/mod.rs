//! All SQL of the messages room, one file per step of a message's life.

pub mod batch;
pub mod claim;
pub mod idempotency;
pub mod incoming;
pub mod insert;
pub mod lane;
pub mod manage;
pub mod open;
pub mod outlook;
pub mod past;
pub mod plan;
pub mod read;
pub mod record;
pub mod row;
pub mod settle;
pub mod warn;

use crate::{Error, Result};
use sqlx::{Row, any::AnyRow};
use types::{SessionId, messages::Class};

/// `parked_until` of what waits for something else than time: a change of settings, a word of the
/// recipient; and of what waits for its attachment.
pub const UNTIL_TOLD: i64 = 8_000_000_000_000_000;
pub const FETCHING: i64 = 9_000_000_000_000_000;
/// `rank` of what a person let pass the protections; the classes follow.
pub const RUSH: i64 = 0;

/// The urgency of a class, as the queue is ordered by it.
pub const fn rank(class: Class) -> i64 {
    match class {
        Class::Reply => 1,
        Class::Single => 2,
        Class::Bulk => 3,
    }
}

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
