//! What the door and the profile ask the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{AppError, SessionId, people::Profile, people::SaveProfile};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door, extension, header, refused, rooms},
    routes,
};
#[cfg(feature = "ssr")]
use types::{LoginId, OrganizationId, RequestId, UserId};

/// What the log-in page must know before anybody is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorData {
    /// There are no users yet: set-up comes first.
    pub empty: bool,
}

/// Whether the set-up link opens, and what the form behind it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetUpDoor {
    Open {
        time_zones: Vec<String>,
    },
    /// Somebody was here before.
    Done,
    /// The link is not the one that was printed last.
    WrongLink,
}

/// What set-up made, as its last page shows it once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatWasMade {
    pub api_key: String,
    pub session: Option<SessionId>,
    /// Where this server is reached, for the first command.
    pub url: String,
}

#[server(prefix = "/fn", endpoint = "door")]
pub async fn load_door() -> Result<DoorData, AppError> {
    let domain = rooms()?;
    let empty = before(&domain, domain.people.is_empty().await)?;
    Ok(DoorData { empty })
}

#[server(prefix = "/fn", endpoint = "set_up_door")]
pub async fn load_set_up(token: String) -> Result<SetUpDoor, AppError> {
    let domain = rooms()?;
    match before(&domain, domain.people.check_setup_token(&token).await) {
        Ok(()) => Ok(SetUpDoor::Open {
            time_zones: domain.people.time_zones().await,
        }),
        Err(AppError::Conflict { .. }) => Ok(SetUpDoor::Done),
        Err(AppError::Invalid { .. }) => Ok(SetUpDoor::WrongLink),
        Err(error) => Err(error),
    }
}

/// Logs in and leads to `next`.
#[server(name = LogIn, prefix = "/fn", endpoint = "log_in")]
pub async fn log_in(
    email: String,
    password: String,
    #[server(default)] next: String,
) -> Result<(), AppError> {
    let domain = rooms()?;
    let input = types::people::LogIn {
        email: email.clone(),
        password,
    };
    let (user, organization) = before(&domain, domain.people.log_in(input, origin()).await)
        .map_err(|error| refused::<LogIn>(error, &[("email", &email)]))?;
    enter(user, organization).await?;
    leptos_axum::redirect(routes::safe_next(&next));
    Ok(())
}

#[server(name = LogOut, prefix = "/fn", endpoint = "log_out")]
pub async fn log_out() -> Result<(), AppError> {
    if let Some(session) = extension::<tower_sessions::Session>() {
        session
            .flush()
            .await
            .map_err(|_| AppError::Internal { request_id: None })?;
    }
    leptos_axum::redirect(routes::LOG_IN);
    Ok(())
}

/// Makes the first user, organization and key, logs the user in and leads to where they are shown.
#[server(name = SetUp, prefix = "/fn", endpoint = "set_up")]
pub async fn set_up(
    token: String,
    name: String,
    email: String,
    password: String,
    organization: String,
    time_zone: String,
    #[server(default)] phone: String,
) -> Result<(), AppError> {
    let domain = rooms()?;
    let sandbox = phone == "sandbox";
    let input = types::people::SetUp {
        token,
        name,
        email,
        password,
        organization,
        time_zone,
        sandbox,
    };
    let made = before(&domain, domain.people.set_up(input.clone()).await).map_err(|error| {
        let typed = [
            ("name", &*input.name),
            ("email", &input.email),
            ("organization", &input.organization),
            ("time_zone", &input.time_zone),
            ("phone", &phone),
        ];
        refused::<SetUp>(error, &typed)
    })?;
    enter(made.user, Some(made.organization)).await?;
    keep_made(&domain, &made).await?;
    leptos_axum::redirect(routes::SET_UP_DONE);
    Ok(())
}

/// What set-up made, the first time it is asked; nothing afterwards.
#[server(prefix = "/fn", endpoint = "what_was_made")]
pub async fn take_made() -> Result<Option<WhatWasMade>, AppError> {
    let (domain, ctx) = door().await?;
    let Some(session) = extension::<tower_sessions::Session>() else {
        return Ok(None);
    };
    let sealed = session
        .remove::<String>(MADE)
        .await
        .map_err(|_| AppError::Internal { request_id: None })?;
    let Some(sealed) = sealed else { return Ok(None) };
    let plain = answer(&ctx, domain.shared.secrets.unseal(MADE, &sealed))?;
    Ok(serde_json::from_slice(&plain).ok())
}

/// Moves to another organization of the same person; the whole page follows.
#[server(name = SwitchOrganization, prefix = "/fn", endpoint = "switch_organization")]
pub async fn switch_organization(organization: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id: OrganizationId = organization
        .parse()
        .map_err(|_| AppError::not_found("organization"))?;
    answer(&ctx, domain.people.switch_organization(&ctx, id).await)?;
    leptos_axum::redirect(routes::DASHBOARD);
    Ok(())
}

#[server(prefix = "/fn", endpoint = "profile")]
pub async fn load_profile() -> Result<Profile, AppError> {
    let (domain, ctx) = door().await?;
    answer(&ctx, domain.people.profile(&ctx).await)
}

/// Saves name and theme, and answers what is stored now.
#[server(name = SaveMyProfile, prefix = "/fn", endpoint = "save_profile")]
pub async fn save_my_profile(name: String, theme: String) -> Result<SaveProfile, AppError> {
    let (domain, ctx) = door().await?;
    let input = SaveProfile {
        name: name.trim().into(),
        theme: types::people::Theme::from_name(&theme),
    };
    answer(&ctx, domain.people.save_profile(&ctx, input.clone()).await)
        .map_err(|error| refused::<SaveMyProfile>(error, &[("name", &name)]))?;
    Ok(input)
}

#[server(name = ChangeMyPassword, prefix = "/fn", endpoint = "change_password")]
pub async fn change_my_password(current: String, new: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let input = types::people::ChangePassword { current, new };
    answer(&ctx, domain.people.change_password(&ctx, input).await).map(drop)
}

#[server(name = EndLogin, prefix = "/fn", endpoint = "end_login")]
pub async fn end_login(login: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id: LoginId = login.parse().map_err(|_| AppError::not_found("login"))?;
    answer(&ctx, domain.people.end_login(&ctx, id).await).map(drop)
}

/// The keys of a login's record, as `server`'s store reads them.
#[cfg(feature = "ssr")]
const USER: &str = "user";
#[cfg(feature = "ssr")]
const ORGANIZATION: &str = "organization";
/// What set-up made, sealed, until it was shown.
#[cfg(feature = "ssr")]
const MADE: &str = "made";

/// What a room answers to somebody who is not known yet.
#[cfg(feature = "ssr")]
fn before<T>(domain: &domain::Domain, result: domain::Result<T>) -> Result<T, AppError> {
    result.map_err(|error| error.into_app(RequestId(domain.shared.ids.uuid())))
}

#[cfg(feature = "ssr")]
fn origin() -> domain::people::Origin {
    extension().unwrap_or_default()
}

/// Logs that person in: a fresh token, so that one planted before is worth nothing.
#[cfg(feature = "ssr")]
async fn enter(user: UserId, organization: Option<OrganizationId>) -> Result<(), AppError> {
    if let Some(session) = extension::<tower_sessions::Session>() {
        // What the person before left in this browser's login is not for the next one.
        session.clear().await;
        session
            .cycle_id()
            .await
            .map_err(|_| AppError::Internal { request_id: None })?;
    }
    put(USER, user).await?;
    put(ORGANIZATION, organization).await
}

#[cfg(feature = "ssr")]
async fn put(key: &str, value: impl Serialize) -> Result<(), AppError> {
    const BROKEN: AppError = AppError::Internal { request_id: None };
    let session = extension::<tower_sessions::Session>().ok_or(BROKEN)?;
    session.insert(key, value).await.map_err(|_| BROKEN)
}

/// Keeps the new key for the next page, sealed: the database must never hold it readable.
#[cfg(feature = "ssr")]
async fn keep_made(domain: &domain::Domain, made: &types::people::SetUpDone) -> Result<(), AppError> {
    // The address that the person has just used works; behind a proxy the configured one may not.
    let url = header(axum::http::header::ORIGIN).filter(|origin| origin.starts_with("http"));
    let url = url.unwrap_or_else(|| domain.shared.config.public_url.trim_end_matches('/').into());
    let made = WhatWasMade {
        api_key: made.api_key.clone(),
        session: made.session,
        url,
    };
    let json = serde_json::to_vec(&made).map_err(|_| AppError::Internal { request_id: None })?;
    let sealed = before(domain, domain.shared.secrets.seal(MADE, &json))?;
    put(MADE, sealed).await
}
