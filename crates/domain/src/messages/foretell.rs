//! When the entries of a page leave, and what holds each of them alone.

use super::{
    Messages,
    explain::Picture,
    lanes::text_mark,
    outlook::lanes,
    store::{self, read::Planned},
};
use crate::{Result, settings};
use pacing::{Facts, Left, Moment, Opens, Rules};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use types::{
    OrganizationId, SessionId, Timestamp,
    messages::{MessageState, QueueEntry},
    pacing::GateKind,
};

/// How far the queue is played for a page.
const FAR: usize = 5_000;

/// What is known of the recipients of some entries.
pub struct Acquainted {
    left_at: HashMap<String, Timestamp>,
    wrote: HashSet<String>,
    /// On the wire just now.
    on_wire: HashSet<String>,
    opted_out: HashSet<String>,
    /// The first message that holds later ones.
    holding: HashMap<String, i64>,
}

impl Messages {
    pub(super) async fn acquainted(
        &self,
        organization: OrganizationId,
        picture: &Picture,
        entries: &[(&QueueEntry, Planned)],
    ) -> Result<Acquainted> {
        let pool = self.shared.read();
        let jids: BTreeSet<String> = entries.iter().map(|(entry, _)| entry.recipient.jid()).collect();
        let jids = Vec::from_iter(jids);
        let mut found = Acquainted {
            left_at: HashMap::new(),
            wrote: HashSet::new(),
            on_wire: HashSet::new(),
            opted_out: HashSet::new(),
            holding: store::read::holding(pool, organization, &jids, picture.now).await?,
        };
        let mut left = |jid: String, at: Timestamp| {
            let last = found.left_at.entry(jid).or_insert(at);
            *last = (*last).max(at);
        };
        for known in store::lane::known(pool, organization, &jids).await? {
            if known.wrote {
                found.wrote.insert(known.jid.clone());
            }
            if let Some(at) = known.left_at {
                left(known.jid, at);
            }
        }
        for (jid, _, at, now) in store::lane::on_wire(pool, organization).await? {
            if now {
                // It may still be taken back, so it is no departure yet.
                found.on_wire.insert(jid);
            } else {
                left(jid, at);
            }
        }
        if picture.policy.has_opt_outs {
            let mut conn = pool.acquire().await?;
            let out = settings::opted_out(&mut conn, organization, &jids).await?;
            found.opted_out.extend(out);
        }
        Ok(found)
    }

    /// When the entries of a page leave, by expectation; those far down a long queue are told when
    /// they are asked about alone. What is parked is told until when, and what it waits for.
    pub(super) async fn foretell(
        &self,
        organization: OrganizationId,
        entries: &mut [(QueueEntry, Planned)],
    ) -> Result<()> {
        let waits = |entry: &QueueEntry| entry.state == MessageState::Pending;
        if !entries.iter().any(|(entry, _)| waits(entry)) {
            return Ok(());
        }
        let picture = self.picture(organization).await?;
        let rules: Vec<Rules> = picture.seen.iter().map(|seen| seen.rules.clone()).collect();
        let (of_lanes, pool) = lanes(&picture.seen, &rules, &picture.groups);
        let calendar = &picture.policy.calendar;
        let left = pacing::departures(calendar, picture.now, picture.used, of_lanes, pool, FAR);
        self.by_place(organization, &picture, &left, entries).await?;
        let asked: Vec<(&QueueEntry, Planned)> = entries
            .iter()
            .filter(|(entry, planned)| {
                waits(entry) && (planned.is_parked() || first_of(&picture, &left, entry))
            })
            .map(|(entry, planned)| (entry, *planned))
            .collect();
        if asked.is_empty() {
            return Ok(());
        }
        let known = self.acquainted(organization, &picture, &asked).await?;
        let mut shifts: HashMap<Option<SessionId>, i64> = HashMap::new();
        for (entry, planned) in entries.iter_mut().filter(|(entry, _)| waits(entry)) {
            if planned.is_parked() {
                (entry.held_by, entry.leaves_at) = held_by(&picture, &known, entry, *planned);
            } else if first_of(&picture, &left, entry) {
                // The next one's delay is drawn: what comes after it moves with it.
                let facts = known.facts(&picture, entry, *planned);
                let opens = mine(&picture, entry)
                    .filter_map(|moment| pacing::opening(&moment, &facts))
                    .min();
                if let (Some(opens), Some(at)) = (opens, entry.leaves_at) {
                    shifts.insert(entry.session, opens.max(picture.now) - at);
                }
            }
        }
        for (entry, planned) in entries.iter_mut() {
            if let (false, Some(shift), Some(at)) =
                (planned.is_parked(), shifts.get(&entry.session), entry.leaves_at)
            {
                entry.leaves_at = Some((at + *shift).max(picture.now));
            }
        }
        Ok(())
    }

    /// Each entry's departure by its place among those of its lane and rank.
    async fn by_place(
        &self,
        organization: OrganizationId,
        picture: &Picture,
        left: &[Left],
        entries: &mut [(QueueEntry, Planned)],
    ) -> Result<()> {
        let mut places: BTreeMap<(Option<SessionId>, i64), usize> = BTreeMap::new();
        let in_line = |(entry, planned): &&mut (QueueEntry, Planned)| {
            entry.state == MessageState::Pending && !planned.is_parked()
        };
        for (entry, planned) in entries.iter_mut().filter(in_line) {
            let key = (entry.session, planned.rank);
            let place = if let Some(place) = places.get_mut(&key) {
                *place += 1;
                *place
            } else {
                let pool = self.shared.read();
                let queue_id = i64::from(entry.queue_id);
                let before =
                    store::outlook::ahead(pool, organization, entry.session, planned.rank, queue_id).await?;
                let same = before.iter().find(|(rank, _)| *rank == planned.rank);
                let same = same.map_or(0, |(_, count)| *count as usize);
                places.insert(key, same);
                same
            };
            let of_class = left.iter().filter(|left| left.class == entry.class);
            entry.leaves_at = of_class
                .filter(|left| is_of(picture, left, entry))
                .nth(place)
                .map(|left| left.at);
        }
        Ok(())
    }
}

fn is_of(picture: &Picture, left: &Left, entry: &QueueEntry) -> bool {
    match entry.session {
        Some(session) => !left.pooled && picture.seen[left.lane].session == session,
        None => left.pooled,
    }
}

/// Whether it is expected to be the next of its lane, or of the pool.
fn first_of(picture: &Picture, left: &[Left], entry: &QueueEntry) -> bool {
    let first = left.iter().find(|left| is_of(picture, left, entry));
    first.is_some_and(|first| first.class == entry.class && Some(first.at) == entry.leaves_at)
}

/// The lanes that may send it.
fn mine<'a>(picture: &'a Picture, entry: &QueueEntry) -> impl Iterator<Item = Moment<'a>> {
    let session = entry.session;
    picture
        .seen
        .iter()
        .filter(move |seen| seen.can_send && session.is_none_or(|own| own == seen.session))
        .map(|seen| picture.moment(seen))
}

/// What holds a parked entry alone, and until when.
fn held_by(
    picture: &Picture,
    known: &Acquainted,
    entry: &QueueEntry,
    planned: Planned,
) -> (Option<GateKind>, Option<Timestamp>) {
    let facts = known.facts(picture, entry, planned);
    let until = (planned.parked_until < store::UNTIL_TOLD).then_some(Timestamp(planned.parked_until));
    let any = mine(picture, entry).min_by_key(|moment| {
        let at = pacing::own_opening(moment, &facts);
        at.map_or(i64::MAX, |at| at.0)
    });
    let mut shut: Vec<(GateKind, Opens)> = Vec::new();
    if let Some(moment) = any {
        pacing::own_gates(&moment, &facts, |gate, opens| {
            if opens != Opens::Open {
                shut.push((gate, opens));
            }
        });
    }
    let last = shut.into_iter().max_by_key(|(_, opens)| match opens {
        Opens::At(at) => at.0,
        _ => i64::MAX,
    });
    (last.map(|(gate, _)| gate), until)
}

impl Planned {
    /// It steps aside, until a moment or until something else happens.
    pub const fn is_parked(self) -> bool {
        self.parked_until > 0
    }
}

impl Acquainted {
    pub fn facts(&self, picture: &Picture, entry: &QueueEntry, planned: Planned) -> Facts {
        let jid = entry.recipient.jid();
        let holds = self.holding.get(&jid);
        Facts {
            chars: planned.chars,
            text: text_mark(entry.text.as_deref()),
            rush: planned.rank == store::RUSH,
            counted: planned.counted,
            suspended: picture.policy.suspended,
            allowed: picture.policy.allow_list.allows(&jid),
            opted_out: self.opted_out.contains(&jid),
            fetching_media: planned.held == 1,
            again_at: (planned.held == 2).then_some(Timestamp(planned.parked_until)),
            earlier: holds.is_some_and(|first| *first < i64::from(entry.queue_id))
                || self.on_wire.contains(&jid),
            recipient_left_at: self.left_at.get(&jid).copied(),
            warm: self.wrote.contains(&jid),
            ..Facts::new(entry.class, entry.created_at, planned.chance)
        }
    }
}
