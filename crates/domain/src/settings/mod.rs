//! Settings of an organization, and the platform's values that hold where it has none.
//!
//! Blank inherits, 0 means none. What the values do to a message is decided in `pacing` and
//! [`crate::messages`], never here.

pub mod allow_list;
mod limits;
mod opt_outs;
pub mod policy;
mod store;
#[cfg(test)]
mod tests;
mod told;

use crate::{
    Ctx, Error, NewEvent, Result, Shared, Tx,
    orgs::fields::{self, BadFields, bad},
};
use limits::Level;
use policy::Policy;
use serde_json::json;
use sqlx::{Any, AnyConnection, Executor};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::watch;
pub use told::Version;
use types::{
    AppError, FieldError, OrganizationId, Permission, Recipient, SessionId,
    events::EventType,
    pacing::{LimitValue, Limits},
    settings::{LevelLimits, PatchSettings, Settings},
};

/// Fields that hold no message: nobody who sends need hear of them.
const HOLD_NOTHING: [&str; 2] = ["name", "main_number"];

#[derive(Clone)]
pub struct SettingsRoom {
    shared: Arc<Shared>,
    told: Arc<told::Told>,
}

impl SettingsRoom {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            told: Arc::default(),
        }
    }

    pub async fn get(&self, ctx: &Ctx) -> Result<Settings> {
        let organization = ctx.require(Permission::SettingsView)?;
        let pool = self.shared.read();
        let row = store::get(pool, organization).await?.ok_or_else(missing)?;
        let opt_outs = store::opt_outs(pool, organization).await?;
        Ok(answer(row, &opt_outs, platform(pool).await?))
    }

    /// Changes the fields that are given, all or none. What changes nothing costs no turn at
    /// writing and wakes nobody: it is found out before the transaction begins.
    pub async fn patch(&self, ctx: &Ctx, patch: PatchSettings) -> Result<Settings> {
        let organization = ctx.require(Permission::SettingsManage)?;
        whole_organization(ctx)?;
        let pool = self.shared.read();
        let platform = platform(pool).await?;
        let list = patch
            .opt_outs
            .as_deref()
            .map(allow_list::parse_opt_outs)
            .transpose()
            .map_err(|bad| AppError::Invalid { fields: vec![bad] })?;
        let before = store::get(pool, organization).await?.ok_or_else(missing)?;
        let after = apply(before.clone(), patch.clone(), &platform)?;
        let known = opt_outs::Known::read(pool, organization).await?;
        let other_list = list.as_deref().is_some_and(|list| !known.is(list));
        if !other_list && before.changed(&after).is_empty() {
            return Ok(answer(after, &known.jids, platform));
        }
        let mut tx = self.shared.begin().await?;
        let before = store::lock(tx.conn(), organization).await?.ok_or_else(missing)?;
        let after = apply(before.clone(), patch, &platform)?;
        let mut changed = before.changed(&after);
        if !changed.is_empty() {
            store::update(tx.conn(), organization, &after).await?;
        }
        let mut told = if changed
            .iter()
            .any(|field| HOLD_NOTHING.iter().all(|other| other != field))
        {
            vec![told::What::Settings]
        } else {
            Vec::new()
        };
        if let Some(list) = &list
            && known.make_in(&mut tx, organization, list).await?
        {
            changed.push("opt_outs");
            told.push(told::What::OptOuts);
        }
        if !changed.is_empty() {
            tx.record(changed_event(organization, None, &changed));
        }
        tx.commit().await?;
        for what in told {
            self.told.organization(organization, what);
        }
        Ok(answer(after, &list.unwrap_or(known.jids), platform))
    }

    /// A session's own limits, and what holds where it has none.
    pub async fn session(&self, ctx: &Ctx, session: SessionId) -> Result<LevelLimits> {
        let organization = ctx.require(Permission::SessionsView)?;
        ctx.may_touch(session)?;
        let pool = self.shared.read();
        let limits = store::session(pool, organization, session)
            .await?
            .ok_or_else(no_session)?;
        let row = store::get(pool, organization).await?.ok_or_else(missing)?;
        Ok(LevelLimits {
            session: Some(session),
            limits,
            inherited: row.limits.over(&platform(pool).await?),
        })
    }

    /// Changes the limits that are named, all or none.
    pub async fn patch_session(
        &self,
        ctx: &Ctx,
        session: SessionId,
        change: BTreeMap<String, LimitValue>,
    ) -> Result<LevelLimits> {
        let organization = ctx.require(Permission::SessionsManage)?;
        ctx.may_touch(session)?;
        let pool = self.shared.read();
        let row = store::get(pool, organization).await?.ok_or_else(missing)?;
        let before = store::session(pool, organization, session)
            .await?
            .ok_or_else(no_session)?;
        let inherited = row.limits.over(&platform(pool).await?);
        let after = limits::apply(&before, &inherited, Level::Session, &change)
            .map_err(|fields| AppError::Invalid { fields })?;
        if before == after {
            return Ok(LevelLimits {
                session: Some(session),
                limits: after,
                inherited,
            });
        }
        let mut tx = self.shared.begin().await?;
        let row = store::lock(tx.conn(), organization).await?.ok_or_else(missing)?;
        let before = store::session(&mut *tx.conn(), organization, session)
            .await?
            .ok_or_else(no_session)?;
        let inherited = row.limits.over(&platform(&mut *tx.conn()).await?);
        let after = limits::apply(&before, &inherited, Level::Session, &change)
            .map_err(|fields| AppError::Invalid { fields })?;
        let changed = limits::changed(&before, &after);
        if !changed.is_empty() {
            store::set_session(tx.conn(), organization, session, &after).await?;
            tx.record(changed_event(organization, Some(session), &changed));
            tx.commit().await?;
            self.told.organization(organization, told::What::Settings);
        }
        Ok(LevelLimits {
            session: Some(session),
            limits: after,
            inherited,
        })
    }

    /// What holds for organizations that set nothing themselves. Super admins only.
    pub async fn platform(&self, ctx: &Ctx) -> Result<LevelLimits> {
        super_admin(ctx)?;
        Ok(LevelLimits {
            session: None,
            limits: platform(self.shared.read()).await?,
            inherited: Limits::default(),
        })
    }

    pub async fn patch_platform(
        &self,
        ctx: &Ctx,
        change: BTreeMap<String, LimitValue>,
    ) -> Result<LevelLimits> {
        super_admin(ctx)?;
        let mut tx = self.shared.begin().await?;
        let before = platform(&mut *tx.conn()).await?;
        let after = limits::apply(&before, &Limits::default(), Level::Platform, &change)
            .map_err(|fields| AppError::Invalid { fields })?;
        if before != after {
            store::set_platform(tx.conn(), &after).await?;
            tx.commit().await?;
            self.told.everybody();
        }
        Ok(LevelLimits {
            session: None,
            limits: after,
            inherited: Limits::default(),
        })
    }

    /// Changes whenever something that holds the organization's messages was changed on this node.
    pub fn watch(&self, organization: OrganizationId) -> watch::Receiver<Version> {
        self.told.watch(organization)
    }

    /// What [`Self::watch`] shows now.
    pub fn version(&self, organization: OrganizationId) -> Version {
        *self.told.watch(organization).borrow()
    }
}

/// Everything that holds an organization's messages.
pub async fn policy(
    conn: impl Executor<'_, Database = Any>,
    organization: OrganizationId,
) -> Result<Option<Policy>> {
    store::policy(conn, organization).await
}

/// Which of those recipients (JIDs) have opted out.
pub async fn opted_out(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    jids: &[String],
) -> Result<Vec<String>> {
    store::opted_out(conn, organization, jids).await
}

/// What the platform sets; the defaults until somebody changes them.
async fn platform(conn: impl Executor<'_, Database = Any>) -> Result<Limits> {
    Ok(store::platform(conn).await?.unwrap_or_else(Limits::defaults))
}

/// Sets what holds for organizations that set nothing themselves.
pub async fn set_platform_in(tx: &mut Tx, limits: &Limits) -> Result<()> {
    store::set_platform(tx.conn(), limits).await
}

fn changed_event(organization: OrganizationId, session: Option<SessionId>, fields: &[&str]) -> NewEvent {
    NewEvent {
        organization,
        session,
        kind: EventType::SettingsChanged,
        data: json!({ "fields": fields }).to_string(),
    }
}

/// These settings hold for every session, and a session's key is for one.
fn whole_organization(ctx: &Ctx) -> Result<()> {
    if ctx.session.is_some() {
        return Err(AppError::Forbidden {
            permission: Permission::SettingsManage,
        }
        .into());
    }
    Ok(())
}

/// To everybody else the platform's settings do not exist.
fn super_admin(ctx: &Ctx) -> Result<()> {
    if ctx.super_admin {
        Ok(())
    } else {
        Err(AppError::not_found("page").into())
    }
}

fn apply(mut row: store::Row, patch: PatchSettings, platform: &Limits) -> Result<store::Row> {
    let mut wrong = BadFields::default();
    if let Some(name) = patch.name {
        row.name = wrong.take(fields::name("name", &name));
    }
    if let Some(zone) = patch.time_zone {
        row.time_zone = wrong.take(fields::time_zone("time_zone", &zone));
    }
    if let Some(number) = patch.main_number {
        row.main_number = wrong.take(main_number(number.as_deref().unwrap_or_default()));
    }
    if let Some(list) = patch.allow_list {
        row.allow_list = wrong.take(allow_list::parse(&list));
    }
    match limits::apply(&row.limits, platform, Level::Organization, &patch.limits) {
        Ok(limits) => row.limits = limits,
        Err(fields) => {
            for field in fields {
                wrong.take::<()>(Err(field));
            }
        }
    }
    wrong.done()?;
    Ok(row)
}

fn main_number(text: &str) -> Result<Option<String>, FieldError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(Recipient::Number(digits)) => Ok(Some(digits)),
        Ok(Recipient::Group(_)) => Err(bad(
            "main_number",
            "The main number must be a person's number, not a group",
        )),
        Err(error) => Err(bad("main_number", error.to_string())),
    }
}

fn answer(row: store::Row, opt_outs: &[String], platform: Limits) -> Settings {
    Settings {
        name: row.name,
        time_zone: row.time_zone,
        main_number: row.main_number,
        allow_list: allow_list::spell(&row.allow_list),
        opt_outs: opt_outs.iter().flat_map(|jid| allow_list::spell(jid)).collect(),
        limits: row.limits,
        platform,
    }
}

fn missing() -> Error {
    AppError::not_found("organization").into()
}

fn no_session() -> Error {
    AppError::not_found("session").into()
}
