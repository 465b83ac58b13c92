//! What accept must know of an organization: whether it may send, to whom, and through which
//! sessions. When a message leaves is decided when it leaves; see [`super::claim`].

use super::{accept::Job, store::plan as store};
use crate::{Result, Tx, settings, settings::allow_list::AllowList};
use std::collections::{BTreeSet, HashMap, HashSet};
use types::{AppError, OrganizationId, Recipient, SessionId, sessions::SessionState};

/// Everything about the organizations of a group, read inside its transaction.
pub struct Book {
    organizations: HashMap<OrganizationId, OrganizationBook>,
}

/// One organization's rules, sessions and numbers.
pub struct OrganizationBook {
    suspended: bool,
    pub main_number: Option<Recipient>,
    allow_list: AllowList,
    has_opt_outs: bool,
    opted_out: HashSet<String>,
    sessions: Vec<(SessionId, SessionState)>,
    /// Which sessions already talk with a recipient (JID), newest chat first.
    talks: HashMap<String, Vec<SessionId>>,
    next_queue_id: i64,
    taken: i64,
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
            book.learn_recipients(tx, job.organization, recipients.collect())
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
        // that other callers change.
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
        self.organizations.insert(
            organization,
            OrganizationBook {
                suspended: row.suspended,
                main_number: row.main_number.and_then(|digits| digits.parse().ok()),
                allow_list: AllowList::read(&row.allow_list),
                has_opt_outs: row.has_opt_outs,
                opted_out: HashSet::new(),
                sessions,
                talks: HashMap::new(),
                next_queue_id,
                taken: 0,
            },
        );
        Ok(())
    }

    /// Only what makes a difference: with one session nothing is asked, nor where nobody opted out.
    async fn learn_recipients(
        &mut self,
        tx: &mut Tx,
        organization: OrganizationId,
        recipients: Vec<String>,
    ) -> Result<()> {
        let Some(book) = self.organizations.get_mut(&organization) else {
            return Ok(());
        };
        if book.has_opt_outs {
            let out = settings::opted_out(tx.conn(), organization, &recipients).await?;
            book.opted_out.extend(out);
        }
        if book.sessions.len() > 1 {
            for (jid, session) in store::talks(tx.conn(), organization, &recipients).await? {
                book.talks.entry(jid).or_default().push(session);
            }
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
            .is_some_and(|book| book.sessions.iter().any(|(id, _)| *id == session))
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

    /// Writes back the numbers.
    pub fn save(&self, tx: &mut Tx) {
        for (organization, book) in &self.organizations {
            if book.taken > 0 {
                store::take_queue_ids(tx, *organization, book.taken);
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
        self.allow_list.allows(&recipient.jid())
    }

    pub fn has_opted_out(&self, recipient: &Recipient) -> bool {
        self.opted_out.contains(&recipient.jid())
    }

    /// The only session there is, or among those that can send the one that already talks with
    /// this recipient. Without either, whichever is free first takes the message when it leaves.
    pub fn choose(&self, recipient: &Recipient) -> Option<SessionId> {
        let can_send = |id: SessionId| {
            self.sessions
                .iter()
                .any(|(other, state)| *other == id && state.can_send())
        };
        if let [(only, state)] = self.sessions.as_slice() {
            return state.can_send().then_some(*only);
        }
        self.talks
            .get(&recipient.jid())?
            .iter()
            .copied()
            .find(|session| can_send(*session))
    }
}
