//! Pools: many readers, and as many writers as the engine can have.

use crate::{Engine, Error, Result, Tx, migrate};
use sqlx::{AnyPool, any::AnyPoolOptions};
use std::{fs::File, path::PathBuf, sync::Arc, time::Duration};

/// A connection that was idle for longer is tried before it is used.
const STALE: Duration = Duration::from_secs(1);

/// Where the data is and how many connections to keep.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:///path/file.db` or `postgres://…`.
    pub url: String,
    pub readers: u32,
    /// PostgreSQL only; SQLite has exactly one writer.
    pub writers: u32,
}

impl Options {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            readers: 4,
            writers: 8,
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    read: AnyPool,
    write: AnyPool,
    /// Held for as long as the process may write to a SQLite file.
    lock: Arc<std::sync::Mutex<Option<File>>>,
    file: Option<PathBuf>,
}

impl Db {
    /// Opens the database and brings its tables up to date.
    pub async fn open(options: &Options) -> Result<Self> {
        let db = Self::connect(options).await?;
        migrate::run(&db).await?;
        Ok(db)
    }

    /// Opens the database as it is.
    pub async fn connect(options: &Options) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let engine = engine_of(&options.url)?;
        let (url, file) = match engine {
            Engine::Sqlite => {
                let path = options.url.trim_start_matches("sqlite:").trim_start_matches("//");
                (format!("sqlite://{path}?mode=rwc"), Some(PathBuf::from(path)))
            }
            Engine::Postgres => (options.url.clone(), None),
        };
        let pool = |size: u32, more: &'static [&'static str]| {
            AnyPoolOptions::new()
                .max_connections(size)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(20))
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .before_acquire(move |connection, meta| {
                    Box::pin(async move {
                        // A server that restarted has dropped its connections. Under load each one
                        // was heard of just now, and asking would be one more trip.
                        if engine == Engine::Postgres && meta.idle_for > STALE {
                            sqlx::Connection::ping(connection).await?;
                        }
                        // A COMMIT that the disk refused leaves the driver believing in a transaction
                        // that is gone; such a connection would refuse every later one.
                        Ok(!sqlx::Connection::is_in_transaction(connection))
                    })
                })
                .after_connect(move |connection, _| {
                    Box::pin(async move {
                        for statement in engine.on_connect().iter().chain(more) {
                            sqlx::query(*statement).execute(&mut *connection).await?;
                        }
                        Ok(())
                    })
                })
        };
        let writers = if engine == Engine::Sqlite {
            1
        } else {
            options.writers
        };
        // The writer connects first: with SQLite it makes the file and its log.
        let write = pool(writers, engine.on_connect_writer()).connect(&url).await?;
        let read = pool(options.readers, &[]).connect(&url).await?;
        Ok(Self {
            engine,
            read,
            write,
            lock: Arc::default(),
            file,
        })
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// For statements that only read, outside any transaction.
    pub fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(self.engine, &self.write).await
    }

    /// Makes sure that no second server uses the same SQLite file, for as long as this one lives.
    pub fn lock_file(&self) -> Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(file.with_extension("lock"))
            .map_err(|e| Error::Url(e.to_string()))?;
        lock.try_lock().map_err(|_| Error::Locked)?;
        *self
            .lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(lock);
        Ok(())
    }

    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

fn engine_of(url: &str) -> Result<Engine> {
    if url.starts_with("sqlite:") {
        Ok(Engine::Sqlite)
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(Engine::Postgres)
    } else {
        Err(Error::Url(
            "write sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE".into(),
        ))
    }
}
