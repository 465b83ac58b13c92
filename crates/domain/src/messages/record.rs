//! Record: what became of messages, with their chats, numbers and events, in one transaction.

use super::{Messages, store::record as store};
use crate::{NewEvent, Result, Tx, chats, time};
use std::collections::{BTreeMap, HashMap};
pub use store::Back;
use store::{Changed, ChatTouch, Counted, CountedDay};
use types::{
    ChatId, MessageId, OrganizationId, Recipient, SessionId, Timestamp, events::EventType,
    messages::MessageState,
};

/// Whose messages a record is about.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    pub organization: OrganizationId,
    pub session: SessionId,
}

impl Messages {
    /// On the wire or uncertain becomes sent: chats, numbers, events.
    pub(super) async fn sent_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        messages: &[(MessageId, Recipient, Option<String>)],
        at: Timestamp,
        lane_counts: Option<(&store::Past, CountedDay)>,
    ) -> Result<Vec<Changed>> {
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        // The last text to each recipient stands in the chat list.
        // In one order everywhere, so that two transactions never wait for each other.
        let mut chats: BTreeMap<String, Option<&str>> = BTreeMap::new();
        for (_, recipient, text) in messages {
            chats.insert(recipient.jid(), text.as_deref());
        }
        let touched: Vec<ChatTouch> = chats
            .into_iter()
            .map(|(jid, text)| ChatTouch {
                id: chats::id_of(lane.session, &jid),
                jid,
                name: None,
                text: text.map(snippet),
                from_me: true,
                ours: true,
                at,
            })
            .collect();
        store::touch_chats(tx, lane.organization, lane.session, &touched).await?;
        let ids: Vec<_> = messages.iter().map(|(id, ..)| *id).collect();
        let changed = store::sent(tx, lane, &ids, at).await?;
        if changed.is_empty() {
            return Ok(changed);
        }
        let count = changed.len() as i64;
        let add = Counted {
            waiting: -count,
            sent: count,
            failed: 0,
        };
        store::count(tx, lane.organization, add);
        let (past, spent) = lane_counts.unzip();
        store::count_session(tx, lane.organization, lane.session, add, Some(at), past);
        let day = self.day_of(tx, lane.organization, at).await?;
        let sent = CountedDay {
            sent: count,
            ..spent.unwrap_or_default()
        };
        store::count_day(tx, lane.organization, Some(lane.session), &day, sent);
        record_events(
            tx,
            lane.organization,
            &changed,
            EventType::MessageSent,
            "sent",
            None,
        );
        Ok(changed)
    }

    /// Failed for good, with a reason in words.
    pub(super) async fn failed_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        ids: &[MessageId],
        reason: &str,
        at: Timestamp,
    ) -> Result<()> {
        let changed = store::failed(tx, organization, ids, reason, at).await?;
        if changed.is_empty() {
            return Ok(());
        }
        let count = changed.len() as i64;
        let add = Counted {
            waiting: -count,
            sent: 0,
            failed: count,
        };
        store::count(tx, organization, add);
        let day = self.day_of(tx, organization, at).await?;
        // Some failed before a session was chosen; the day counts them all the same.
        let mut by_session: BTreeMap<Option<SessionId>, i64> = BTreeMap::new();
        for change in &changed {
            *by_session.entry(change.session).or_default() += 1;
        }
        for (session, failed) in by_session {
            let add = Counted {
                waiting: 0,
                sent: 0,
                failed,
            };
            if let Some(session) = session {
                store::count_session(tx, organization, session, add, None, None);
            }
            let day_add = CountedDay {
                failed,
                ..CountedDay::default()
            };
            store::count_day(tx, organization, session, &day, day_add);
        }
        record_events(
            tx,
            organization,
            &changed,
            EventType::MessageFailed,
            "failed",
            Some(reason),
        );
        Ok(())
    }

    /// Was on the wire when the line or the server broke.
    pub(super) async fn uncertain_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        ids: &[MessageId],
        why: &str,
    ) -> Result<()> {
        let changed = store::uncertain(tx, organization, ids, why).await?;
        record_events(
            tx,
            organization,
            &changed,
            EventType::MessageUncertain,
            "uncertain",
            Some(why),
        );
        Ok(())
    }

    /// Waits again.
    pub(super) async fn back_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        ids: &[MessageId],
        how: Back,
        why: Option<&str>,
    ) -> Result<()> {
        let changed = store::back(tx, lane, ids, how, why).await?;
        record_events(
            tx,
            lane.organization,
            &changed,
            EventType::MessageQueued,
            "pending",
            why,
        );
        Ok(())
    }

    /// Receipts of sent messages; repeats change nothing. Answers how many changed.
    pub(super) async fn receipt_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        ids: &[MessageId],
        to: MessageState,
        at: Timestamp,
        days: &mut Days,
    ) -> Result<usize> {
        let changed = store::receipt(tx, lane, ids, to, at).await?;
        for change in &changed {
            // Counted on the day it was sent, so that a day's rates never pass 100 %.
            let sent_at = change.settled_at.unwrap_or(at);
            let count = self.day_in(tx, lane.organization, sent_at, days).await?;
            match to {
                MessageState::Read => count.read += 1,
                _ => count.delivered += 1,
            }
        }
        let kind = if to == MessageState::Read {
            EventType::MessageRead
        } else {
            EventType::MessageDelivered
        };
        record_events(tx, lane.organization, &changed, kind, to.name(), None);
        Ok(changed.len())
    }

    /// Somebody wrote to us then.
    pub(super) async fn received_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        at: Timestamp,
        days: &mut Days,
    ) -> Result<()> {
        self.day_in(tx, lane.organization, at, days).await?.received += 1;
        Ok(())
    }

    /// What is added to the day of that moment.
    async fn day_in<'a>(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        at: Timestamp,
        days: &'a mut Days,
    ) -> Result<&'a mut CountedDay> {
        let day = if let Some(day) = days.known.get(&quarter(at)) {
            day.clone()
        } else {
            let day = self.day_of(tx, organization, at).await?;
            days.known.insert(quarter(at), day.clone());
            day
        };
        Ok(days.counts.entry(day).or_default())
    }

    /// The organization's calendar day. Every quarter of an hour lies within one day in every
    /// zone, so that callers may remember the answer for one.
    pub(super) async fn day_of(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        at: Timestamp,
    ) -> Result<String> {
        let zone = super::store::read::time_zone(tx.conn(), organization).await?;
        Ok(time::day_of(&zone, at))
    }
}

/// What receipts and incoming messages add to days. Written at the end of a transaction: kept numbers are rows that
/// everybody wants, and who takes them before anything else makes others wait in a circle.
#[derive(Default)]
pub struct Days {
    known: HashMap<i64, String>,
    counts: BTreeMap<String, CountedDay>,
}

impl Days {
    pub fn count_in(self, tx: &mut Tx, lane: Lane) {
        for (day, add) in self.counts {
            store::count_day(tx, lane.organization, Some(lane.session), &day, add);
        }
    }
}

fn quarter(at: Timestamp) -> i64 {
    at.0.div_euclid(900_000)
}

/// A few words of a text, for chat lists.
pub fn snippet(text: &str) -> String {
    text.chars()
        .take(120)
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect()
}

fn record_events(
    tx: &mut Tx,
    organization: OrganizationId,
    changed: &[Changed],
    kind: EventType,
    state: &str,
    error: Option<&str>,
) {
    for change in changed {
        let jid = change.recipient.jid();
        let data = event_data(
            change.id,
            change.queue_id,
            &jid,
            state,
            Some((change.session.map(|session| chats::id_of(session, &jid)), error)),
        );
        tx.record(NewEvent {
            organization,
            session: change.session,
            kind,
            data,
        });
    }
}

/// A waiting message got what it waited for: a session, its attachment, another try.
pub fn record_queued(
    tx: &mut Tx,
    organization: OrganizationId,
    session: Option<SessionId>,
    id: MessageId,
    queue_id: i64,
    recipient: &Recipient,
) {
    tx.record(NewEvent {
        organization,
        session,
        kind: EventType::MessageQueued,
        data: event_data(id, Some(queue_id), &recipient.jid(), "pending", None),
    });
}

/// What an event says of a message. Written by hand: this runs several times per message, and
/// only a reason needs escaping; ids and JIDs have no character that does.
pub fn event_data(
    id: MessageId,
    queue_id: Option<i64>,
    jid: &str,
    state: &str,
    more: Option<(Option<ChatId>, Option<&str>)>,
) -> String {
    use std::fmt::Write as _;
    let mut data = format!(r#"{{"id":"{id}","recipient":"{jid}","state":"{state}""#);
    if let Some(queue_id) = queue_id {
        let _ = write!(data, r#","queue_id":{queue_id}"#);
    }
    if let Some((chat, error)) = more {
        if let Some(chat) = chat {
            let _ = write!(data, r#","chat":"{chat}""#);
        }
        if let Some(error) = error {
            let _ = write!(data, r#","error":{}"#, serde_json::Value::from(error));
        }
    }
    data.push('}');
    data
}
