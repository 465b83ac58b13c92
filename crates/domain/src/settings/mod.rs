//! Settings of an organization, and the platform's values that hold where it has none.
//!
//! Blank inherits, 0 means none. What the values do to a message is decided in `pacing` and
//! [`crate::messages`], never here.

mod allow_list;
mod store;
#[cfg(test)]
mod tests;

use crate::{
    Ctx, Error, NewEvent, Result, Shared, Tx,
    orgs::fields::{self, BadFields, bad},
};
use serde_json::json;
use sqlx::{Any, Executor};
use std::sync::Arc;
use types::{
    AppError, FieldError, OrganizationId, Permission, Recipient,
    events::EventType,
    settings::{PatchSettings, Settings},
};

/// The random delay of a platform that was never told otherwise: 5 to 20 s.
const DELAY_MIN_MS: i64 = 5_000;
const DELAY_MAX_MS: i64 = 20_000;
const DELAY_LIMIT_MS: i64 = 3_600_000;

#[derive(Clone)]
pub struct SettingsRoom {
    shared: Arc<Shared>,
}

impl SettingsRoom {
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    pub async fn get(&self, ctx: &Ctx) -> Result<Settings> {
        let organization = ctx.require(Permission::SettingsView)?;
        let row = store::get(self.shared.read(), organization)
            .await?
            .ok_or_else(missing)?;
        Ok(answer(row, platform_delay(self.shared.read()).await?))
    }

    /// Changes the fields that are given, all or none.
    pub async fn patch(&self, ctx: &Ctx, patch: PatchSettings) -> Result<Settings> {
        let organization = ctx.require(Permission::SettingsManage)?;
        if ctx.session.is_some() {
            // These settings hold for every session, and this key is for one.
            return Err(AppError::Forbidden {
                permission: Permission::SettingsManage,
            }
            .into());
        }
        let mut tx = self.shared.begin().await?;
        let settings = self.patch_in(&mut tx, organization, patch).await?;
        tx.commit().await?;
        Ok(settings)
    }

    async fn patch_in(
        &self,
        tx: &mut Tx,
        organization: OrganizationId,
        patch: PatchSettings,
    ) -> Result<Settings> {
        let platform = platform_delay(tx.conn()).await?;
        let before = store::lock(tx.conn(), organization).await?.ok_or_else(missing)?;
        let after = apply(before.clone(), patch, platform)?;
        let changed = before.changed(&after);
        if !changed.is_empty() {
            store::update(tx.conn(), organization, &after).await?;
            tx.record(NewEvent {
                organization,
                session: None,
                kind: EventType::SettingsChanged,
                data: json!({ "fields": changed }).to_string(),
            });
        }
        Ok(answer(after, platform))
    }
}

/// Least and greatest random delay in milliseconds where an organization has none of its own.
pub async fn platform_delay(conn: impl Executor<'_, Database = Any>) -> Result<(i64, i64)> {
    let (min, max) = store::platform_delay(conn).await?;
    Ok((min.unwrap_or(DELAY_MIN_MS), max.unwrap_or(DELAY_MAX_MS)))
}

/// The same from values that were read together with something else.
pub fn delay_of(min: Option<&str>, max: Option<&str>) -> (i64, i64) {
    let read = |value: Option<&str>, default| value.and_then(|text| text.parse().ok()).unwrap_or(default);
    (read(min, DELAY_MIN_MS), read(max, DELAY_MAX_MS))
}

/// Sets what [`platform_delay`] answers.
pub async fn set_platform_delay_in(tx: &mut Tx, min_ms: i64, max_ms: i64) -> Result<()> {
    store::set_platform_delay(tx.conn(), min_ms, max_ms).await
}

fn apply(mut row: store::Row, patch: PatchSettings, platform: (i64, i64)) -> Result<store::Row> {
    let mut wrong = BadFields::default();
    let delay_min_given = patch.delay_min_ms.is_some();
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
    if let Some(delay) = patch.delay_min_ms {
        row.delay_min_ms = wrong.take(delay_ms("delay_min_ms", delay));
    }
    if let Some(delay) = patch.delay_max_ms {
        row.delay_max_ms = wrong.take(delay_ms("delay_max_ms", delay));
    }
    wrong.done()?;
    let (min, max) = (
        row.delay_min_ms.unwrap_or(platform.0),
        row.delay_max_ms.unwrap_or(platform.1),
    );
    // Only a change of the delays is held against them: an old disorder must not block a new name.
    if min > max && (delay_min_given || patch.delay_max_ms.is_some()) {
        let field = if delay_min_given {
            "delay_min_ms"
        } else {
            "delay_max_ms"
        };
        let message = format!(
            "The least delay ({min} ms) must not be greater than the greatest ({max} ms). Set both, or lower the least."
        );
        return Err(AppError::field(field, message).into());
    }
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

fn delay_ms(field: &str, delay: Option<i64>) -> Result<Option<i64>, FieldError> {
    match delay {
        Some(ms) if !(0..=DELAY_LIMIT_MS).contains(&ms) => Err(bad(
            field,
            "Write 0 (no delay) to 3600000 milliseconds, or leave it empty to inherit the platform's value",
        )),
        fits => Ok(fits),
    }
}

fn answer(row: store::Row, platform: (i64, i64)) -> Settings {
    Settings {
        name: row.name,
        time_zone: row.time_zone,
        main_number: row.main_number,
        allow_list: allow_list::spell(&row.allow_list),
        delay_min_ms: row.delay_min_ms,
        delay_max_ms: row.delay_max_ms,
        platform_delay_min_ms: platform.0,
        platform_delay_max_ms: platform.1,
    }
}

fn missing() -> Error {
    AppError::not_found("organization").into()
}
