//! Everything in which SQLite and PostgreSQL differ, and nothing else.

/// Which database engine is behind a [`crate::Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// How a transaction that will write begins. SQLite must take its lock at once: a read that
    /// turns into a write later fails when somebody else wrote in between.
    pub(crate) const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// What is run on each new connection.
    pub(crate) const fn on_connect(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                "PRAGMA busy_timeout = 10000",
                "PRAGMA journal_mode = WAL",
                // FULL makes every commit wait for the disk: "accepted" means it survives a power cut.
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                "PRAGMA cache_size = -16000",
                "PRAGMA temp_store = MEMORY",
                // A larger log between checkpoints: fewer syncs of the main file under load.
                "PRAGMA wal_autocheckpoint = 4000",
                "PRAGMA journal_size_limit = 67108864",
            ],
            Self::Postgres => &[
                "SET application_name = 'switchboard'",
                "SET client_min_messages = warning",
                "SET random_page_cost = 1.1",
                // A plan that was made while a table was small would stay when it has grown.
                "SET plan_cache_mode = force_custom_plan",
                // Compiling a plan to machine code takes longer than any statement of ours.
                "SET jit = off",
            ],
        }
    }

    /// And what is run after that on one that writes. There planning costs more than running, so plans are kept,
    /// also those made while a table was small: they must be such as are right when it has grown,
    /// which means an index, read in its order.
    pub(crate) const fn on_connect_writer(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[],
            Self::Postgres => &[
                "SET plan_cache_mode = auto",
                "SET enable_seqscan = off",
                "SET enable_bitmapscan = off",
            ],
        }
    }

    /// Ends a `SELECT` whose rows are about to be claimed, so that two nodes take different ones.
    pub const fn claim_suffix(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// An expression that makes the writers of a log take turns until they have committed: a
    /// sequence number is taken before the commit, so without it a reader that follows the log
    /// would miss late committers. SQLite has one writer at a time anyway.
    pub(crate) const fn log_turn(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("pg_advisory_xact_lock(7263001)"),
        }
    }

    /// How many values one statement may bind, with a margin (SQLite 32,766, PostgreSQL 65,535).
    pub const fn bind_limit(self) -> usize {
        match self {
            Self::Sqlite => 32_000,
            Self::Postgres => 60_000,
        }
    }

    /// The last lines of a migration's twin folder name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}
