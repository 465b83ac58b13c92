//! Applies the twin migrations in order, each in its own transaction, and never twice.

use crate::{Db, Engine, Error, Result};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row};

struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
        },)*]
    };
}

const MIGRATIONS: &[Migration] = migrations![
    "0001_people",
    "0002_sessions",
    "0003_messages",
    "0004_events",
    "0005_sandbox",
    "0006_sending",
    "0007_request_log",
    "0008_alerts",
    "0009_batches",
    "0010_received",
    "0011_ended",
];

/// A digest over all migrations of an engine; names the template database of tests.
#[cfg(feature = "testing")]
pub(crate) fn fingerprint(engine: Engine) -> String {
    let mut hash = Sha256::new();
    for migration in MIGRATIONS {
        hash.update(migration.text(engine));
    }
    hex(&hash.finalize())[..16].to_owned()
}

impl Migration {
    fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

pub(crate) async fn run(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL)")
        .execute(tx.conn())
        .await?;
    if db.engine() == Engine::Postgres {
        // Two nodes that start together must not both create the tables.
        sqlx::query("LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE")
            .execute(tx.conn())
            .await?;
    }
    let applied = sqlx::query("SELECT name, checksum FROM migrations ORDER BY name")
        .fetch_all(tx.conn())
        .await?
        .into_iter()
        .map(|row| Ok((row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?)))
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    for (name, checksum) in &applied {
        match MIGRATIONS.iter().find(|m| m.name == name) {
            None => return Err(Error::FromTheFuture { name: name.clone() }),
            Some(m) if digest(m.text(db.engine())) != *checksum => {
                return Err(Error::MigrationChanged { name: name.clone() });
            }
            Some(_) => {}
        }
    }
    for migration in MIGRATIONS
        .iter()
        .filter(|m| !applied.iter().any(|(name, _)| name == m.name))
    {
        let text = migration.text(db.engine());
        for statement in statements(text) {
            sqlx::query(AssertSqlSafe(statement.to_owned()))
                .persistent(false)
                .execute(tx.conn())
                .await
                .map_err(|source| Error::Migration {
                    name: migration.name,
                    source,
                })?;
        }
        sqlx::query("INSERT INTO migrations (name, checksum) VALUES ($1, $2)")
            .bind(migration.name)
            .bind(digest(text))
            .execute(tx.conn())
            .await?;
        tracing::info!(migration = migration.name, "applied a migration");
    }
    tx.commit().await
}

/// Statements end with a semicolon at the end of a line; our migrations hold no other kind.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    text.split(";\n").map(str::trim).filter(|s| {
        s.lines()
            .any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"))
    })
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
