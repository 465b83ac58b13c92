//! What a lane must know of those it writes to before it decides, and what belongs to other lanes.

use super::{
    Messages,
    claim::Ranked,
    lanes::{State, View},
    record::Lane,
    store::{self, claim::Due, lane::Known},
};
use crate::{Result, chats, settings};
use std::collections::{HashMap, HashSet};
use types::{ChatId, MessageId, SessionId, Timestamp};

/// What the recipients of some heads are known for.
#[derive(Default)]
pub struct Recipients {
    pub left_at: HashMap<String, Timestamp>,
    pub wrote: HashSet<String>,
    /// With which sessions they talk, newest first.
    talks: HashMap<String, Vec<SessionId>>,
    /// On the wire of another session just now.
    pub elsewhere: HashSet<String>,
    pub opted_out: HashSet<String>,
}

impl Messages {
    /// Asks only for what makes a difference.
    pub(super) async fn recipients(
        &self,
        lane: Lane,
        state: &State,
        heads: &[Due],
        pool: bool,
        off: bool,
    ) -> Result<Recipients> {
        let mut found = Recipients::default();
        let rules = &state.rules;
        let matters =
            rules.gap_ms > 0 || rules.cold_daily.is_some() || state.history.cold_until.is_some() || pool;
        let mut jids: Vec<String> = heads.iter().map(|due| due.recipient.jid()).collect();
        jids.sort();
        jids.dedup();
        let read = self.shared.read();
        if state.policy.has_opt_outs {
            let mut conn = read.acquire().await?;
            let out = settings::opted_out(&mut conn, lane.organization, &jids).await?;
            found.opted_out.extend(out);
        }
        if !matters || (off && !pool) {
            return Ok(found);
        }
        for known in store::lane::known(read, lane.organization, &jids).await? {
            let Known {
                jid,
                session,
                left_at,
                wrote,
            } = known;
            if let Some(at) = left_at {
                let last = found.left_at.entry(jid.clone()).or_insert(at);
                *last = (*last).max(at);
            }
            if wrote {
                found.wrote.insert(jid.clone());
            }
            found.talks.entry(jid).or_default().push(session);
        }
        for (jid, session, at, now_on_wire) in store::lane::on_wire(read, lane.organization).await? {
            let last = found.left_at.entry(jid.clone()).or_insert(at);
            *last = (*last).max(at);
            if now_on_wire && session != lane.session {
                found.elsewhere.insert(jid);
            }
        }
        Ok(found)
    }

    /// Those of the pool that talk with another session, which is there for them and may write to
    /// them soon: `opens` says when.
    pub(super) fn for_others(
        &self,
        lane: Lane,
        heads: &[Due],
        recipients: &Recipients,
        now: Timestamp,
        opens: impl Fn(&Due, &View) -> Option<Timestamp>,
    ) -> Vec<(MessageId, ChatId, SessionId)> {
        heads
            .iter()
            .filter(|due| due.pooled)
            .filter_map(|due| {
                let jid = due.recipient.jid();
                let talks = recipients.talks.get(&jid)?;
                let open = |session: &&SessionId| {
                    **session == lane.session
                        || self.lanes.is_open_soon(**session, now, |view| opens(due, view))
                };
                let session = *talks.iter().find(open)?;
                (session != lane.session).then(|| (due.id, chats::id_of(session, &jid), session))
            })
            .collect()
    }

    pub(super) async fn hand_over(
        &self,
        lane: Lane,
        others: &[(MessageId, ChatId, SessionId)],
    ) -> Result<Ranked> {
        let mut by_session: HashMap<SessionId, Vec<(MessageId, ChatId)>> = HashMap::new();
        for (id, chat, session) in others {
            by_session.entry(*session).or_default().push((*id, *chat));
        }
        let mut tx = self.shared.begin().await?;
        for (session, messages) in &by_session {
            store::claim::take(&mut tx, lane.organization, *session, messages).await?;
        }
        tx.commit().await?;
        for session in by_session.into_keys() {
            self.wake.notify(session);
        }
        Ok(Ranked::Moved)
    }
}
