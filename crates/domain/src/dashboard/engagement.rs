//! How many people wrote back: chats with a reply ÷ chats written to.
//!
//! A chat knows only when each side wrote last, so this can be told of periods that end today, and
//! of no others.

use super::{
    Asked, DashboardRoom,
    period::Span,
    store::{self, Of},
};
use crate::{Ctx, Result, time};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use types::{OrganizationId, Permission, SessionId, Timestamp, dashboard::Engagement};

/// Most chats that are looked at, over all sessions.
pub const MOST: i64 = 20_000;
/// How long an answer is good enough.
const REMEMBERED: i64 = 60_000;

type Key = (OrganizationId, Option<SessionId>, Timestamp);

/// Answers of the last minute.
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<HashMap<Key, Engagement>>>);

impl Known {
    fn all(&self) -> MutexGuard<'_, HashMap<Key, Engagement>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, key: &Key, now: Timestamp) -> Option<Engagement> {
        self.all().get(key).copied().filter(|known| is_fresh(known, now))
    }

    fn keep(&self, key: Key, answer: Engagement, now: Timestamp) {
        let mut all = self.all();
        all.retain(|_, known| is_fresh(known, now));
        all.insert(key, answer);
    }
}

fn is_fresh(known: &Engagement, now: Timestamp) -> bool {
    (0..REMEMBERED).contains(&(now - known.as_of))
}

impl DashboardRoom {
    /// `None` for a period that ended before today. Up to a minute old.
    pub async fn engagement(&self, ctx: &Ctx, asked: &Asked) -> Result<Option<Engagement>> {
        let organization = ctx.require(Permission::QueueView)?;
        let now = self.shared.now();
        let zone = store::facts(self.shared.read(), organization).await?.zone;
        let span = Span::read(asked, time::date_of(&zone, now))?;
        let since = time::day_bounds(&zone, span.from).map(|(start, _)| start);
        let (true, Some(since)) = (span.ends_today(), since) else {
            return Ok(None);
        };
        let key = (organization, ctx.session, since);
        if let Some(known) = self.engagements.get(&key, now) {
            return Ok(Some(known));
        }
        let of = Of {
            organization,
            session: ctx.session,
        };
        let answer = self.count_replies(of, since, now, MOST).await?;
        self.engagements.keep(key, answer, now);
        Ok(Some(answer))
    }

    /// Sessions with few chats are looked at wholly; those with many share what is left.
    pub(super) async fn count_replies(
        &self,
        of: Of,
        since: Timestamp,
        now: Timestamp,
        most: i64,
    ) -> Result<Engagement> {
        let pool = self.shared.read();
        let mut moved = store::moved_chats(pool, of, since, most + 1).await?;
        moved.retain(|(_, chats)| *chats > 0);
        moved.sort_by_key(|(_, chats)| *chats);
        let all: i64 = moved.iter().map(|(_, chats)| chats).sum();
        let (mut left, mut sessions) = (most, moved.len() as i64);
        let mut answer = Engagement {
            written: 0,
            replied: 0,
            newest_only: (all > most).then_some(most),
            as_of: now,
        };
        for (session, chats) in moved {
            let share = chats.min(left / sessions.max(1));
            let (written, replied) = store::answered(pool, of.organization, session, since, share).await?;
            answer.written += written;
            answer.replied += replied;
            left -= share;
            sessions -= 1;
        }
        Ok(answer)
    }
}
