//! Tells open phone pages that a screen changed: at most ten times a second, however much arrives.

use crate::{NewEvent, Result, Shared};
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use types::{OrganizationId, SessionId, events::EventType};

const PAUSE: Duration = Duration::from_millis(100);

#[derive(Default)]
pub(super) struct Screen {
    changed: Mutex<HashMap<SessionId, (OrganizationId, Chat)>>,
    wake: Notify,
}

/// Whose chat changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chat {
    One(String),
    Several,
}

impl Chat {
    /// The chat of all of them, if it is the same.
    pub(super) fn of<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Self {
        let mut numbers = numbers.into_iter();
        match numbers.next() {
            Some(first) if numbers.all(|number| number == first) => Self::One(first.to_owned()),
            _ => Self::Several,
        }
    }
}

impl Screen {
    pub(super) fn change(&self, organization: OrganizationId, session: SessionId, chat: Chat) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed
            .entry(session)
            .and_modify(|(_, before)| {
                if *before != chat {
                    *before = Chat::Several;
                }
            })
            .or_insert((organization, chat));
        drop(changed);
        self.wake.notify_one();
    }
}

pub(super) async fn run(shared: Arc<Shared>, screen: Arc<Screen>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = screen.wake.notified() => {}
        }
        if let Err(error) = tell(&shared, &screen).await {
            tracing::warn!(?error, "open phone pages were not told of a change");
        }
        // Real time, not the shared clock: this spares the machine, and no rule hangs on it.
        tokio::time::sleep(PAUSE).await;
    }
}

async fn tell(shared: &Shared, screen: &Screen) -> Result<()> {
    let changed = std::mem::take(&mut *screen.changed.lock().unwrap_or_else(PoisonError::into_inner));
    if changed.is_empty() {
        return Ok(());
    }
    let mut tx = shared.begin().await?;
    for (session, (organization, chat)) in changed {
        let number = match chat {
            Chat::One(number) => Some(number),
            Chat::Several => None,
        };
        tx.record(NewEvent {
            organization,
            session: Some(session),
            kind: EventType::SandboxChanged,
            data: json!({ "session": session, "number": number }).to_string(),
        });
    }
    tx.commit().await
}
