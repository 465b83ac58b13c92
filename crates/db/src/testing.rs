//! A throw-away database per test, on either engine.
//!
//! PostgreSQL is found through `SWITCHBOARD_TEST_POSTGRES_URL`, which `cargo xtask test` sets.

use crate::{Db, Engine, Options, Result, migrate};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use std::sync::atomic::{AtomicU32, Ordering};

/// A fresh database that goes away with this value.
#[derive(Debug)]
pub struct TestDb {
    pub db: Db,
    pub url: String,
    folder: tempfile::TempDir,
}

impl TestDb {
    /// # Panics
    /// When there is no database to be had; the message says what to do.
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.path().join("test.db").display()),
            Engine::Postgres => postgres_copy().await.expect("a PostgreSQL database for the test"),
        };
        let db = Db::open(&Options::new(url.clone()))
            .await
            .expect("an opened database");
        Self { db, url, folder }
    }

    /// A folder that lives as long as the database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// Copies a template that holds the migrated tables: far quicker than migrating each time.
async fn postgres_copy() -> Result<String> {
    sqlx::any::install_default_drivers();
    let server = std::env::var("SWITCHBOARD_TEST_POSTGRES_URL").expect(
        "SWITCHBOARD_TEST_POSTGRES_URL is not set: run the tests through `cargo xtask test`, \
         or start a server with `cargo xtask postgres` and export the URL it prints",
    );
    let (base, _) = server.rsplit_once('/').expect("a URL that ends in /DATABASE");
    let template = format!("switchboard_template_{}", migrate::fingerprint(Engine::Postgres));
    let mut admin = AnyConnection::connect(&server).await?;
    admin
        .execute("SELECT 1 FROM (SELECT pg_advisory_lock(7263002)) AS held")
        .await?;
    let there = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) FROM pg_database WHERE datname = $1")
        .bind(template.as_str())
        .fetch_one(&mut admin)
        .await?
        .try_get::<i64, _>(0)?
        > 0;
    if !there {
        let half = format!("{template}_new");
        admin
            .execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {half}")))
            .await?;
        admin
            .execute(AssertSqlSafe(format!("CREATE DATABASE {half}")))
            .await?;
        let db = Db::open(&Options::new(format!("{base}/{half}"))).await?;
        db.close().await;
        admin
            .execute(AssertSqlSafe(format!(
                "ALTER DATABASE {half} RENAME TO {template}"
            )))
            .await?;
    }
    drop_abandoned(&mut admin).await?;
    let name = format!(
        "switchboard_test_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::SeqCst)
    );
    admin
        .execute(AssertSqlSafe(format!(
            "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
        )))
        .await?;
    admin
        .execute(AssertSqlSafe(format!(
            "CREATE DATABASE {name} TEMPLATE {template}"
        )))
        .await?;
    admin.close().await?;
    Ok(format!("{base}/{name}"))
}

/// Drops a few databases of tests whose process is gone: thousands of them fill a disk. Where
/// processes cannot be seen, none is taken for gone.
async fn drop_abandoned(admin: &mut AnyConnection) -> Result<()> {
    const MOST: usize = 4;
    let own = std::path::Path::new("/proc").join(std::process::id().to_string());
    if !own.exists() {
        return Ok(());
    }
    let rows = sqlx::query(
        "SELECT CAST(datname AS TEXT) AS name FROM pg_database WHERE datname LIKE 'switchboard_test_%'",
    )
    .fetch_all(&mut *admin)
    .await?;
    let names = rows
        .iter()
        .filter_map(|row| row.try_get::<String, _>("name").ok())
        .filter(|name| {
            let process = name.split('_').nth(2).unwrap_or_default();
            !process.is_empty() && !std::path::Path::new("/proc").join(process).exists()
        });
    for name in names.take(MOST).collect::<Vec<_>>() {
        // Somebody else may be dropping it at this moment.
        let _ = admin
            .execute(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}")))
            .await;
    }
    Ok(())
}
