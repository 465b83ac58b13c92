//! Claim: what leaves a lane now. Reads the heads, lets [`pacing::take`] decide, and marks what
//! leaves before the network is touched.

use super::{
    Messages,
    aside::{moment_of, park},
    lanes::{State, View, text_mark},
    recipients::Recipients,
    record::Lane,
    store::{
        self,
        claim::Due,
        lane::{Hints, Whose},
    },
};
use crate::{Result, Tx, chats, time};
use pacing::{Departure, Facts, Head, Moment, ORDER, Taken, Used};
use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::atomic::Ordering,
};
use types::{ChatId, MediaId, MessageId, Timestamp, media::Media, messages::Class};

/// How many messages are claimed at once when nothing paces them, and how many heads are looked
/// at when something does.
pub const BATCH: i64 = 200;
const LOOK: i64 = 32;
/// How many of the pool are looked at when this lane may take none of the first.
const LOOK_WIDE: i64 = 256;
/// A lane that is shut for longer gives what does not insist on it to others.
pub const LONG: i64 = 600_000;
/// Parked messages that one transaction lets take their turn again.
const UNPARKED: i64 = 500;
/// How long a lane sleeps at most before it looks again by itself. Everything that happens on this
/// node wakes it; this is for what another node may have done.
pub const LOOK_AGAIN: i64 = 60_000;
/// How long a lane leaves the pool to one with a better score, in milliseconds. That one was
/// woken at the same moment; when it does not come, the message must not wait for it.
const YIELDS: i64 = 25;

/// A message that leaves, and how it counts.
pub struct Claimed {
    pub due: Due,
    pub departure: Departure,
}

pub enum Claim {
    Some(Vec<Claimed>, HashMap<MediaId, Media>),
    /// Something was moved; look again at once.
    Again,
    None(Timestamp),
}

impl Messages {
    pub(super) async fn claim(&self, lane: Lane, state: &mut State) -> Result<Claim> {
        self.refresh(lane, state).await?;
        let now = self.shared.now();
        let far = now + LOOK_AGAIN;
        if state.policy.suspended {
            return Ok(Claim::None(far));
        }
        let mut used = self.used_of(lane, state, now).await?;
        self.publish(lane, state, &used, now);
        self.warn(lane, state, &used, now).await;
        if state.reopen || state.parked.is_some_and(|at| at <= now) {
            return self.unpark(lane, state, now).await;
        }
        let own = Whose::Own(lane.session);
        let mut hints = store::lane::hints(self.shared.read(), lane.organization, own).await?;
        let pool_count = self.wake.pool(lane.organization).load(Ordering::SeqCst);
        let pool = self.look_at_pool(lane, state, now).await?;
        let (mut passed, mut looked_at_all) = (None, true);
        if let Some(pool) = pool {
            hints = hints.with(pool);
        }
        state.parked = hints.parked.filter(|at| at.0 < store::UNTIL_TOLD);
        let mut until = state.parked.unwrap_or(far).min(far);
        let mut shut_for_long = false;
        for rank in Self::ranks(state, &hints) {
            let class = class_of(rank);
            let moment = moment(state, &used, now);
            let mut only_tried = false;
            if rank != store::RUSH {
                match pacing::lane_opening(&moment, class) {
                    Some(at) if at <= now => {}
                    Some(at) => {
                        shut_for_long |= at - now > LONG;
                        until = until.min(at);
                        // A full limit does not hold what counts already.
                        only_tried = pacing::again_opening(&moment, class).is_some_and(|at| at <= now);
                        looked_at_all = false;
                        if !only_tried {
                            continue;
                        }
                    }
                    None => {
                        looked_at_all = false;
                        continue;
                    }
                }
            }
            let could = ORDER.map(|other| {
                hints.has(store::rank(other))
                    && pacing::lane_opening(&moment, other).is_some_and(|at| at <= now)
            });
            let could = |other| {
                ORDER
                    .iter()
                    .position(|one| *one == other)
                    .is_some_and(|n| could[n])
            };
            let which = Which {
                rank,
                pool: pool.is_some(),
                only_tried,
                most: if state.rules.is_off() || rank == store::RUSH {
                    BATCH as usize
                } else {
                    let share = state.history.turns.share(class, could);
                    share.map_or(BATCH as usize, |share| share.min(BATCH as usize))
                },
            };
            match self.claim_rank(lane, state, &mut used, which, now).await? {
                Ranked::Left(claimed, attachments) => {
                    if rank != store::RUSH {
                        for _ in &claimed {
                            state.history.turns.went(class, could);
                        }
                    }
                    return Ok(Claim::Some(claimed, attachments));
                }
                Ranked::Moved => return Ok(Claim::Again),
                Ranked::Shut(at) => {
                    until = until.min(at);
                    looked_at_all = false;
                    // It only waits for its delay: whatever is less urgent would move that moment on.
                    if !only_tried {
                        break;
                    }
                }
                Ranked::Passed(at) => {
                    until = until.min(at);
                    passed = Some(passed.map_or(at, |before: Timestamp| before.min(at)));
                }
                Ranked::Nothing => {}
            }
        }
        if let Some(at) = passed.filter(|_| looked_at_all) {
            // Nothing of the pool is for this lane before then, unless something comes into it.
            let parked = pool.and_then(|pool| pool.parked).unwrap_or(at);
            state.pool_seen = Some((pool_count, at.min(parked)));
        }
        // A session at its limit is skipped: what does not insist on it need not wait for midnight.
        if shut_for_long && self.lanes.other_is_open(lane.session, lane.organization, now) {
            self.release_lane(lane).await?;
        }
        Ok(Claim::None(until.max(now + 1)))
    }

    /// What a person let pass goes first, then the classes in their turns.
    fn ranks(state: &State, hints: &Hints) -> Vec<i64> {
        let turns = state.history.turns;
        let rush = hints.has(store::RUSH).then_some(store::RUSH);
        let classes = turns.order(|class| hints.has(store::rank(class)));
        rush.into_iter().chain(classes.map(store::rank)).collect()
    }

    /// Lets parked messages take their turn again, a few at a time.
    async fn unpark(&self, lane: Lane, state: &mut State, now: Timestamp) -> Result<Claim> {
        let until = (!state.reopen).then_some(now);
        // What was passed over before may be for this lane now.
        state.pool_seen = None;
        let mut tx = self.shared.begin().await?;
        let own = Whose::Own(lane.session);
        let mut moved = store::lane::unpark(&mut tx, lane.organization, own, until, UNPARKED).await?;
        moved += store::lane::unpark(&mut tx, lane.organization, Whose::Pool, until, UNPARKED).await?;
        if moved > 0 {
            tx.commit().await?;
        }
        if moved < UNPARKED as u64 {
            state.reopen = false;
            state.parked = None;
        }
        Ok(Claim::Again)
    }

    /// What the pool has for this lane, when it is worth a look: something came into it, or the last
    /// look is long ago; and no lane with a better score is free for it.
    async fn look_at_pool(&self, lane: Lane, state: &mut State, now: Timestamp) -> Result<Option<Hints>> {
        let count = self.wake.pool(lane.organization).load(Ordering::SeqCst);
        // Longer than usual lies ahead only when the clock was set back.
        if state
            .pool_seen
            .is_some_and(|(seen, until)| seen == count && now < until && until - now <= LOOK_AGAIN)
        {
            return Ok(None);
        }
        let hints = store::lane::hints(self.shared.read(), lane.organization, Whose::Pool).await?;
        if hints == Hints::default() {
            state.pool_seen = Some((count, now + LOOK_AGAIN));
            state.yields_since = None;
            return Ok(None);
        }
        if hints.first.is_some() && self.lanes.better_is_free(lane.session, lane.organization, now) {
            let since = *state.yields_since.get_or_insert(now);
            if now - since < YIELDS && now >= since {
                // Comes back at once, after the other had its chance.
                let parked = Some(now + YIELDS);
                return Ok(Some(Hints {
                    parked,
                    ..Hints::default()
                }));
            }
        }
        state.yields_since = None;
        Ok(Some(hints))
    }

    async fn claim_rank(
        &self,
        lane: Lane,
        state: &mut State,
        used: &mut Used,
        which: Which,
        now: Timestamp,
    ) -> Result<Ranked> {
        let off = state.rules.is_off() && !state.policy.has_opt_outs;
        let look = if off { BATCH } else { LOOK };
        match self.claim_heads(lane, state, used, which, now, look).await? {
            // Those behind them may be for this lane.
            Ranked::Passed(_) if which.pool => {
                self.claim_heads(lane, state, used, which, now, LOOK_WIDE).await
            }
            ranked => Ok(ranked),
        }
    }

    /// The first so many of a rank: who leaves, who steps aside.
    async fn claim_heads(
        &self,
        lane: Lane,
        state: &mut State,
        used: &mut Used,
        which: Which,
        now: Timestamp,
        look: i64,
    ) -> Result<Ranked> {
        let Which {
            rank,
            pool,
            only_tried,
            most,
        } = which;
        let off = state.rules.is_off() && !state.policy.has_opt_outs;
        let read = self.shared.read();
        let own = Whose::Own(lane.session);
        let mut heads = store::claim::heads(read, lane.organization, own, rank, now, look).await?;
        if pool {
            let more = store::claim::heads(read, lane.organization, Whose::Pool, rank, now, look).await?;
            heads.extend(more);
            heads.sort_by_key(|due| due.queue_id);
        }
        if only_tried {
            heads.retain(|due| due.counted);
        }
        if heads.is_empty() {
            return Ok(Ranked::Nothing);
        }
        let recipients = self.recipients(lane, state, &heads, pool, off).await?;
        let opens = |due: &Due, view: &View| {
            let facts = head(state, rank, due, &recipients).facts;
            pacing::own_opening(&moment_of(state, view, used, now), &facts)
        };
        let others = self.for_others(lane, &heads, &recipients, now, opens);
        if !others.is_empty() {
            return self.hand_over(lane, &others).await;
        }
        heads.retain(|due| !(due.pooled && recipients.elsewhere.contains(&due.recipient.jid())));
        if heads.is_empty() {
            // They are on the wire elsewhere, which is over in a moment.
            return Ok(Ranked::Shut(now + 50));
        }
        let decided: Vec<Head> = heads
            .iter()
            .map(|due| head(state, rank, due, &recipients))
            .collect();
        let mut history = state.history.clone();
        let calendar = state.policy.calendar.clone();
        let mut taken = pacing::take(&calendar, &state.rules, &mut history, used, now, &decided, most);
        let passed = self.pass_on(lane, state, used, &heads, &decided, &mut taken, now);
        if !passed.back.is_empty() {
            return self.give_back(lane, &passed.back).await;
        }
        if taken.leave.is_empty() && taken.park.is_empty() {
            if !taken.shut
                && let Some(at) = passed.until
            {
                return Ok(Ranked::Passed(at.min(now + LOOK_AGAIN)));
            }
            let at = taken.shut_until.unwrap_or(now + LOOK_AGAIN);
            let first = (0..heads.len()).find(|index| !passed.heads.contains(index));
            let first = &heads[first.unwrap_or(0)];
            return Ok(Ranked::Shut(
                self.act_human(lane, state, first, rank, at, now).await,
            ));
        }
        let mut tx = self.shared.begin().await?;
        let parked = park(&mut tx, lane, &heads, &taken, now).await?;
        if taken.leave.is_empty() {
            tx.commit().await?;
            let earliest = parked.into_iter().chain(state.parked).min();
            state.parked = earliest;
            return Ok(Ranked::Moved);
        }
        if !self.mark(&mut tx, lane, state, &heads, &taken, now).await? {
            // Somebody was faster: a cancel, another lane, the organization's day.
            return Ok(Ranked::Moved);
        }
        let claimed: Vec<Claimed> = taken
            .leave
            .iter()
            .map(|(index, departure)| Claimed {
                due: heads[*index].clone(),
                departure: *departure,
            })
            .collect();
        let media: Vec<MediaId> = claimed.iter().filter_map(|one| one.due.media).collect();
        let attachments = match media.as_slice() {
            [] => HashMap::new(),
            ids => self.media.many(lane.organization, ids).await?,
        };
        tx.commit().await?;
        state.history = history;
        state.parked = parked.into_iter().chain(state.parked).min();
        self.lanes.set_used(lane.organization, *used);
        Ok(Ranked::Left(claimed, attachments))
    }

    /// While the head of the lane waits for its moment: a reply marks the chat as read, and what a
    /// person would type is shown as typing just before it leaves. Answers when to look again.
    async fn act_human(
        &self,
        lane: Lane,
        state: &mut State,
        due: &Due,
        rank: i64,
        leaves_at: Timestamp,
        now: Timestamp,
    ) -> Timestamp {
        let typing = state.rules.typing(due.chars);
        let reads = state.rules.read_before_reply && class_of(rank) == Class::Reply;
        if (typing == 0 && !reads) || state.shown == Some(due.id) {
            return leaves_at;
        }
        let begins = leaves_at + -typing;
        if begins > now {
            return begins;
        }
        state.shown = Some(due.id);
        if let Some(line) = self.sessions.line(lane.session) {
            if reads {
                line.mark_read(&due.recipient).await;
            }
            if typing > 0 {
                line.show_typing(&due.recipient, leaves_at + 1_000).await;
            }
        }
        leaves_at
    }

    /// Marks what leaves as being on the wire; `false` when not all of it was there any more.
    async fn mark(
        &self,
        tx: &mut Tx,
        lane: Lane,
        state: &State,
        heads: &[Due],
        taken: &Taken,
        now: Timestamp,
    ) -> Result<bool> {
        let leave = || {
            taken
                .leave
                .iter()
                .map(|(index, departure)| (&heads[*index], departure))
        };
        let pooled: Vec<(MessageId, ChatId)> = leave()
            .filter(|(due, _)| due.pooled)
            .map(|(due, _)| (due.id, chats::id_of(lane.session, &due.recipient.jid())))
            .collect();
        if !pooled.is_empty() {
            let took = store::claim::take(tx, lane.organization, lane.session, &pooled).await?;
            if took != pooled.len() as u64 {
                return Ok(false);
            }
        }
        if let Some(limit) = state.rules.organization_daily {
            let counts = leave().filter(|(_, departure)| !departure.counted).count() as i64;
            // A person may let a message pass the limit; it counts all the same.
            let rush = leave().any(|(_, departure)| departure.rush);
            let limit = if rush { i64::MAX } else { limit };
            let day = time::day_of(&state.policy.zone, now);
            if counts > 0 && !store::lane::reserve_day(tx, lane.organization, &day, counts, limit).await? {
                return Ok(false);
            }
        }
        let ids: Vec<MessageId> = leave().map(|(due, _)| due.id).collect();
        let marked = store::claim::mark(tx, lane.organization, lane.session, &ids, now).await?;
        Ok(marked == ids.len() as u64)
    }
}

/// Which messages are looked at.
#[derive(Clone, Copy)]
struct Which {
    rank: i64,
    /// Those of the pool, too.
    pool: bool,
    /// Those alone that were on the wire before.
    only_tried: bool,
    most: usize,
}

pub enum Ranked {
    Left(Vec<Claimed>, HashMap<MediaId, Media>),
    /// Something was moved; look again at once.
    Moved,
    /// Nothing of this rank leaves before then.
    Shut(Timestamp),
    /// All that waits is of the pool, and for other lanes until then.
    Passed(Timestamp),
    Nothing,
}

fn moment<'a>(state: &'a State, used: &'a Used, now: Timestamp) -> Moment<'a> {
    Moment {
        now,
        calendar: &state.policy.calendar,
        rules: &state.rules,
        history: &state.history,
        used,
    }
}

fn class_of(rank: i64) -> Class {
    ORDER
        .into_iter()
        .find(|class| store::rank(*class) == rank)
        .unwrap_or(Class::Single)
}

fn head(state: &State, rank: i64, due: &Due, recipients: &Recipients) -> Head {
    let jid = due.recipient.jid();
    let mut hasher = DefaultHasher::new();
    jid.hash(&mut hasher);
    let facts = Facts {
        chars: due.chars,
        text: state.rules.repeated.and_then(|_| text_mark(due.text.as_deref())),
        rush: rank == store::RUSH,
        counted: due.counted,
        allowed: state.policy.allow_list.allows(&jid),
        opted_out: recipients.opted_out.contains(&jid),
        recipient_left_at: recipients.left_at.get(&jid).copied(),
        warm: recipients.wrote.contains(&jid),
        ..Facts::new(class_of(rank), due.created_at, due.chance)
    };
    Head {
        facts,
        recipient: hasher.finish(),
    }
}
