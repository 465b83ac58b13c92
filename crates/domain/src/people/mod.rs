//! People: who they are, how they log in, and the first run of a new deployment.
//!
//! Owns users, memberships and logins. Never sees a cookie: the server keeps the browser's
//! secret and comes with its hash.

mod device;
mod email;
mod first_run;
mod log_in;
mod login_limit;
pub mod logins;
mod password;
mod profile;
mod store;
mod store_logins;
#[cfg(test)]
mod tests;

pub use first_run::Init;
pub use log_in::Origin;
pub use logins::{LoginRecord, login_hash};

use crate::{Ctx, Error, Result, Shared, Tx, keys::Keys, orgs::Orgs, sessions::Sessions, time};
use login_limit::LoginLimit;
use password::Passwords;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    AppError, OrganizationId, Role, UserId,
    people::{Membership, Viewer},
};

const SWEEP_EVERY_MS: i64 = 3_600_000;

#[derive(Clone)]
pub struct People {
    shared: Arc<Shared>,
    orgs: Orgs,
    keys: Keys,
    sessions: Sessions,
    passwords: Passwords,
    limit: Arc<LoginLimit>,
    logins_changed: Arc<watch::Sender<u64>>,
}

impl People {
    pub fn new(shared: Arc<Shared>, orgs: Orgs, keys: Keys, sessions: Sessions) -> Self {
        Self {
            passwords: Passwords::new(shared.random.clone()),
            limit: Arc::default(),
            logins_changed: Arc::new(watch::Sender::new(0)),
            shared,
            orgs,
            keys,
            sessions,
        }
    }

    /// Forgets logins that have expired, once an hour.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        let people = self.clone();
        tasks.spawn(async move {
            loop {
                if let Err(error) = people.sweep_logins().await {
                    tracing::warn!(
                        ?error,
                        "expired logins could not be removed; trying again in an hour"
                    );
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = people.shared.clock.sleep(SWEEP_EVERY_MS) => {}
                }
            }
        });
    }

    /// Whether nobody has set up this deployment yet.
    pub async fn is_empty(&self) -> Result<bool> {
        store::no_users(self.shared.read()).await
    }

    /// The names a person may choose from.
    #[expect(clippy::unused_async, reason = "a verb like the others")]
    pub async fn time_zones(&self) -> Vec<String> {
        time::names()
    }

    /// Who looks at the page, where they are, and where else they may go.
    pub async fn viewer(&self, ctx: &Ctx) -> Result<Viewer> {
        let id = ctx.user()?;
        let user = self.user(id).await?;
        let organization = match ctx.organization {
            Some(organization) => Some(self.orgs.summary(organization).await?),
            None => None,
        };
        Ok(Viewer {
            user: id,
            name: user.name,
            email: user.email,
            super_admin: ctx.super_admin,
            theme: user.theme,
            organization,
            organizations: self.memberships(id).await?,
            permissions: ctx.permissions,
        })
    }

    /// Makes another of the person's organizations the active one of this login.
    pub async fn switch_organization(&self, ctx: &Ctx, organization: OrganizationId) -> Result<()> {
        let user = ctx.user()?;
        let login = ctx.login.ok_or(AppError::Unauthenticated)?;
        let mut tx = self.shared.begin().await?;
        if store::role(tx.conn(), organization, user).await?.is_none() {
            return Err(AppError::not_found("organization").into());
        }
        store_logins::switch(tx.conn(), login, user, organization).await?;
        store::set_last_organization(tx.conn(), user, organization).await?;
        tx.commit().await?;
        self.bump();
        Ok(())
    }

    /// Makes a person a member, or changes the role of one.
    pub(crate) async fn join_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        user: UserId,
        role: Role,
    ) -> Result<()> {
        let now = tx.now();
        store::put_member(tx.conn(), organization, user, role, now).await
    }

    /// Where the person may go, by name.
    async fn memberships(&self, user: UserId) -> Result<Vec<Membership>> {
        let mut memberships = store::memberships(self.shared.read(), user).await?;
        memberships.sort_by_cached_key(|m| (m.name.to_lowercase(), m.organization));
        Ok(memberships)
    }

    async fn user(&self, id: UserId) -> Result<store::User> {
        store::user(self.shared.read(), id)
            .await?
            .ok_or_else(|| Error::App(AppError::Unauthenticated))
    }

    /// Tells open live streams to look again whether they may go on.
    fn bump(&self) {
        self.logins_changed.send_modify(|count| *count += 1);
    }
}
