//! What the page of API keys asks the server.
//!
//! A new key is shown once. The form that makes it is answered with a redirect, so that it works
//! without script; until the next page takes it, the key lies sealed in the login's record, never
//! in an address and never readable in the database, and for five minutes at most.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{AppError, Timestamp, keys::ApiKey};

#[cfg(feature = "ssr")]
use crate::{
    door::{answer, door, extension},
    routes,
    ui::url,
};
#[cfg(feature = "ssr")]
use types::{ApiKeyId, Permission, RequestId, keys::CreateKey};

/// Every key of the organization, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysData {
    pub keys: Vec<ApiKey>,
    pub as_of: Timestamp,
}

/// A key that was just made, the one time it is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreshKey {
    pub name: String,
    pub secret: String,
    /// Where this server is reached, for the first command.
    pub url: String,
}

#[server(prefix = "/fn", endpoint = "load_keys")]
pub async fn load_keys() -> Result<KeysData, AppError> {
    let (domain, ctx) = door().await?;
    let keys = answer(&ctx, domain.keys.list(&ctx).await)?;
    Ok(KeysData {
        keys,
        as_of: domain.shared.now(),
    })
}

/// Makes a key and leads to where it is shown.
#[server(name = MakeKey, prefix = "/fn", endpoint = "make_key")]
pub async fn make_key(
    name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] expires_in_days: String,
) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let input = CreateKey {
        name,
        scopes: chosen(&scopes)?,
        expires_in_days: days(&expires_in_days)?,
        session: None,
    };
    let made = answer(&ctx, domain.keys.create(&ctx, input).await)?;
    let id = made.key.id.to_string();
    let fresh = FreshKey {
        name: made.key.name,
        secret: made.secret,
        url: domain.shared.config.public_url.clone(),
    };
    let json = serde_json::to_vec(&fresh).map_err(|_| BROKEN)?;
    let sealed = answer(&ctx, domain.shared.secrets.seal(PLACE, &json))?;
    let kept = Kept {
        id: made.key.id,
        sealed,
        made_at: domain.shared.now(),
        shown_by: None,
    };
    let login = extension::<tower_sessions::Session>().ok_or(BROKEN)?;
    login.insert(PLACE, kept).await.map_err(|_| BROKEN)?;
    leptos_axum::redirect(&url::href(routes::KEYS, &[("created", &id)]));
    Ok(())
}

/// The key that was just made, for the one page that asks first; nothing afterwards. Every other
/// look at the page clears away what was shown or has lain too long.
#[server(prefix = "/fn", endpoint = "take_fresh_key")]
pub async fn take_fresh_key(id: String) -> Result<Option<FreshKey>, AppError> {
    let (domain, ctx) = door().await?;
    let Some(login) = extension::<tower_sessions::Session>() else {
        return Ok(None);
    };
    let kept = login.get::<Kept>(PLACE).await.map_err(|_| BROKEN)?;
    let Some(mut kept) = kept else { return Ok(None) };
    let first = kept.shown_by.is_none_or(|request| request == ctx.request);
    let late = domain.shared.now() - kept.made_at > KEPT_MS;
    if first && !late && kept.id.to_string() == id {
        let plain = answer(&ctx, domain.shared.secrets.unseal(PLACE, &kept.sealed))?;
        // Drawing a page may ask twice; both belong to the same request.
        kept.shown_by = Some(ctx.request);
        login.insert(PLACE, kept).await.map_err(|_| BROKEN)?;
        return Ok(serde_json::from_slice(&plain).ok());
    }
    if late || !first {
        login.remove::<Kept>(PLACE).await.map_err(|_| BROKEN)?;
    }
    Ok(None)
}

#[server(name = RevokeKey, prefix = "/fn", endpoint = "revoke_key")]
pub async fn revoke_key(id: String) -> Result<(), AppError> {
    let (domain, ctx) = door().await?;
    let id: ApiKeyId = id.parse().map_err(|_| AppError::not_found("key"))?;
    answer(&ctx, domain.keys.revoke(&ctx, id).await)?;
    leptos_axum::redirect(routes::KEYS);
    Ok(())
}

#[cfg(feature = "ssr")]
const BROKEN: AppError = AppError::Internal { request_id: None };

/// The name of the sealed key in the login's record.
#[cfg(feature = "ssr")]
const PLACE: &str = "fresh_key";

/// Five minutes.
#[cfg(feature = "ssr")]
const KEPT_MS: i64 = 300_000;

/// What lies in the login's record between the form and the page that shows the key.
#[cfg(feature = "ssr")]
#[derive(Serialize, Deserialize)]
struct Kept {
    id: ApiKeyId,
    /// A sealed [`FreshKey`].
    sealed: String,
    made_at: Timestamp,
    /// The request that has shown it.
    shown_by: Option<RequestId>,
}

/// No scope at all means every scope to the room; in a form it means that somebody unticked them.
#[cfg(feature = "ssr")]
fn chosen(scopes: &[String]) -> Result<Vec<Permission>, AppError> {
    let bad = || AppError::field("scopes", "Tick at least one thing that the key may do");
    let read: Result<Vec<Permission>, _> = scopes.iter().map(|scope| scope.parse()).collect();
    read.ok().filter(|scopes| !scopes.is_empty()).ok_or_else(bad)
}

#[cfg(feature = "ssr")]
fn days(text: &str) -> Result<Option<i64>, AppError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            AppError::field(
                "expires_in_days",
                "Write a whole number of days, or leave it empty",
            )
        }),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn nothing_ticked_is_not_everything() {
        assert!(chosen(&[]).is_err());
        assert!(chosen(&["messages:send".into(), "no:such".into()]).is_err());
        assert_eq!(
            chosen(&["messages:send".into()]),
            Ok(vec![Permission::MessagesSend])
        );
    }

    #[test]
    fn days_may_be_left_out() {
        assert_eq!(days(" "), Ok(None));
        assert_eq!(days(" 30 "), Ok(Some(30)));
        assert!(days("a month").is_err());
    }
}
