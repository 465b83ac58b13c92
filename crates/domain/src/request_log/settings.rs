//! How long an organization keeps its log, and how much there is.

use super::{RequestLog, store};
use crate::{
    Ctx, NewEvent, Result,
    orgs::fields::{BadFields, bad},
};
use serde_json::json;
use std::{collections::HashMap, sync::PoisonError};
use types::{AppError, OrganizationId, Permission, events::EventType, request_log::RequestLogSettings};

/// What a platform keeps that was never told otherwise.
pub const DAYS: i64 = 7;
pub const ENTRIES: i64 = 1_000_000;
const MOST_DAYS: i64 = 90;

/// The days of those that have their own, as this node knows them.
pub struct KeptFor {
    platform: i64,
    own: HashMap<String, i64>,
}

impl Default for KeptFor {
    fn default() -> Self {
        Self::new(DAYS, HashMap::new())
    }
}

impl KeptFor {
    pub fn new(platform: i64, own: HashMap<String, i64>) -> Self {
        Self { platform, own }
    }

    pub fn days(&self, organization: Option<OrganizationId>) -> i64 {
        match organization {
            // Asked with every call; most have no days of their own.
            Some(organization) if !self.own.is_empty() => self.days_of(&organization.key()),
            _ => self.platform,
        }
    }

    pub fn days_of(&self, organization: &str) -> i64 {
        self.own.get(organization).copied().unwrap_or(self.platform)
    }

    fn set(&mut self, organization: OrganizationId, days: Option<i64>) {
        match days {
            Some(days) => self.own.insert(organization.key(), days),
            None => self.own.remove(&organization.key()),
        };
    }
}

impl RequestLog {
    pub async fn settings(&self, ctx: &Ctx) -> Result<RequestLogSettings> {
        let organization = ctx.require(Permission::RequestLogView)?;
        if ctx.session.is_some() {
            return Err(whole_organization(Permission::RequestLogView));
        }
        self.told(organization).await
    }

    /// Sets how many days calls are kept; `None` inherits the platform's. With 0 nothing more is
    /// logged, and what there is goes with the next sweep.
    pub async fn keep_for(&self, ctx: &Ctx, days: Option<i64>) -> Result<RequestLogSettings> {
        let organization = ctx.require(Permission::SettingsManage)?;
        if ctx.session.is_some() {
            return Err(whole_organization(Permission::SettingsManage));
        }
        let mut wrong = BadFields::default();
        if days.is_some_and(|days| !(0..=MOST_DAYS).contains(&days)) {
            wrong.take::<()>(Err(bad(
                "request_log_days",
                "Write 0 (log nothing) to 90 days, or leave it empty to inherit the platform's value",
            )));
        }
        wrong.done()?;
        let mut tx = self.shared.begin().await?;
        let before = store::set_days(tx.conn(), organization, days)
            .await?
            .ok_or_else(|| AppError::not_found("organization"))?;
        if before != days {
            tx.record(NewEvent {
                organization,
                session: None,
                kind: EventType::SettingsChanged,
                data: json!({ "fields": ["request_log_days"] }).to_string(),
            });
        }
        tx.commit().await?;
        self.inner
            .kept_for
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .set(organization, days);
        self.told(organization).await
    }

    async fn told(&self, organization: OrganizationId) -> Result<RequestLogSettings> {
        let pool = self.shared.read();
        let numbers = store::numbers(pool, organization).await?;
        Ok(RequestLogSettings {
            request_log_days: store::days(pool, organization).await?,
            platform_request_log_days: store::platform(pool).await?.days,
            entries: numbers.entries,
            dropped: numbers.dropped,
            last_dropped_at: numbers.last_dropped_at,
        })
    }
}

/// These are about every session, and this key is for one.
fn whole_organization(permission: Permission) -> crate::Error {
    AppError::Forbidden { permission }.into()
}
