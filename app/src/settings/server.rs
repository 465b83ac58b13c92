//! What the settings ask the server, and what they tell it.

use super::form::Filled;
use crate::{routes, ui::url};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, SessionId, Timestamp, messages::WhatIf, pacing::Limits, sessions::Session, settings::Settings,
};

#[cfg(feature = "ssr")]
mod change;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod said;

#[cfg(feature = "ssr")]
use crate::door::{answer, door, refused};
#[cfg(feature = "ssr")]
use kept::{keep, take};
#[cfg(feature = "ssr")]
use types::{Permission, settings::PatchSettings};

/// Whose settings a page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Level {
    #[default]
    Organization,
    Session(SessionId),
    Platform,
}

impl Level {
    /// Of an address or a form.
    pub fn read(session: &str, level: &str) -> Result<Self, AppError> {
        match (session, level) {
            ("", "") => Ok(Self::Organization),
            ("", "platform") => Ok(Self::Platform),
            (session, "") => session
                .parse()
                .map(Self::Session)
                .map_err(|_| AppError::not_found("session")),
            _ => Err(AppError::not_found("page")),
        }
    }

    /// The values of `session` and `level` that name it.
    pub fn names(self) -> (String, &'static str) {
        match self {
            Self::Organization => (String::new(), ""),
            Self::Session(session) => (session.to_string(), ""),
            Self::Platform => (String::new(), "platform"),
        }
    }

    pub fn href(self) -> String {
        let (session, level) = self.names();
        url::href(routes::SETTINGS, &[("session", &session), ("level", level)])
    }
}

/// The organization itself: what is not a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutData {
    pub settings: Settings,
    pub time_zones: Vec<String>,
    pub as_of: Timestamp,
}

/// The limits of one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsData {
    pub level: Level,
    pub own: Limits,
    /// What holds where it sets nothing.
    pub inherited: Limits,
    /// What the organization sets, at a session that one looks at, if one may know.
    pub organization: Option<Limits>,
    pub session: Option<Session>,
    pub as_of: Timestamp,
}

/// One thing that was changed, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub name: String,
    pub before: String,
    pub after: String,
}

/// What saving did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    pub changes: Vec<Change>,
    /// What else the change means.
    pub note: Option<String>,
}

#[server(prefix = "/fn", endpoint = "load_about")]
pub async fn load_about() -> Result<AboutData, AppError> {
    let (domain, ctx) = door().await?;
    let settings = answer(&ctx, domain.settings.get(&ctx).await)?;
    Ok(AboutData {
        settings,
        time_zones: domain.people.time_zones().await,
        as_of: domain.shared.now(),
    })
}

#[server(prefix = "/fn", endpoint = "load_limits")]
pub async fn load_limits(
    #[server(default)] session: String,
    #[server(default)] level: String,
) -> Result<LimitsData, AppError> {
    let (domain, ctx) = door().await?;
    let level = Level::read(&session, &level)?;
    let as_of = domain.shared.now();
    let mut data = LimitsData {
        level,
        own: Limits::default(),
        inherited: Limits::default(),
        organization: None,
        session: None,
        as_of,
    };
    match level {
        Level::Organization => {
            let settings = answer(&ctx, domain.settings.get(&ctx).await)?;
            (data.own, data.inherited) = (settings.limits, settings.platform);
        }
        Level::Session(id) => {
            let limits = answer(&ctx, domain.settings.session(&ctx, id).await)?;
            (data.own, data.inherited) = (limits.limits, limits.inherited);
            data.session = Some(answer(&ctx, domain.sessions.get(&ctx, id).await)?);
            if ctx.require(Permission::SettingsView).is_ok() {
                let settings = answer(&ctx, domain.settings.get(&ctx).await)?;
                data.organization = Some(settings.limits);
            }
        }
        Level::Platform => data.own = answer(&ctx, domain.settings.platform(&ctx).await)?.limits,
    }
    Ok(data)
}

/// What was saved before this page came, where the form was sent without script; told once.
#[server(prefix = "/fn", endpoint = "take_saved")]
pub async fn take_saved() -> Result<Option<Saved>, AppError> {
    let (_, ctx) = door().await?;
    take(ctx.request).await
}

/// Saves what is not a limit. `opted_out` is what the form showed: numbers that others added
/// meanwhile stay.
#[server(name = SaveAbout, prefix = "/fn", endpoint = "save_about")]
pub async fn save_about(
    name: String,
    time_zone: String,
    #[server(default)] main_number: String,
    #[server(default)] allow_list: String,
    #[server(default)] opt_outs: String,
    #[server(default)] opted_out: String,
) -> Result<Saved, AppError> {
    let (domain, ctx) = door().await?;
    let back = |error| {
        let short = |text: &str| text.len() <= change::FITS;
        let mut typed = vec![
            ("name", &*name),
            ("time_zone", &*time_zone),
            ("main_number", &*main_number),
        ];
        let lists = [("allow_list", &*allow_list), ("opt_outs", &*opt_outs)];
        typed.extend(lists.into_iter().filter(|(_, list)| short(list)));
        refused::<SaveAbout>(error, &typed)
    };
    answer(&ctx, ctx.require(Permission::SettingsManage).map(drop))?;
    let before = answer(&ctx, domain.settings.get(&ctx).await)?;
    let patch = PatchSettings {
        name: Some(name.clone()),
        time_zone: Some(time_zone.clone()),
        main_number: Some(Some(main_number.clone())),
        allow_list: Some(vec![allow_list.clone()]),
        opt_outs: Some(change::merge(&before.opt_outs, &opted_out, &opt_outs)),
        limits: std::collections::BTreeMap::new(),
    };
    let after = answer(&ctx, domain.settings.patch(&ctx, patch).await).map_err(back)?;
    let saved = change::about(&before, &after, &domain, &ctx).await?;
    keep(&saved).await?;
    leptos_axum::redirect(routes::SETTINGS);
    Ok(saved)
}

/// Saves the limits that differ from what the form showed (`was`), so that what others changed
/// meanwhile stays.
#[server(name = SaveLimits, prefix = "/fn", endpoint = "save_limits")]
pub async fn save_limits(
    #[server(default)] session: String,
    #[server(default)] level: String,
    #[server(default)] was: String,
    #[server(default)] limits: Filled,
) -> Result<Saved, AppError> {
    let (domain, ctx) = door().await?;
    let back = |error| {
        let typed: Vec<(String, &str)> = limits
            .iter()
            .map(|(field, text)| (super::form::name_of(field), text.as_str()))
            .collect();
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, text)| (&**name, *text)).collect();
        refused::<SaveLimits>(error, &typed)
    };
    let level = Level::read(&session, &level)?;
    let was = Limits::from_json(&was);
    let change = change::read(&limits, &was).map_err(back)?;
    let named = change::named(&change);
    let done = match level {
        Level::Organization => {
            let patch = PatchSettings {
                limits: named,
                ..PatchSettings::default()
            };
            domain.settings.patch(&ctx, patch).await.map(|after| after.limits)
        }
        Level::Session(id) => domain
            .settings
            .patch_session(&ctx, id, named)
            .await
            .map(|after| after.limits),
        Level::Platform => domain
            .settings
            .patch_platform(&ctx, named)
            .await
            .map(|after| after.limits),
    };
    let after = answer(&ctx, done).map_err(|error| back(change::in_seconds(error)))?;
    let saved = change::limits(&was, &after, change.keys().copied(), level);
    keep(&saved).await?;
    leptos_axum::redirect(&level.href());
    Ok(saved)
}

/// When the queue would end with these limits. What is no limit was said beside its field.
#[server(prefix = "/fn", endpoint = "ask_what_if")]
pub async fn ask_what_if(
    #[server(default)] session: String,
    #[server(default)] limits: Filled,
) -> Result<WhatIf, AppError> {
    let (domain, ctx) = door().await?;
    let level = Level::read(&session, "")?;
    let id = match level {
        Level::Session(id) => Some(id),
        Level::Organization | Level::Platform => None,
    };
    let set = super::form::read(&limits).map_err(|fields| AppError::Invalid { fields })?;
    let set = set
        .into_iter()
        // A form holds every limit as it is; a switch or a window is sent like a number.
        .filter(|(limit, _)| id.is_none() || limit.per_session())
        .map(|(limit, value)| (limit.name().to_owned(), limit.write(value)))
        .collect();
    answer(&ctx, domain.messages.what_if(&ctx, id, &set).await)
}
