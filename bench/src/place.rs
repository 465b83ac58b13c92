//! A fresh, empty database of either engine, and a look into it from outside.

use anyhow::{Context, Result, bail};
use db::{
    AssertSqlSafe, Db, Engine, Options,
    sqlx::{self, AnyConnection, Connection as _, Executor as _, Row as _},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Names a PostgreSQL server whose user may create databases; `cargo xtask` sets it.
pub const POSTGRES: &str = "SWITCHBOARD_TEST_POSTGRES_URL";

/// A data folder and, on PostgreSQL, a database.
#[derive(Debug)]
pub struct Place {
    pub engine: Engine,
    folder: TempDir,
    /// PostgreSQL only.
    database: Option<Database>,
}

#[derive(Debug)]
struct Database {
    server: String,
    name: String,
}

/// How many outgoing messages there are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<String, i64>);

impl Counts {
    pub fn of(&self, state: &str) -> i64 {
        self.0.get(state).copied().unwrap_or_default()
    }

    pub fn all(&self) -> i64 {
        self.0.values().sum()
    }

    /// What nobody knows the end of: marked as leaving and not recorded, or still being settled.
    pub fn on_the_wire(&self) -> i64 {
        self.of("processing") + self.of("uncertain")
    }
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Place {
    /// Makes one below that folder.
    pub async fn fresh(engine: Engine, below: &Path) -> Result<Self> {
        sqlx::any::install_default_drivers();
        fs::create_dir_all(below).with_context(|| format!("{} cannot be made", below.display()))?;
        let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(below)?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let server = std::env::var(POSTGRES)
                    .with_context(|| format!("{POSTGRES} is not set: run this through `cargo xtask`"))?;
                let number = COUNT.fetch_add(1, Ordering::Relaxed);
                let name = format!("switchboard_bench_{}_{number}", std::process::id());
                let mut admin = AnyConnection::connect(&server)
                    .await
                    .context("PostgreSQL does not answer")?;
                admin
                    .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
                    .await?;
                admin.close().await?;
                Some(Database { server, name })
            }
        };
        Ok(Self {
            engine,
            folder,
            database,
        })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What `--database-url` takes; `None` for the default, SQLite in the data folder.
    pub fn url(&self) -> Option<String> {
        let Database { server, name } = self.database.as_ref()?;
        let base = server.rsplit_once('/').map_or(server.as_str(), |(base, _)| base);
        Some(format!("{base}/{name}"))
    }

    /// Counts the outgoing messages by state, beside a server that is dead or idle.
    ///
    /// SQLite is read from a copy: opening the file itself would tidy up the log that a killed
    /// server left, and the next start is to meet it as it is.
    pub async fn counts(&self) -> Result<Counts> {
        let (url, _copy) = self.copy()?;
        let db = Db::connect(&Options {
            url,
            readers: 1,
            writers: 1,
        })
        .await?;
        let rows = sqlx::query(
            "SELECT state, CAST(COUNT(*) AS BIGINT) AS many FROM messages WHERE from_me = 1 GROUP BY state",
        )
        .fetch_all(db.read())
        .await?;
        db.close().await;
        let counts = rows
            .iter()
            .map(|row| Ok((row.try_get("state")?, row.try_get("many")?)));
        Ok(Counts(counts.collect::<Result<_>>()?))
    }

    /// How long each sent message took from its acceptance, in milliseconds.
    pub async fn ways(&self) -> Result<Vec<i64>> {
        let (url, _copy) = self.copy()?;
        let db = Db::connect(&Options {
            url,
            readers: 1,
            writers: 1,
        })
        .await?;
        let rows = sqlx::query("SELECT sent_at - created_at AS took FROM messages WHERE sent_at IS NOT NULL")
            .fetch_all(db.read())
            .await?;
        db.close().await;
        rows.iter().map(|row| Ok(row.try_get("took")?)).collect()
    }

    fn copy(&self) -> Result<(String, Option<TempDir>)> {
        if let Some(url) = self.url() {
            return Ok((url, None));
        }
        let copy = tempfile::tempdir_in(self.folder())?;
        for name in ["switchboard.db", "switchboard.db-wal"] {
            let from = self.folder().join(name);
            if from.exists() {
                fs::copy(&from, copy.path().join(name))?;
            }
        }
        Ok((
            format!("sqlite://{}", copy.path().join("switchboard.db").display()),
            Some(copy),
        ))
    }

    /// Waits until PostgreSQL has ended what a killed server had begun: a commit that was under
    /// way is finished without it.
    pub async fn quiet(&self) -> Result<()> {
        let Some(Database { server, name }) = &self.database else {
            return Ok(());
        };
        let mut admin = AnyConnection::connect(server).await?;
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            let left: i64 =
                sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_activity WHERE datname = $1")
                    .bind(name.as_str())
                    .fetch_one(&mut admin)
                    .await?
                    .try_get(0)?;
            if left == 0 {
                admin.close().await?;
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bail!("connections of a killed server stay open")
    }

    /// The processes that PostgreSQL keeps for this database, where it runs on this machine.
    pub async fn backends(&self) -> Result<Vec<u32>> {
        let Some(Database { server, name }) = &self.database else {
            return Ok(Vec::new());
        };
        let mut admin = AnyConnection::connect(server).await?;
        let rows = sqlx::query("SELECT CAST(pid AS BIGINT) FROM pg_stat_activity WHERE datname = $1")
            .bind(name.as_str())
            .fetch_all(&mut admin)
            .await?;
        admin.close().await?;
        rows.iter()
            .map(|row| Ok(row.try_get::<i64, _>(0)? as u32))
            .collect()
    }

    /// How often PostgreSQL has forced its log to disk since it started; `None` where this
    /// version does not say. The figure reaches its table up to a second late.
    pub async fn log_syncs(&self) -> Option<i64> {
        let Database { server, .. } = self.database.as_ref()?;
        let mut admin = AnyConnection::connect(server).await.ok()?;
        let row = sqlx::query("SELECT wal_sync FROM pg_stat_wal")
            .fetch_one(&mut admin)
            .await
            .ok()?;
        row.try_get(0).ok()
    }

    /// Leaves everything where it is; answers the folder.
    pub fn keep(self) -> PathBuf {
        self.folder.keep()
    }

    pub async fn remove(self) -> Result<()> {
        if let Some(Database { server, name }) = &self.database {
            let mut admin = AnyConnection::connect(server).await?;
            admin
                .execute(AssertSqlSafe(format!(
                    "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
                )))
                .await?;
            admin.close().await?;
        }
        Ok(self.folder.close()?)
    }
}

/// A folder on a disk: beside the program, because temporary folders may lie in memory, where a
/// commit waits for nothing.
pub fn beside_program() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program.parent().unwrap_or(Path::new(".")).join("bench-data")
}
