//! One SQL text on two engines.
//!
//! Owns pools, write transactions, the migration runner, the group-commit writer and a
//! throw-away database per test. Knows nothing of rooms: no table is named here but its own.
//!
//! The portable subset that all other code keeps to: columns of TEXT, BIGINT, DOUBLE and bytes;
//! flags as BIGINT 0/1; times as BIGINT milliseconds; placeholders `$1`; `ON CONFLICT`,
//! `RETURNING`; sums cast to BIGINT. Nullable DOUBLE is refused by the driver once it was bound
//! as null. What differs between the engines lives in [`dialect`].

pub mod dialect;
mod group;
mod later;
mod migrate;
mod pool;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod values;

pub use dialect::Engine;
pub use group::{Busy, GroupWriter};
pub use later::{Statement, Value};
pub use pool::{Db, Options};
pub use sqlx::{self, AnyConnection, AssertSqlSafe, Row, any::AnyRow};
pub use tx::Tx;
pub use values::{in_order, insert_sql, log_sql, padded_len, placeholders, rows_per_statement};

/// What can go wrong below the rooms.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database refused a statement")]
    Sql(#[from] sqlx::Error),
    #[error("the database URL is not usable: {0}")]
    Url(String),
    #[error("the migration {name} could not be applied")]
    Migration { name: &'static str, source: sqlx::Error },
    #[error(
        "the migration {name} was changed after it had been applied; restore its text or start from a backup"
    )]
    MigrationChanged { name: String },
    #[error(
        "this database was written by a newer Switchboard (it has the migration {name}); use that version"
    )]
    FromTheFuture { name: String },
    #[error(
        "another switchboard already runs on this database file; stop it first, or use PostgreSQL for several nodes"
    )]
    Locked,
}

impl Error {
    /// The database ended this transaction in favour of another; the same work may be tried again.
    ///
    /// PostgreSQL says 40001 (serialization failure) or 40P01 (deadlock), SQLite 5 (busy).
    pub fn is_retryable(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else {
            return false;
        };
        matches!(error.code().as_deref(), Some("40001" | "40P01" | "5" | "517"))
    }

    /// A unique key or primary key was there already.
    pub fn is_unique_violation(&self) -> bool {
        let Self::Sql(sqlx::Error::Database(error)) = self else {
            return false;
        };
        // The Any driver keeps the engine's own codes: 23505 of PostgreSQL, 2067 and 1555 of SQLite.
        matches!(error.code().as_deref(), Some("23505" | "2067" | "1555"))
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;
