//! Tells one session what is due: receipts, and what customers wrote. Acknowledged only after the
//! session's inbox has committed, so a crash in between repeats it and never loses it.

use super::{
    Sandbox,
    screen::Chat,
    store_marks::{self, Marks, Plain},
    store_receipts::{self, Due, Kind},
};
use crate::{Result, sessions::Sessions};
use std::sync::PoisonError;
use transport::{Inbox, IncomingMessage, LineEvent, ReceiptKind};
use types::{OrganizationId, SessionId, Timestamp};

/// Rows of each kind that are told together.
const BATCH: i64 = 500;
/// The usual time between the two ticks.
const READ_AFTER_MS: i64 = 1_000;
/// After something was told, what comes within that time is told together.
const GATHERS_MS: i64 = 30;
/// After an inbox failed.
pub(super) const PAUSE_MS: i64 = 1_000;

/// What one session must hear now.
struct News {
    marks: Marks,
    delivered: Vec<Plain>,
    read: Vec<Plain>,
    /// Told row by row.
    rows: Vec<Due>,
    /// There may be more of it.
    full: bool,
}

impl Sandbox {
    /// Tells one session what is due now; answers when it must hear of something again.
    pub(super) async fn tell(&self, sessions: &Sessions, session: SessionId) -> Result<Option<Timestamp>> {
        let line = self
            .lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&session)
            .cloned();
        // Offline: it is looked up afresh when it comes back.
        if !line.is_some_and(|line| line.is_online()) {
            return Ok(None);
        }
        let Some(organization) = sessions.organization_of(session) else {
            return Ok(None);
        };
        let now = self.shared.now();
        let Some(news) = self.news(organization, session, now).await? else {
            return Ok(None);
        };
        let events = news.events(now);
        if events.is_empty() {
            return self.next_news(organization, session, news.marks).await;
        }
        if let Err(error) = sessions.deliver(session, events).await {
            tracing::warn!(%session, %error, "an inbox did not take what was due; it comes again");
            return Ok(Some(now + PAUSE_MS));
        }
        let marks = news.marks_after();
        let mut tx = self.shared.begin().await?;
        if marks != news.marks {
            store_marks::save(tx.conn(), organization, session, marks).await?;
        }
        for kind in [Kind::Delivered, Kind::Read, Kind::Incoming] {
            let told: Vec<i64> = news
                .rows
                .iter()
                .filter(|row| row.kind == kind)
                .map(|row| row.seq)
                .collect();
            store_receipts::told(&mut tx, organization, session, kind, &told, now).await?;
        }
        tx.commit().await?;
        self.screen.change(organization, session, news.chat());
        if news.full {
            Ok(Some(now))
        } else {
            let next = self.next_news(organization, session, marks).await?;
            Ok(next.map(|at| at.max(now + GATHERS_MS)))
        }
    }

    async fn news(
        &self,
        organization: OrganizationId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Option<News>> {
        let pool = self.shared.read();
        let Some(marks) = store_marks::marks(pool, organization, session).await? else {
            return Ok(None);
        };
        let delivered = store_marks::after(pool, organization, session, marks.delivered_upto, BATCH).await?;
        let mut read = store_marks::after(pool, organization, session, marks.read_upto, BATCH).await?;
        let ripe = read
            .iter()
            .take_while(|row| row.seq <= marks.delivered_upto && row.at + READ_AFTER_MS <= now)
            .count();
        read.truncate(ripe);
        let rows = store_receipts::due(pool, organization, session, now, BATCH).await?;
        let full = [delivered.len(), read.len(), rows.len()]
            .iter()
            .any(|count| *count >= BATCH as usize);
        Ok(Some(News {
            marks,
            delivered,
            read,
            rows,
            full,
        }))
    }

    async fn next_news(
        &self,
        organization: OrganizationId,
        session: SessionId,
        marks: Marks,
    ) -> Result<Option<Timestamp>> {
        let pool = self.shared.read();
        let plain = store_marks::after(pool, organization, session, marks.read_upto, 1)
            .await?
            .pop();
        let undelivered = match &plain {
            None => None,
            Some(_) => store_marks::after(pool, organization, session, marks.delivered_upto, 1)
                .await?
                .pop(),
        };
        let row = store_receipts::next_due(pool, organization, session).await?;
        let read = plain.map(|row| row.at + READ_AFTER_MS);
        Ok([undelivered.map(|row| row.at), read, row]
            .into_iter()
            .flatten()
            .min())
    }
}

impl News {
    /// What the inbox hears: ticks in their order, then what was written.
    fn events(&self, now: Timestamp) -> Vec<LineEvent> {
        let mut events = Vec::new();
        let ticks = [
            (Kind::Delivered, ReceiptKind::Delivered, &self.delivered),
            (Kind::Read, ReceiptKind::Read, &self.read),
        ];
        for (kind, receipt, plain) in ticks {
            let own = || self.rows.iter().filter(move |row| row.kind == kind);
            let once = plain
                .iter()
                .map(|row| &row.message_id)
                .chain(own().map(|row| &row.message_id));
            let again = own().filter(|row| row.doubled).map(|row| &row.message_id);
            for message_ids in [once.cloned().collect::<Vec<_>>(), again.cloned().collect()] {
                if !message_ids.is_empty() {
                    events.push(LineEvent::Receipt {
                        message_ids,
                        kind: receipt,
                        at: now,
                    });
                }
            }
        }
        events.extend(
            self.rows
                .iter()
                .filter(|row| row.kind == Kind::Incoming)
                .filter_map(incoming),
        );
        events
    }

    fn marks_after(&self) -> Marks {
        Marks {
            delivered_upto: self
                .delivered
                .last()
                .map_or(self.marks.delivered_upto, |row| row.seq),
            read_upto: self.read.last().map_or(self.marks.read_upto, |row| row.seq),
        }
    }

    fn chat(&self) -> Chat {
        let plain = self
            .delivered
            .iter()
            .chain(&self.read)
            .map(|row| row.number.as_str());
        Chat::of(plain.chain(self.rows.iter().map(|row| row.number.as_str())))
    }
}

fn incoming(row: &Due) -> Option<LineEvent> {
    // Numbers were checked when the message was written.
    let from = row.number.parse().ok()?;
    Some(LineEvent::Incoming(IncomingMessage {
        message_id: row.message_id.clone(),
        from,
        name: row.name.clone(),
        text: row.text.clone(),
        media_kind: row.media_kind,
        at: row.at,
        from_me: row.from_me,
    }))
}
