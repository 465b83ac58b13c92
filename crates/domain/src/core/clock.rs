//! The clock, passed in: the system's, or one that a test moves.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;
use types::Timestamp;

#[derive(Clone, Debug)]
pub enum Clock {
    System,
    Manual(ManualClock),
}

/// Stands still until it is moved; sleepers wake when it passes their moment.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: Arc<AtomicI64>,
    moved: Arc<watch::Sender<()>>,
}

impl Clock {
    /// A clock for tests, at that moment.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(ManualClock {
            now: Arc::new(AtomicI64::new(at.0)),
            moved: Arc::new(watch::Sender::new(())),
        })
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(system_millis()),
            Self::Manual(clock) => Timestamp(clock.now.load(Ordering::SeqCst)),
        }
    }

    /// Waits until that moment has come.
    pub async fn sleep_until(&self, at: Timestamp) {
        match self {
            Self::System => {
                let millis = at - self.now();
                if millis > 0 {
                    tokio::time::sleep(Duration::from_millis(millis as u64)).await;
                }
            }
            Self::Manual(clock) => {
                let mut moved = clock.moved.subscribe();
                while self.now() < at {
                    if moved.changed().await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    pub async fn sleep(&self, millis: i64) {
        self.sleep_until(self.now() + millis).await;
    }

    /// Moves a manual clock forward; the system's clock does not listen.
    pub fn advance(&self, millis: i64) {
        if let Self::Manual(clock) = self {
            clock.now.fetch_add(millis, Ordering::SeqCst);
            clock.moved.send_replace(());
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system's clock"
)]
fn system_millis() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64)
}
