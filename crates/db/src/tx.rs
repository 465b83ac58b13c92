//! A transaction that may write.

use crate::{Engine, Error, Result, Statement, later};
use sqlx::{Any, AnyConnection, AnyPool, Transaction};

/// Rolls back when dropped without [`Tx::commit`].
#[derive(Debug)]
pub struct Tx {
    engine: Engine,
    inner: Transaction<'static, Any>,
    later: Vec<Statement>,
    #[cfg(debug_assertions)]
    _held: nesting::Held,
}

impl Tx {
    pub(crate) async fn begin(engine: Engine, pool: &AnyPool) -> Result<Self> {
        #[cfg(debug_assertions)]
        let held = nesting::enter();
        let inner = pool.begin_with(engine.begin_write()).await?;
        Ok(Self {
            engine,
            inner,
            later: Vec::new(),
            #[cfg(debug_assertions)]
            _held: held,
        })
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The connection, for statements of this transaction.
    pub fn conn(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// Runs just before the commit, after everything that was handed over earlier. Until then
    /// this transaction itself does not see what it changes.
    pub fn at_commit(&mut self, statement: Statement) {
        self.later.push(statement);
    }

    pub async fn commit(mut self) -> Result<()> {
        let later = std::mem::take(&mut self.later);
        later::run(self.engine, &mut self.inner, later).await?;
        self.inner.commit().await.map_err(Error::from)
    }

    pub async fn rollback(self) -> Result<()> {
        self.inner.rollback().await.map_err(Error::from)
    }
}

/// A second write transaction inside one waits for itself for ever on SQLite, and commits apart
/// on PostgreSQL. Debug builds panic at the place where it is opened.
#[cfg(debug_assertions)]
mod nesting {
    use std::{
        collections::HashSet,
        sync::{Mutex, PoisonError},
    };
    use tokio::task::Id;

    static OPEN: Mutex<Option<HashSet<Id>>> = Mutex::new(None);

    #[derive(Debug)]
    pub struct Held(Option<Id>);

    pub fn enter() -> Held {
        let id = tokio::task::try_id();
        if let Some(id) = id {
            let fresh = OPEN
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert_with(HashSet::new)
                .insert(id);
            assert!(
                fresh,
                "a write transaction was opened inside a write transaction of the same task"
            );
        }
        Held(id)
    }

    impl Drop for Held {
        fn drop(&mut self) {
            if let (Some(id), Some(open)) = (
                self.0,
                OPEN.lock().unwrap_or_else(PoisonError::into_inner).as_mut(),
            ) {
                open.remove(&id);
            }
        }
    }
}
