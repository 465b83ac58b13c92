//! The one way in which a session's state changes: table, transitions and event together.

use super::{Sessions, store_changes};
use crate::{NewEvent, Result, Tx};
use serde_json::json;
use types::{OrganizationId, SessionId, events::EventType, sessions::SessionState};

impl Sessions {
    /// Writes the state down, unless it is that already or the session was deleted.
    pub(super) async fn change_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        id: SessionId,
        state: SessionState,
        reason: Option<&str>,
    ) -> Result<()> {
        let now = tx.now();
        let Some(row) = store_changes::set_state(tx.conn(), organization, id, state, reason, now).await?
        else {
            return Ok(());
        };
        let transition = self.shared.ids.uuid().simple().to_string();
        store_changes::add_transition(tx.conn(), organization, id, &transition, state, reason, now).await?;
        tx.record(NewEvent {
            organization,
            session: Some(id),
            kind: EventType::SessionStatus,
            data: json!({
                "session": id,
                "name": row.name,
                "state": state,
                "reason": reason,
                "number": row.number,
            })
            .to_string(),
        });
        Ok(())
    }

    /// The same in a transaction of its own.
    pub(super) async fn change(
        &self,
        organization: OrganizationId,
        id: SessionId,
        state: SessionState,
        reason: Option<&str>,
    ) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        self.change_in(&mut tx, organization, id, state, reason).await?;
        tx.commit().await
    }

    /// Tells open pairing dialogs to look again. What is shown is kept in memory alone.
    pub(super) async fn tell_shown(&self, organization: OrganizationId, id: SessionId) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        tx.record(shown(organization, id));
        tx.commit().await
    }
}

pub(super) fn shown(organization: OrganizationId, id: SessionId) -> NewEvent {
    NewEvent {
        organization,
        session: Some(id),
        kind: EventType::SessionQr,
        data: json!({ "session": id }).to_string(),
    }
}
