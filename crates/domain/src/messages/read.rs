//! Reading: the queue, the history, one entry with everything that holds it.

use super::{Messages, not_found, store::read as store};
use crate::{Ctx, Result, time};
use types::{
    AppError, ChatId, MessageId, OrganizationId, Page, PageRequest, Permission, Recipient, SessionId,
    Timestamp,
    messages::{HistoryFilter, MessageState, QueueDetail, QueueEntry, QueueFilter, TimelineMessage},
};

/// How many entries of one reference are answered at most.
const REFERENCE: i64 = 1_000;

impl Messages {
    /// What waits, oldest first, with how many wait in all (without a filter).
    pub async fn queue(&self, ctx: &Ctx, filter: QueueFilter, page: PageRequest) -> Result<Page<QueueEntry>> {
        let organization = ctx.require(Permission::QueueView)?;
        if let Some(session) = filter.session {
            ctx.may_touch(session)?;
        }
        let total = page.total;
        let after = match &page.cursor {
            None => 0,
            Some(cursor) => cursor.parse().map_err(|_| bad_cursor())?,
        };
        let which = store::Which {
            state: filter.state,
            session: ctx.session.or(filter.session),
        };
        let rows = store::queue(
            self.shared.read(),
            organization,
            which,
            after,
            i64::from(page.limit) + 1,
        )
        .await?;
        let mut page = Page::cut(rows, page.limit, |(entry, _)| entry.queue_id.to_string());
        self.foretell(organization, &mut page.data).await?;
        let mut page = page.map(|(entry, _)| entry);
        if which.state.is_none() && which.session.is_none() {
            page.total = Some(store::kept(self.shared.read(), organization).await?.waiting);
        } else if total {
            let _turn = self.counting.lock().await;
            page.total = Some(store::queue_count(self.shared.read(), organization, which).await?);
        }
        Ok(page)
    }

    /// How many are on the wire and how many uncertain, of one session or of all.
    pub async fn on_the_way(&self, ctx: &Ctx, session: Option<SessionId>) -> Result<(i64, i64)> {
        let organization = ctx.require(Permission::QueueView)?;
        if let Some(session) = session {
            ctx.may_touch(session)?;
        }
        store::on_the_way(self.shared.read(), organization, ctx.session.or(session)).await
    }

    /// What became of messages, newest first, by the time they were sent, failed or cancelled.
    pub async fn history(
        &self,
        ctx: &Ctx,
        filter: HistoryFilter,
        page: PageRequest,
    ) -> Result<Page<QueueEntry>> {
        let organization = ctx.require(Permission::QueueView)?;
        if let Some(session) = filter.session {
            ctx.may_touch(session)?;
        }
        let (from, until) = self.days(organization, &filter).await?;
        let states = history_states(&filter.states);
        let before = page
            .cursor
            .as_deref()
            .map(|c| parse_place(c).ok_or_else(bad_cursor))
            .transpose()?;
        let past = store::Past {
            from,
            until,
            states,
            session: ctx.session.or(filter.session),
            before,
        };
        let rows = store::history(self.shared.read(), organization, &past, i64::from(page.limit) + 1).await?;
        let total = page.total;
        let mut page = Page::cut(rows, page.limit, |entry| {
            format!("{}.{}", entry.settled_at.unwrap_or_default().0, entry.id.key())
        });
        if total {
            page.total = Some(self.history_total(organization, &past).await?);
        }
        Ok(page)
    }

    /// All that was sent, all that failed, or both are kept numbers; anything else is counted.
    async fn history_total(&self, organization: OrganizationId, past: &store::Past) -> Result<i64> {
        use MessageState as S;
        let pool = self.shared.read();
        let has = |state| past.states.contains(&state);
        let (sent, failed) = (has(S::Sent), has(S::Failed));
        let whole = [S::Delivered, S::Read]
            .into_iter()
            .all(|state| has(state) == sent)
            && past.states.len() == 3 * usize::from(sent) + usize::from(failed);
        let everything = past.from == Timestamp(0) && past.until == Timestamp(i64::MAX);
        if whole && everything && past.session.is_none() {
            let kept = store::kept(pool, organization).await?;
            return Ok(if sent { kept.sent } else { 0 } + if failed { kept.failed } else { 0 });
        }
        let _turn = self.counting.lock().await;
        store::history_count(pool, organization, past).await
    }

    /// One entry by UUID, prefixed id or queue id, with its gates.
    pub async fn get(&self, ctx: &Ctx, id: &str) -> Result<QueueDetail> {
        let organization = ctx.require(Permission::QueueView)?;
        let found = self.find(organization, id).await?.ok_or_else(not_found)?;
        if let Some(own) = ctx.session
            && found.entry.session != Some(own)
        {
            return Err(not_found().into());
        }
        let said = self.say(ctx, organization, &found).await?;
        let mut entry = found.entry;
        entry.leaves_at = said.leaves_at;
        Ok(QueueDetail {
            entry,
            gates: said.gates,
            ahead: said.ahead,
            candidates: said.candidates,
            session_name: found.session_name,
            as_of: self.shared.now(),
        })
    }

    /// Whether a message to that recipient answers what they wrote: the received message must be
    /// theirs, and not older than a day.
    pub async fn answers(&self, ctx: &Ctx, to: &str, received: &str) -> Result<()> {
        const DAY: i64 = 86_400_000;
        let organization = ctx.require(Permission::MessagesSend)?;
        let refuse = |why: &str| Err(AppError::field("reply_to", why).into());
        let found = match received.parse() {
            Ok(id) => store::received(self.shared.read(), organization, id).await?,
            Err(_) => None,
        };
        let Some(found) = found.filter(|found| ctx.session.is_none_or(|own| own == found.session)) else {
            return refuse("There is no received message with this id in this organization");
        };
        if to.parse::<Recipient>().ok().as_ref() != Some(&found.from) {
            return refuse("This message was written by somebody else than whom you write to");
        }
        if self.shared.now() - found.at > DAY {
            return refuse(
                "This message is older than 24 hours. Leave reply_to out to send a single message.",
            );
        }
        Ok(())
    }

    /// Every entry under a caller's reference, newest call first.
    pub async fn by_reference(&self, ctx: &Ctx, reference: &str) -> Result<Vec<QueueEntry>> {
        let organization = ctx.require(Permission::QueueView)?;
        let mut entries = store::by_reference(self.shared.read(), organization, reference, REFERENCE).await?;
        entries.retain(|entry| ctx.session.is_none() || ctx.session == entry.session);
        Ok(entries)
    }

    /// A chat's messages, newest first. The caller has checked who may see the chat.
    pub(crate) async fn timeline_of(
        &self,
        organization: OrganizationId,
        chat: ChatId,
        page: PageRequest,
    ) -> Result<Page<TimelineMessage>> {
        let before = page
            .cursor
            .as_deref()
            .map(|c| parse_place(c).ok_or_else(bad_cursor))
            .transpose()?;
        let rows = store::timeline(
            self.shared.read(),
            organization,
            chat,
            before,
            i64::from(page.limit) + 1,
        )
        .await?;
        Ok(Page::cut(rows, page.limit, |message| {
            format!("{}.{}", message.at.0, message.id.key())
        }))
    }

    pub(super) async fn find(&self, organization: OrganizationId, id: &str) -> Result<Option<store::Found>> {
        let pool = self.shared.read();
        let plain = id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0');
        if let Some(queue_id) = id.parse::<i32>().ok().filter(|_| plain) {
            return store::find(pool, organization, None, Some(i64::from(queue_id))).await;
        }
        match id.parse::<MessageId>() {
            Ok(id) => store::find(pool, organization, Some(id), None).await,
            Err(_) => Ok(None),
        }
    }

    /// The moments that two optional days enclose, both included.
    async fn days(
        &self,
        organization: OrganizationId,
        filter: &HistoryFilter,
    ) -> Result<(Timestamp, Timestamp)> {
        let (start, end) = (filter.start_date.as_deref(), filter.end_date.as_deref());
        let (start, end) = (day(start, "startDate")?, day(end, "endDate")?);
        if let (Some(start), Some(end)) = (start, end)
            && end < start
        {
            return Err(AppError::field("endDate", "The end date is before the start date").into());
        }
        let mut conn = self.shared.read().acquire().await?;
        let zone = store::time_zone(&mut conn, organization).await?;
        let bounds = |day| time::day_bounds(&zone, day);
        let from = start.and_then(bounds).map_or(Timestamp(0), |(from, _)| from);
        let until = end
            .and_then(bounds)
            .map_or(Timestamp(i64::MAX), |(_, until)| until);
        Ok((from, until))
    }
}

fn day(text: Option<&str>, field: &str) -> Result<Option<jiff::civil::Date>, AppError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let shape = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    match text.parse() {
        Ok(date) if shape => Ok(Some(date)),
        _ => Err(AppError::field(
            field,
            "Write the date as YYYY-MM-DD, for example 2026-11-20",
        )),
    }
}

/// Sent means sent with everything after it; without a wish: sent and failed.
fn history_states(wanted: &[MessageState]) -> Vec<MessageState> {
    use MessageState as S;
    if wanted.is_empty() {
        return vec![S::Sent, S::Delivered, S::Read, S::Failed];
    }
    wanted.to_vec()
}

fn parse_place(cursor: &str) -> Option<(Timestamp, MessageId)> {
    let (at, id) = cursor.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), MessageId::from_key(id).ok()?))
}

fn bad_cursor() -> AppError {
    AppError::field(
        "cursor",
        "This cursor is not one that a list gave out. Leave it out to begin at the first page.",
    )
}
