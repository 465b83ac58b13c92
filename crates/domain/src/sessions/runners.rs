//! The runners of this node, as other rooms may see them.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use transport::Transport;
use types::{OrganizationId, SessionId};

#[derive(Default)]
pub(super) struct Runners {
    all: Mutex<HashMap<SessionId, Runner>>,
    changed: watch::Sender<u64>,
}

/// One session that is being kept connected.
struct Runner {
    stop: CancellationToken,
    ended: CancellationToken,
    /// Known once its row was read.
    driven: Option<(OrganizationId, Transport)>,
    /// May send now.
    connected: bool,
    /// Got past "connecting" once.
    settled: bool,
}

impl Runners {
    /// Makes room for a runner; `None` when the session has one. It must [`Self::leave`] when it ends.
    pub(super) fn enter(&self, id: SessionId, node: &CancellationToken) -> Option<CancellationToken> {
        let mut all = self.all();
        if all.contains_key(&id) {
            return None;
        }
        let stop = node.child_token();
        let runner = Runner {
            stop: stop.clone(),
            ended: CancellationToken::new(),
            driven: None,
            connected: false,
            settled: false,
        };
        all.insert(id, runner);
        Some(stop)
    }

    pub(super) fn leave(&self, id: SessionId) {
        if let Some(runner) = self.all().remove(&id) {
            runner.ended.cancel();
        }
        self.bump();
    }

    pub(super) fn drive(&self, id: SessionId, organization: OrganizationId, line: Transport) {
        if let Some(runner) = self.all().get_mut(&id) {
            runner.driven = Some((organization, line));
        }
    }

    /// Ends the session's runner and waits until it has left.
    pub(super) async fn halt(&self, id: SessionId) {
        let ended = {
            let mut all = self.all();
            let Some(runner) = all.get_mut(&id) else { return };
            runner.connected = false;
            runner.stop.cancel();
            runner.ended.clone()
        };
        self.bump();
        ended.cancelled().await;
    }

    /// Nothing may be sent any more from this moment on.
    pub(super) fn hold(&self, id: SessionId) {
        if let Some(runner) = self.all().get_mut(&id) {
            runner.connected = false;
        }
    }

    /// Announces what has been written down.
    pub(super) fn announce(&self, id: SessionId, connected: bool) {
        if let Some(runner) = self.all().get_mut(&id) {
            runner.connected = connected && !runner.stop.is_cancelled();
            runner.settled = true;
        }
        self.bump();
    }

    pub(super) fn is_running(&self, id: SessionId) -> bool {
        self.all().contains_key(&id)
    }

    pub(super) fn is_settled(&self, id: SessionId) -> bool {
        self.all().get(&id).is_none_or(|runner| runner.settled)
    }

    pub(super) fn driven(&self, id: SessionId) -> Option<(OrganizationId, Transport)> {
        self.all().get(&id)?.driven.clone()
    }

    pub(super) fn line(&self, id: SessionId) -> Option<Transport> {
        let all = self.all();
        let runner = all.get(&id).filter(|runner| runner.connected)?;
        runner.driven.as_ref().map(|(_, line)| line.clone())
    }

    pub(super) fn connected(&self) -> Vec<(OrganizationId, SessionId)> {
        self.all()
            .iter()
            .filter(|(_, runner)| runner.connected)
            .filter_map(|(id, runner)| {
                runner
                    .driven
                    .as_ref()
                    .map(|(organization, _)| (*organization, *id))
            })
            .collect()
    }

    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn bump(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<SessionId, Runner>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
