//! What comes in from a line: receipts of what we sent, and what customers write.

use super::{
    Messages,
    dispatch::from_wire_id,
    record::{Days, Lane, event_data, snippet},
    store::{incoming as store, record},
};
use crate::{NewEvent, Result, Tx, chats};
use std::collections::BTreeMap;
use transport::{IncomingMessage, ReceiptKind};
use types::{MessageId, OrganizationId, SessionId, Timestamp, events::EventType, messages::MessageState};

impl Messages {
    /// Ticks. Returns after the commit, which is when WhatsApp may be told that we have them.
    pub async fn receipts(
        &self,
        session: SessionId,
        organization: OrganizationId,
        ids: Vec<String>,
        kind: ReceiptKind,
        at: Timestamp,
    ) -> Result<()> {
        let lane = Lane {
            organization,
            session,
        };
        let ids: Vec<MessageId> = ids.iter().filter_map(|id| from_wire_id(id)).collect();
        let mut tx = self.shared.begin().await?;
        let to = match kind {
            ReceiptKind::Delivered => MessageState::Delivered,
            ReceiptKind::Read => MessageState::Read,
        };
        let mut days = Days::default();
        for ids in ids.chunks(500) {
            if self.receipt_in(&mut tx, lane, ids, to, at, &mut days).await? == ids.len() {
                continue;
            }
            // A receipt proves that a message was sent, and a read one that it was delivered,
            // whatever we knew of it.
            self.sent_by_id_in(&mut tx, lane, ids, at).await?;
            self.receipt_in(&mut tx, lane, ids, MessageState::Delivered, at, &mut days)
                .await?;
            self.receipt_in(&mut tx, lane, ids, to, at, &mut days).await?;
        }
        days.count_in(&mut tx, lane);
        tx.commit().await
    }

    /// Those of them that are still on the wire or uncertain become sent.
    pub(super) async fn sent_by_id_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        ids: &[MessageId],
        at: Timestamp,
    ) -> Result<()> {
        let open = record::bodies(tx, lane, ids).await?;
        self.sent_in(tx, lane, &open, at, None).await?;
        Ok(())
    }

    /// Messages that customers wrote, or that were typed on the linked phone. What was stored
    /// before is not stored again.
    pub async fn incoming(
        &self,
        session: SessionId,
        organization: OrganizationId,
        messages: Vec<IncomingMessage>,
    ) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let mut fresh = Vec::new();
        for message in &messages {
            if !store::is_known(&mut tx, organization, session, &message.message_id).await? {
                fresh.push(message);
            }
        }
        // In one order everywhere, so that two transactions never wait for each other.
        let mut chats_touched: BTreeMap<String, record::ChatTouch> = BTreeMap::new();
        for message in &fresh {
            let jid = message.from.jid();
            let touch = record::ChatTouch {
                id: chats::id_of(session, &jid),
                jid: jid.clone(),
                name: message.name.clone(),
                text: clean(message.text.as_deref()).as_deref().map(snippet),
                from_me: message.from_me,
                // What a person types on the phone is shown, not counted.
                ours: false,
                at: message.at,
            };
            chats_touched.insert(jid, touch);
        }
        let touched: Vec<_> = chats_touched.into_values().collect();
        record::touch_chats(&mut tx, organization, session, &touched).await?;
        let mut warmer = false;
        for touch in touched.iter().filter(|touch| !touch.from_me) {
            warmer |= super::store::lane::unpark_recipient(tx.conn(), organization, &touch.jid).await? > 0;
        }
        let mut days = Days::default();
        let lane = Lane {
            organization,
            session,
        };
        for message in fresh {
            let jid = message.from.jid();
            let chat = chats::id_of(session, &jid);
            let text = clean(message.text.as_deref());
            let new = store::NewIncoming {
                id: MessageId(self.shared.ids.uuid()),
                wire_id: &message.message_id,
                from_me: message.from_me,
                chat,
                jid: &jid,
                text: text.as_deref(),
                media_kind: message.media_kind,
                at: message.at,
            };
            if !store::insert(&mut tx, organization, session, &new, now).await? {
                continue;
            }
            if !message.from_me {
                self.received_in(&mut tx, lane, message.at, &mut days).await?;
            }
            let (kind, state) = if message.from_me {
                (EventType::MessageSent, "sent")
            } else {
                (EventType::MessageReceived, "received")
            };
            let data = event_data(new.id, None, &jid, state, Some((Some(chat), None)));
            tx.record(NewEvent {
                organization,
                session: Some(session),
                kind,
                data,
            });
        }
        days.count_in(&mut tx, lane);
        tx.commit().await?;
        if warmer {
            self.wake.notify_pool(organization);
        }
        Ok(())
    }
}

/// PostgreSQL's texts cannot hold U+0000.
fn clean(text: Option<&str>) -> Option<String> {
    text.map(|text| text.replace('\0', ""))
}
