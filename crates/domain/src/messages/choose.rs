//! Which session a message leaves through, and when: the book that a planning transaction keeps.

use super::{accept::Job, store::plan as store};
use crate::{Random, Result, Tx, settings};
use pacing::{DelayLimits, Lane, Policy};
use std::collections::{BTreeSet, HashMap, HashSet};
use types::{
    AppError, OrganizationId, Recipient, SessionId, Timestamp,
    messages::{Class, Estimate},
    sessions::SessionState,
};

/// Everything about the organizations of a group, read inside its transaction.
pub struct Book {
    organizations: HashMap<OrganizationId, OrganizationBook>,
}

/// One organization's rules, sessions and numbers.
pub struct OrganizationBook {
    suspended: bool,
    pub main_number: Option<Recipient>,
    allow_list: AllowList,
    policy: Policy,
    sessions: Vec<SessionBook>,
    /// Which sessions already talk with a recipient (JID), newest chat first.
    talks: HashMap<String, Vec<SessionId>>,
    next_queue_id: i64,
    taken: i64,
    /// Older messages still wait for a session; newer ones line up behind them.
    behind: bool,
}

struct SessionBook {
    id: SessionId,
    state: SessionState,
    lane: Lane,
    moved: bool,
}

enum AllowList {
    Everyone,
    /// JIDs.
    These(HashSet<String>),
}

/// Where a message was put.
pub struct Placed {
    pub session: Option<SessionId>,
    pub due_at: Option<Timestamp>,
    pub delay_ms: i64,
    pub estimate: Estimate,
}

impl Book {
    pub fn empty() -> Self {
        Self {
            organizations: HashMap::new(),
        }
    }

    /// Reads what the jobs of a group need.
    pub async fn load(tx: &mut Tx, jobs: &[Job]) -> Result<Self> {
        let mut book = Self::empty();
        // In one order everywhere, so that two transactions never wait for each other.
        let organizations: BTreeSet<OrganizationId> = jobs.iter().map(|job| job.organization).collect();
        for organization in organizations {
            book.add(tx, organization).await?;
        }
        for job in jobs {
            let recipients = job
                .rows
                .iter()
                .flatten()
                .filter_map(|ready| match &ready.draft.to {
                    super::check::Target::One(recipient) => Some(recipient.jid()),
                    super::check::Target::Main => None,
                });
            book.learn_talks(tx, job.organization, recipients.collect())
                .await?;
        }
        Ok(book)
    }

    /// Reads one organization.
    pub async fn add(&mut self, tx: &mut Tx, organization: OrganizationId) -> Result<()> {
        if self.organizations.contains_key(&organization) {
            return Ok(());
        }
        // SQLite has one writer at a time; elsewhere the counter must be ours before anything is read
        // that other planners change.
        let locked = match tx.engine() {
            db::Engine::Sqlite => None,
            db::Engine::Postgres => Some(store::next_queue_id(tx, organization).await?),
        };
        let (row, sessions) = store::organization(tx.conn(), organization)
            .await?
            .ok_or_else(|| AppError::not_found("organization"))?;
        let next_queue_id = match locked.or(row.next_queue_id) {
            Some(next) => next,
            None => store::next_queue_id(tx, organization).await?,
        };
        let (platform_min, platform_max) =
            settings::delay_of(row.platform_min.as_deref(), row.platform_max.as_deref());
        let sessions = sessions
            .into_iter()
            .map(|(id, state, free_at)| SessionBook {
                id,
                state,
                lane: Lane { free_at },
                moved: false,
            })
            .collect();
        let platform = DelayLimits {
            min_ms: Some(platform_min),
            max_ms: Some(platform_max),
        };
        let own = DelayLimits {
            min_ms: row.delay_min_ms,
            max_ms: row.delay_max_ms,
        };
        self.organizations.insert(
            organization,
            OrganizationBook {
                suspended: row.suspended,
                main_number: row.main_number.and_then(|digits| digits.parse().ok()),
                allow_list: AllowList::read(&row.allow_list),
                policy: Policy::resolve(platform, own),
                sessions,
                talks: HashMap::new(),
                next_queue_id,
                taken: 0,
                behind: row.behind,
            },
        );
        Ok(())
    }

    /// Only where there is a choice: with one session that can send, nothing is asked.
    pub async fn learn_talks(
        &mut self,
        tx: &mut Tx,
        organization: OrganizationId,
        recipients: Vec<String>,
    ) -> Result<()> {
        let Some(book) = self.organizations.get_mut(&organization) else {
            return Ok(());
        };
        if book.sessions.iter().filter(|s| s.state.can_send()).count() < 2 {
            return Ok(());
        }
        for (jid, session) in store::talks(tx.conn(), organization, &recipients).await? {
            book.talks.entry(jid).or_default().push(session);
        }
        Ok(())
    }

    pub fn organization(&self, id: OrganizationId) -> Result<&OrganizationBook, AppError> {
        self.organizations
            .get(&id)
            .ok_or_else(|| AppError::not_found("organization"))
    }

    pub fn has_session(&self, organization: OrganizationId, session: SessionId) -> bool {
        self.organizations
            .get(&organization)
            .is_some_and(|book| book.sessions.iter().any(|s| s.id == session))
    }

    pub fn next_queue_id(&mut self, organization: OrganizationId) -> Result<i32, AppError> {
        let book = self
            .organizations
            .get_mut(&organization)
            .ok_or_else(|| AppError::not_found("organization"))?;
        let id = book.next_queue_id + book.taken;
        book.taken += 1;
        i32::try_from(id).map_err(|_| {
            AppError::conflict(
                "QUEUE_IDS_USED_UP",
                "This organization has used all 2,147,483,647 queue ids.",
            )
        })
    }

    /// Puts a message at the end of the lane of the session that will send it.
    pub fn place(
        &mut self,
        organization: OrganizationId,
        wanted: Option<SessionId>,
        recipient: &Recipient,
        class: Class,
        now: Timestamp,
        random: &Random,
    ) -> Placed {
        const NOWHERE: Placed = Placed {
            session: None,
            due_at: None,
            delay_ms: 0,
            estimate: Estimate {
                seconds: None,
                at: None,
            },
        };
        let Some(book) = self.organizations.get_mut(&organization) else {
            return NOWHERE;
        };
        let range = book.policy.delay_for(class);
        let delay_ms = if range.is_off() {
            0
        } else {
            pacing::draw_delay(range, random.u64())
        };
        if wanted.is_none() && book.behind {
            return Placed { delay_ms, ..NOWHERE };
        }
        let Some(index) = book.choose(wanted, recipient) else {
            return Placed { delay_ms, ..NOWHERE };
        };
        let session = &mut book.sessions[index];
        let before = session.lane.free_at;
        let due_at = pacing::plan(&mut session.lane, now, delay_ms);
        // Without delays every message is due at once and the lane's end says nothing.
        session.moved |= delay_ms > 0;
        let free = session.state.can_send().then_some(before);
        Placed {
            session: Some(session.id),
            due_at: Some(due_at),
            delay_ms,
            estimate: pacing::estimate(free, now, range, due_at),
        }
    }

    /// The same for a message whose delay was drawn at accept.
    pub fn place_again(
        &mut self,
        organization: OrganizationId,
        wanted: Option<SessionId>,
        recipient: &Recipient,
        delay_ms: i64,
        now: Timestamp,
    ) -> Option<(SessionId, Timestamp)> {
        let book = self.organizations.get_mut(&organization)?;
        let index = book.choose(wanted, recipient)?;
        let session = &mut book.sessions[index];
        let due_at = pacing::plan(&mut session.lane, now, delay_ms);
        session.moved |= delay_ms > 0;
        Some((session.id, due_at))
    }

    /// Writes back the numbers and the ends of the lanes.
    pub fn save(&self, tx: &mut Tx) {
        for (organization, book) in &self.organizations {
            if book.taken > 0 {
                store::take_queue_ids(tx, *organization, book.taken);
            }
            for session in book.sessions.iter().filter(|s| s.moved) {
                store::save_lane(tx, *organization, session.id, session.lane.free_at);
            }
        }
    }
}

impl OrganizationBook {
    pub fn refuse_suspended(&self) -> Result<(), AppError> {
        if self.suspended {
            Err(AppError::Suspended)
        } else {
            Ok(())
        }
    }

    pub fn allows(&self, recipient: &Recipient) -> bool {
        match &self.allow_list {
            AllowList::Everyone => true,
            AllowList::These(jids) => jids.contains(&recipient.jid()),
        }
    }

    /// The named session; else among those that can send the one that already talks with this
    /// recipient; else the one whose lane ends first, the older one on a tie.
    fn choose(&self, wanted: Option<SessionId>, recipient: &Recipient) -> Option<usize> {
        if let Some(wanted) = wanted {
            return self.sessions.iter().position(|s| s.id == wanted);
        }
        let can_send = |s: &&SessionBook| s.state.can_send();
        if self.sessions.iter().filter(can_send).count() > 1
            && let Some(known) = self.talks.get(&recipient.jid())
        {
            let talking = known.iter().find_map(|id| {
                self.sessions
                    .iter()
                    .position(|s| s.id == *id && s.state.can_send())
            });
            if talking.is_some() {
                return talking;
            }
        }
        (0..self.sessions.len())
            .filter(|index| self.sessions[*index].state.can_send())
            .min_by_key(|index| (self.sessions[*index].lane.free_at, *index))
    }
}

impl AllowList {
    fn read(text: &str) -> Self {
        let lines: HashSet<String> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(String::from)
            .collect();
        if lines.contains("*") {
            Self::Everyone
        } else {
            Self::These(lines)
        }
    }
}
