//! Logins: browsers that are logged in. The server's session store calls these with a hash of
//! the browser's secret.

use super::{People, store_logins};
use crate::{Actor, Ctx, Result, keys::secret, orgs::fields};
use tokio::sync::watch;
use types::{LoginId, OrganizationId, Permissions, RequestId, Timestamp, UserId};

/// A login that nobody uses ends after thirty days.
pub const IDLE_MS: i64 = 30 * 86_400_000;
const TOUCH_EVERY_MS: i64 = 60_000;

/// What the server's session store keeps of a browser.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginRecord {
    /// `None` until somebody has logged in with it.
    pub user: Option<UserId>,
    pub organization: Option<OrganizationId>,
    /// The store's own record, as text.
    pub data: String,
    pub ip: String,
    pub user_agent: String,
    pub expires_at: Timestamp,
}

/// What is stored in place of the browser's secret.
pub fn login_hash(secret: &str) -> String {
    secret::hash(secret)
}

impl People {
    /// Keeps a new login; false when the hash is taken, then a new secret must be drawn.
    pub async fn create_login(&self, hash: &str, record: LoginRecord) -> Result<bool> {
        let record = clean(record);
        let id = LoginId(self.shared.ids.uuid());
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let created = store_logins::insert(tx.conn(), id, hash, &record, now).await?;
        tx.commit().await?;
        Ok(created)
    }

    /// Keeps what changed in a login. One that has ended meanwhile stays ended, and the active
    /// organization of a person is changed by [`People::switch_organization`] alone: a request
    /// that began before either of them must not undo it.
    pub async fn save_login(&self, hash: &str, record: LoginRecord) -> Result<()> {
        let record = clean(record);
        let mut tx = self.shared.begin().await?;
        store_logins::update(tx.conn(), hash, &record).await?;
        tx.commit().await
    }

    pub async fn load_login(&self, hash: &str) -> Result<Option<LoginRecord>> {
        store_logins::load(self.shared.read(), hash, self.shared.now()).await
    }

    /// Logs a browser out.
    pub async fn delete_login(&self, hash: &str) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        store_logins::delete(tx.conn(), hash).await?;
        tx.commit().await?;
        self.bump();
        Ok(())
    }

    /// Who the browser acts for now. `None`: nobody, or nobody who may still come in.
    pub async fn ctx_for_login(&self, hash: &str, request: RequestId) -> Result<Option<Ctx>> {
        let now = self.shared.now();
        let Some(found) = store_logins::find(self.shared.read(), hash, now).await? else {
            return Ok(None);
        };
        if now - found.seen_at >= TOUCH_EVERY_MS {
            self.touch(hash, now).await;
        }
        let (mut organization, mut role) = (found.organization, found.role);
        if role.is_none() {
            // Not a member there any more, or nowhere yet: go where the person still is.
            organization = self.default_organization(found.user).await?;
            let memberships = self.memberships(found.user).await?;
            role = memberships
                .iter()
                .find(|m| Some(m.organization) == organization)
                .map(|m| m.role);
        }
        let permissions = match role {
            Some(_) if found.super_admin => Permissions::all(),
            Some(role) => role.permissions(),
            None => Permissions::NONE,
        };
        Ok(Some(Ctx {
            actor: Actor::User(found.user),
            impersonator: None,
            organization,
            permissions,
            super_admin: found.super_admin,
            session: None,
            login: Some(found.login),
            request,
        }))
    }

    /// Changes whenever a login ended or moved on this node: live streams look again then.
    pub fn logins_changed(&self) -> watch::Receiver<u64> {
        self.logins_changed.subscribe()
    }

    pub(super) async fn sweep_logins(&self) -> Result<()> {
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        store_logins::delete_expired(tx.conn(), now).await?;
        tx.commit().await
    }

    /// That somebody was here is worth noting, but no reason to fail their request.
    async fn touch(&self, hash: &str, now: Timestamp) {
        let touched = async {
            let mut tx = self.shared.begin().await?;
            store_logins::touch(tx.conn(), hash, now, now + IDLE_MS).await?;
            tx.commit().await
        };
        if let Err(error) = touched.await {
            tracing::warn!(?error, "the last use of a login could not be written");
        }
    }
}

fn clean(record: LoginRecord) -> LoginRecord {
    LoginRecord {
        ip: fields::clean(&record.ip).chars().take(64).collect(),
        user_agent: fields::clean(&record.user_agent).chars().take(400).collect(),
        data: record.data.replace('\0', ""),
        ..record
    }
}
