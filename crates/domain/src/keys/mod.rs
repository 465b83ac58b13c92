//! API keys: what lets programs in, and for what.
//!
//! Owns the keys and the check of a key on every request. The key itself is shown once and kept
//! nowhere: the database has its SHA-256.

mod authenticate;
mod cache;
pub(crate) mod secret;
mod store;
#[cfg(test)]
mod tests;

use crate::{
    Actor, Ctx, NewEvent, Result, Shared, Tx,
    orgs::fields::{self, BadFields, bad},
};
use cache::Cache;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Notify;
use types::{
    ApiKeyId, AppError, FieldError, OrganizationId, Permission, Permissions, SessionId, Timestamp, UserId,
    events::EventType,
    keys::{ApiKey, CreateKey, CreatedKey},
};

const DAY_MS: i64 = 86_400_000;

#[derive(Clone)]
pub struct Keys {
    shared: Arc<Shared>,
    cache: Arc<Cache>,
    /// Rung at a key's first use, which pages want to see at once.
    first_use: Arc<Notify>,
}

/// Everything of a key but its name in the world.
struct NewKey {
    name: String,
    scopes: Permissions,
    session: Option<SessionId>,
    expires_at: Option<Timestamp>,
    created_by: Option<UserId>,
}

impl Keys {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            cache: Arc::default(),
            first_use: Arc::default(),
        }
    }

    /// Every key of the organization, newest first, also the revoked ones. A key of one session
    /// sees that session's keys alone.
    pub async fn list(&self, ctx: &Ctx) -> Result<Vec<ApiKey>> {
        let organization = ctx.require(Permission::KeysView)?;
        store::list(self.shared.read(), organization, ctx.session).await
    }

    /// Makes a key that may do at most what its maker may.
    pub async fn create(&self, ctx: &Ctx, input: CreateKey) -> Result<CreatedKey> {
        let organization = ctx.require(Permission::KeysManage)?;
        let mut wrong = BadFields::default();
        let name = wrong.take(fields::name("name", &input.name));
        let scopes = wrong.take(scopes(ctx, &input.scopes));
        let expires_at = wrong.take(expiry(input.expires_in_days, self.shared.now()));
        wrong.done()?;
        let session = input.session.or(ctx.session);
        let mut tx = self.shared.begin().await?;
        if let Some(session) = session
            && (ctx.may_touch(session).is_err()
                || !store::session_exists(tx.conn(), organization, session).await?)
        {
            return Err(
                AppError::field("session", "No such session. Choose one of this organization.").into(),
            );
        }
        // A key that ends must not live on through one that it made.
        let expires_at = match ctx.actor {
            Actor::Key(maker) => match (
                store::expires_at(tx.conn(), organization, maker).await?,
                expires_at,
            ) {
                (Some(own), Some(wanted)) => Some(own.min(wanted)),
                (own, wanted) => own.or(wanted),
            },
            Actor::User(_) | Actor::System => expires_at,
        };
        let created_by = match ctx.actor {
            Actor::User(user) => Some(user),
            Actor::Key(_) | Actor::System => None,
        };
        let made = self
            .insert_in(
                &mut tx,
                organization,
                NewKey {
                    name,
                    scopes,
                    session,
                    expires_at,
                    created_by,
                },
            )
            .await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Makes a key inside another room's transaction; it does not expire.
    pub async fn create_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        name: &str,
        scopes: Permissions,
        created_by: Option<UserId>,
    ) -> Result<(ApiKeyId, String)> {
        let mut wrong = BadFields::default();
        let name = wrong.take(fields::name("name", name));
        wrong.done()?;
        let new = NewKey {
            name,
            scopes,
            session: None,
            expires_at: None,
            created_by,
        };
        let made = self.insert_in(tx, organization, new).await?;
        Ok((made.key.id, made.secret))
    }

    /// Ends a key: at once on this node, within two seconds on others.
    pub async fn revoke(&self, ctx: &Ctx, id: ApiKeyId) -> Result<()> {
        let organization = ctx.require(Permission::KeysManage)?;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        match store::revoke(tx.conn(), organization, ctx.session, id, now).await? {
            store::Revoked::Now => {}
            store::Revoked::Before => return Ok(()),
            store::Revoked::Missing => return Err(AppError::not_found("key").into()),
        }
        changed(&mut tx, organization, None, id);
        tx.commit().await?;
        self.cache.forget(id);
        Ok(())
    }

    async fn insert_in(&self, tx: &mut Tx, organization: OrganizationId, new: NewKey) -> Result<CreatedKey> {
        let id = ApiKeyId(self.shared.ids.uuid());
        let now = tx.now();
        loop {
            let secret = secret::generate(&self.shared.random);
            let Some(prefix) = secret::prefix(&secret) else {
                continue;
            };
            let key = ApiKey {
                id,
                name: new.name.clone(),
                prefix: prefix.to_owned(),
                scopes: new.scopes.iter().collect(),
                session: new.session,
                created_at: now,
                expires_at: new.expires_at,
                last_used_at: None,
                revoked_at: None,
            };
            // Another key may have the same prefix, once in 200 trillion.
            if store::insert(
                tx.conn(),
                organization,
                &key,
                &secret::hash(&secret),
                new.created_by,
            )
            .await?
            {
                changed(tx, organization, new.session, id);
                return Ok(CreatedKey { key, secret });
            }
        }
    }
}

fn changed(tx: &mut Tx, organization: OrganizationId, session: Option<SessionId>, id: ApiKeyId) {
    tx.record(NewEvent {
        organization,
        session,
        kind: EventType::KeyChanged,
        data: json!({ "id": id }).to_string(),
    });
}

fn scopes(ctx: &Ctx, wanted: &[Permission]) -> Result<Permissions, FieldError> {
    if let Some(lacking) = wanted.iter().find(|scope| !ctx.permissions.has(**scope)) {
        let message = format!(
            "You cannot give {}, because you do not have it. Take it out of the scopes.",
            lacking.name()
        );
        return Err(bad("scopes", message));
    }
    Ok(if wanted.is_empty() {
        ctx.permissions
    } else {
        wanted.iter().copied().collect()
    })
}

fn expiry(days: Option<i64>, now: Timestamp) -> Result<Option<Timestamp>, FieldError> {
    match days {
        None => Ok(None),
        Some(days @ 1..=3_650) => Ok(Some(now + days * DAY_MS)),
        Some(_) => Err(bad(
            "expires_in_days",
            "Write 1 to 3650 days, or leave it empty for a key that does not expire",
        )),
    }
}
