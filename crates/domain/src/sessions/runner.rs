//! A session's runner: drives its line and writes down what becomes of it.

use super::{Sessions, create::place, state::shown, store, store_changes};
use crate::{Result, Tx};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use transport::{BoxError, LineChange, Link, Transport};
use types::{
    OrganizationId, SessionId,
    sessions::{Channel, SessionState},
};

const SCAN: &str = "Scan the QR code or type a pairing code on the phone.";
const QR_EXPIRED: &str = "QR code expired. Press Refresh to show a new one.";
/// The longest pause between two tries to connect.
const BACKOFF_MAX_MS: i64 = 30_000;

/// Whether the line goes on after a change.
#[derive(PartialEq, Eq)]
enum Then {
    GoOn,
    End,
}

impl Sessions {
    /// At the start of a node: what was running is "connecting" until it is again.
    pub(super) async fn connect_all(&self, stop: &CancellationToken) {
        let mut pause = 1_000;
        loop {
            match self.mark_connecting().await {
                Ok(ids) => return ids.into_iter().for_each(|id| self.launch(id)),
                Err(error) => tracing::error!(?error, "the sessions could not be read; trying again"),
            }
            if !self.pause(&mut pause, stop).await {
                return;
            }
        }
    }

    async fn mark_connecting(&self) -> Result<Vec<SessionId>> {
        let mut tx = self.shared.begin().await?;
        let running = store::running(tx.conn()).await?;
        for (organization, id) in &running {
            self.change_in(
                &mut tx,
                *organization,
                *id,
                SessionState::Connecting,
                Some("The server was started"),
            )
            .await?;
        }
        tx.commit().await?;
        Ok(running.into_iter().map(|(_, id)| id).collect())
    }

    /// Begins a runner, unless there is one or this node does not work (any more).
    pub(super) fn launch(&self, id: SessionId) {
        let Some(work) = self.work() else { return };
        let Some(stop) = self.runners.enter(id, &work.stop) else {
            return;
        };
        let room = self.clone();
        work.tasks.spawn(async move {
            room.run(id, &stop).await;
            room.runners.leave(id);
        });
    }

    /// Waits until the session got past "connecting" or has no runner, for a few seconds at most.
    pub(super) async fn settled(&self, id: SessionId) {
        let mut changed = self.runners.watch();
        let wait = changed.wait_for(|_| self.runners.is_settled(id));
        if tokio::time::timeout(Duration::from_secs(5), wait).await.is_err() {
            tracing::warn!(session = %id, "a session takes long to connect");
        }
    }

    async fn run(&self, id: SessionId, stop: &CancellationToken) {
        let mut pause = 1_000;
        loop {
            match self.connect_and_follow(id, stop, &mut pause).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(session = %id, ?error, "a line broke; connecting again"),
            }
            self.runners.hold(id);
            if let Some((organization, line)) = self.runners.driven(id) {
                self.keep(organization, id, line.disconnect().await).await;
                let reason = format!("The line broke; trying again in {} s.", pause / 1_000);
                if let Err(error) = self
                    .change(organization, id, SessionState::Reconnecting, Some(&reason))
                    .await
                {
                    tracing::error!(session = %id, ?error, "a change of state could not be written");
                }
                self.runners.announce(id, false);
            }
            if !self.pause(&mut pause, stop).await {
                return;
            }
        }
    }

    /// Follows the line until it ends by itself or is stopped. An error means: try again.
    async fn connect_and_follow(
        &self,
        id: SessionId,
        stop: &CancellationToken,
        pause: &mut i64,
    ) -> Result<(), BoxError> {
        let Some(row) = store::to_run(self.shared.read(), id).await? else {
            return Ok(());
        };
        let line = match row.channel {
            Channel::Sandbox => Transport::Sandbox(self.sandbox.line(row.organization, id)),
        };
        self.runners.drive(id, row.organization, line.clone());
        let credentials = row
            .credentials
            .map(|sealed| self.shared.secrets.unseal(&place(id), &sealed))
            .transpose()?;
        line.connect(credentials.as_deref()).await?;
        loop {
            let change = tokio::select! {
                () = stop.cancelled() => {
                    self.keep(row.organization, id, line.disconnect().await).await;
                    return Ok(());
                }
                change = line.next() => change,
            };
            if self.follow(row.organization, id, change).await? == Then::End {
                line.disconnect().await;
                return Ok(());
            }
            *pause = 1_000;
        }
    }

    /// Writes one change down, and only then lets others act on it.
    async fn follow(&self, organization: OrganizationId, id: SessionId, change: LineChange) -> Result<Then> {
        use SessionState as S;
        let mut link = None;
        let (state, reason) = match change {
            LineChange::Shown => {
                self.tell_shown(organization, id).await?;
                return Ok(Then::GoOn);
            }
            LineChange::Linking => (S::Linking, Some(SCAN.to_owned())),
            LineChange::QrExpired => (S::Linking, Some(QR_EXPIRED.to_owned())),
            LineChange::Linked(fresh) => {
                link = Some(fresh);
                (S::Connected, None)
            }
            LineChange::Connected => (S::Connected, None),
            LineChange::Restricted { reason, .. } => (S::Restricted, Some(reason)),
            LineChange::LoggedOut { reason } => (S::LoggedOut, Some(reason)),
        };
        if state != S::Connected {
            self.runners.hold(id);
        }
        let mut tx = self.shared.begin().await?;
        if let Some(link) = link {
            self.save_link_in(&mut tx, organization, id, &link).await?;
        }
        if state == S::LoggedOut {
            store_changes::forget_link(tx.conn(), organization, id).await?;
        }
        self.change_in(&mut tx, organization, id, state, reason.as_deref())
            .await?;
        if state == S::Linking {
            tx.record(shown(organization, id));
        }
        tx.commit().await?;
        self.runners.announce(id, state == S::Connected);
        if matches!(state, S::Connected | S::Restricted) {
            self.sandbox.wake(id);
        }
        Ok(if state == S::LoggedOut {
            Then::End
        } else {
            Then::GoOn
        })
    }

    /// A link that was made while the line went down: it must not be lost, the phone counts on it.
    async fn keep(&self, organization: OrganizationId, id: SessionId, link: Option<Link>) {
        if let Some(link) = link
            && let Err(error) = self.save_link(organization, id, link).await
        {
            tracing::error!(session = %id, ?error, "a fresh link could not be stored; link the phone again");
        }
    }

    async fn save_link(&self, organization: OrganizationId, id: SessionId, link: Link) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        self.save_link_in(&mut tx, organization, id, &link).await?;
        tx.commit().await
    }

    async fn save_link_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        id: SessionId,
        link: &Link,
    ) -> Result<()> {
        let sealed = self.shared.secrets.seal(&place(id), &link.credentials)?;
        let now = tx.now();
        store_changes::save_link(tx.conn(), organization, id, &sealed, &link.number, now).await
    }

    /// Waits, longer each time; `false` when the node or the session was stopped.
    async fn pause(&self, millis: &mut i64, stop: &CancellationToken) -> bool {
        let wait = *millis;
        *millis = (wait * 2).min(BACKOFF_MAX_MS);
        tokio::select! {
            () = stop.cancelled() => false,
            () = self.shared.clock.sleep(wait) => true,
        }
    }
}
