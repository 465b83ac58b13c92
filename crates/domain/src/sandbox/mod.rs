//! The sandbox: made-up phones, held in the browser or by scripts.
//!
//! A phone is the witness of what arrived: it commits in transactions of its own, never with the
//! queue, appends every arrival and removes no duplicate. Receipts and what customers write are
//! told to the session's inbox until it has committed them, so a crash repeats them and never
//! loses one. What a message becomes is decided in `messages`, never here.

mod act;
mod agenda;
mod faults;
mod look;
mod phone;
mod receipts;
mod screen;
mod store;
mod store_arrivals;
mod store_marks;
mod store_receipts;
mod store_screens;
mod telling;
#[cfg(test)]
mod tests;

use crate::{Ctx, Error, Result, Shared, Tx, media::MediaRoom, sessions::Sessions};
use agenda::Agenda;
use screen::Screen;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use transport::SandboxLine;
use types::{AppError, OrganizationId, Permission, SessionId};

#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
    media: MediaRoom,
    lines: Arc<Mutex<HashMap<SessionId, SandboxLine>>>,
    agenda: Arc<Agenda>,
    screen: Arc<Screen>,
    /// `None` before [`Sandbox::start`] and after its end: the two rooms know each other, and
    /// must not keep each other alive.
    sessions: Arc<Mutex<Option<Sessions>>>,
}

impl Sandbox {
    pub fn new(shared: Arc<Shared>, media: MediaRoom) -> Self {
        Self {
            shared,
            media,
            lines: Arc::default(),
            agenda: Arc::default(),
            screen: Arc::default(),
            sessions: Arc::default(),
        }
    }

    /// Tells receipts and incoming messages to connected sessions, and pages what changed.
    pub fn start(&self, sessions: Sessions, tasks: &TaskTracker, stop: CancellationToken) {
        *self.sessions.lock().unwrap_or_else(PoisonError::into_inner) = Some(sessions.clone());
        tasks.spawn(receipts::run(self.clone(), sessions, stop.clone()));
        tasks.spawn(screen::run(
            Arc::clone(&self.shared),
            Arc::clone(&self.screen),
            stop.clone(),
        ));
        let room = self.clone();
        tasks.spawn(async move {
            stop.cancelled().await;
            *room.sessions.lock().unwrap_or_else(PoisonError::into_inner) = None;
        });
    }

    /// The line to a session's phone: always the same one.
    pub(crate) fn line(&self, organization: OrganizationId, session: SessionId) -> SandboxLine {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines
            .entry(session)
            .or_insert_with(|| {
                let around = Arc::new(phone::Around(Arc::clone(&self.shared)));
                SandboxLine::new(Arc::new(self.phone_of(organization, session)), around)
            })
            .clone()
    }

    pub(crate) fn forget_line(&self, session: SessionId) {
        self.lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&session);
    }

    /// The session is online: what waits for it may be told.
    pub(crate) fn wake(&self, session: SessionId) {
        self.agenda.put(session, self.shared.now());
    }

    /// Makes a phone with a number nobody has, linked with those credentials or not linked.
    pub(crate) async fn create_phone_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        session: SessionId,
        credentials: Option<&[u8]>,
    ) -> Result<String> {
        let digest = credentials.map(transport::sandbox::digest);
        for _ in 0..100 {
            let number = format!("62899{:08}", self.shared.random.below(100_000_000));
            if store::insert_phone(tx.conn(), organization, session, &number, digest.as_ref()).await? {
                return Ok(number);
            }
        }
        Err(Error::Damaged("no number is left for a sandbox phone"))
    }

    fn phone_of(&self, organization: OrganizationId, session: SessionId) -> phone::PhoneOf {
        phone::PhoneOf {
            shared: Arc::clone(&self.shared),
            agenda: Arc::clone(&self.agenda),
            screen: Arc::clone(&self.screen),
            organization,
            session,
        }
    }

    /// What every verb begins with: the permission, and the session's phone.
    async fn held(&self, ctx: &Ctx, session: SessionId) -> Result<(OrganizationId, store::PhoneRow)> {
        let organization = ctx.require(Permission::SandboxUse)?;
        ctx.may_touch(session)?;
        let phone = store::phone(self.shared.read(), organization, session)
            .await?
            .ok_or_else(|| AppError::not_found("session"))?;
        Ok((organization, phone))
    }

    fn sessions(&self) -> Option<Sessions> {
        self.sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
