//! Who calls: an API key, never a cookie.

use super::{problem::ApiError, record::Sheet};
use crate::AppState;
use axum::extract::FromRequestParts;
use domain::Ctx;
use http::{HeaderMap, header, request::Parts};
use types::{AppError, Permission, RequestId};

/// The caller behind a valid key that has the scope its route needs.
#[derive(Debug)]
pub struct Caller(pub Ctx);

/// What the route table says of a route; put there by [`super::router`].
#[derive(Clone, Copy, Debug)]
pub struct Needs(pub Option<Permission>);

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let secret = secret(&parts.headers).ok_or(AppError::Unauthenticated)?;
        let request = match parts.extensions.get::<RequestId>() {
            Some(request) => *request,
            None => RequestId(app.domain.shared.ids.uuid()),
        };
        let ctx = app.domain.keys.authenticate(secret, request).await?;
        if let Some(sheet) = parts.extensions.get::<Sheet>() {
            sheet.caller(&ctx, secret);
        }
        // Verbs check again; here it is said before a body is read.
        if let Some(Needs(Some(permission))) = parts.extensions.get::<Needs>() {
            ctx.require(*permission)?;
        }
        Ok(Self(ctx))
    }
}

/// The key that the call came with, good or not.
pub fn secret(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = headers.get("x-api-key") {
        return value.to_str().ok().map(str::trim).filter(|text| !text.is_empty());
    }
    let (scheme, secret) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(secret.trim())
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn check(name: &'static str, value: &'static str, expect: Option<&str>) {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        assert_eq!(secret(&headers), expect, "{name}: {value}");
    }

    #[test]
    fn a_key_comes_in_two_headers() {
        check("x-api-key", "sb_1", Some("sb_1"));
        check("authorization", "Bearer sb_1", Some("sb_1"));
        check("authorization", "bearer sb_1", Some("sb_1"));
        check("authorization", "Basic sb_1", None);
        check("x-api-key", "", None);
        check("cookie", "switchboard=sb_1", None);
    }
}
