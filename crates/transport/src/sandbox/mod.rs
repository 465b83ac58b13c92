//! The sandbox arm: a line to a made-up phone. Nothing leaves this server.
//!
//! Both ends are here: what a session does with its line (connect, send, look up) and what the
//! phone does to it (scan, type a code, log out, be restricted). Everything but what must
//! outlive the process is kept in memory.

mod faults;
mod linking;
mod phone;
mod presence;
mod sending;
mod state;
#[cfg(test)]
mod tests;
mod witness;

pub use phone::{Account, Arrival, Digest, PhoneStore, ReadTick, Spent, StoreError};

use crate::{LineChange, LineError, Link, PairError, Shown, Surroundings};
use sha2::{Digest as _, Sha256};
use state::{Phase, State};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A line to one sandbox phone. Cheap to clone; all clones are the same line.
#[derive(Clone)]
pub struct SandboxLine {
    inner: Arc<Inner>,
}

struct Inner {
    phone: Arc<dyn PhoneStore>,
    surroundings: Arc<dyn Surroundings>,
    state: Mutex<State>,
    changed: Notify,
    /// Connecting, linking and ending take turns, so that none overtakes another at the phone.
    turns: tokio::sync::Mutex<()>,
}

impl SandboxLine {
    pub fn new(phone: Arc<dyn PhoneStore>, surroundings: Arc<dyn Surroundings>) -> Self {
        let inner = Inner {
            phone,
            surroundings,
            state: Mutex::default(),
            changed: Notify::new(),
            turns: tokio::sync::Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// See [`crate::Transport::connect`].
    pub async fn connect(&self, credentials: Option<&[u8]>) -> Result<(), LineError> {
        let _turn = self.inner.turns.lock().await;
        let account = self.inner.phone.account().await?;
        let faults = self.inner.phone.faults().await?;
        let now = self.inner.surroundings.now();
        let mut state = self.state();
        state.load_faults(faults);
        state.forget_changes();
        match credentials {
            None => state.enter(Phase::linking(now, &self.chance())),
            Some(own) if account.digest != Some(digest(own)) => {
                state.log_out(
                    "The phone has ended this link. Link it again with a QR code or a pairing code.",
                );
            }
            Some(_) => match account.restricted_until {
                Some(until) if until > now => state.enter(Phase::Restricted { until }),
                _ => state.enter(Phase::Online),
            },
        }
        state.number = account.number;
        drop(state);
        self.inner.changed.notify_one();
        Ok(())
    }

    /// See [`crate::Transport::next`].
    pub async fn next(&self) -> LineChange {
        loop {
            let deadline = {
                let mut state = self.fresh_state();
                if let Some(change) = state.take_change() {
                    return change;
                }
                state.deadline()
            };
            let changed = self.inner.changed.notified();
            match deadline {
                None => changed.await,
                Some(at) => tokio::select! {
                    () = changed => {}
                    () = self.inner.surroundings.sleep_until(at) => {}
                },
            }
        }
    }

    /// See [`crate::Transport::disconnect`].
    pub async fn disconnect(&self) -> Option<Link> {
        let _turn = self.inner.turns.lock().await;
        self.state().switch_off()
    }

    /// See [`crate::Transport::log_out`].
    pub async fn log_out(&self) -> Result<(), LineError> {
        let _turn = self.inner.turns.lock().await;
        self.state().switch_off();
        self.inner.phone.unlink().await?;
        Ok(())
    }

    /// See [`crate::Transport::shown`].
    pub fn shown(&self) -> Option<Shown> {
        self.fresh_state()
            .linking()
            .map(|linking| linking.shown().clone())
    }

    /// See [`crate::Transport::refresh_qr`].
    pub fn refresh_qr(&self) -> Result<(), PairError> {
        let now = self.inner.surroundings.now();
        let mut state = self.fresh_state();
        state
            .linking()
            .ok_or(PairError::NotLinking)?
            .refresh(now, &self.chance());
        state.push(LineChange::Linking);
        drop(state);
        self.inner.changed.notify_one();
        Ok(())
    }

    /// See [`crate::Transport::request_code`]. The made-up phone is the only one that could type it.
    pub async fn request_code(&self, number: &str) -> Result<(), PairError> {
        let _turn = self.inner.turns.lock().await;
        let now = self.inner.surroundings.now();
        let mut state = self.fresh_state();
        let phone = state.number.clone();
        let linking = state.linking().ok_or(PairError::NotLinking)?;
        if number != phone {
            return Err(PairError::OtherNumber { phone });
        }
        linking.request_code(number, now, &self.chance());
        state.push(LineChange::Shown);
        drop(state);
        self.inner.changed.notify_one();
        Ok(())
    }

    /// Whether the phone can reach us now: its receipts and messages wait otherwise.
    pub fn is_online(&self) -> bool {
        self.fresh_state().is_online()
    }

    fn chance(&self) -> impl Fn(&mut [u8]) + '_ {
        |bytes: &mut [u8]| self.inner.surroundings.fill(bytes)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state after everything that has ended by now.
    fn fresh_state(&self) -> MutexGuard<'_, State> {
        let now = self.inner.surroundings.now();
        let mut state = self.state();
        if state.advance(now, &self.chance()) {
            self.inner.changed.notify_one();
        }
        state
    }
}

/// What a phone keeps of the credentials of its link.
pub fn digest(credentials: &[u8]) -> Digest {
    Sha256::digest(credentials).into()
}
