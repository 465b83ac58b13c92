//! The query of an address.

use super::problem::ApiError;
use axum::extract::FromRequestParts;
use http::request::Parts;
use std::{convert::Infallible, str::FromStr};
use types::PageRequest;

/// Pairs of a query; a blank value is the same as none.
#[derive(Debug)]
pub struct Params(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            url::form_urlencoded::parse(query.as_bytes())
                .map(|(name, value)| (name.into_owned(), value.replace('\0', "")))
                .filter(|(_, value)| !value.trim().is_empty())
                .collect(),
        ))
    }
}

impl Params {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// A value that is read from its text.
    pub fn parse<T: FromStr>(&self, name: &str, message: &str) -> Result<Option<T>, ApiError> {
        self.read(name, message, |text| text.parse().ok())
    }

    pub fn read<T>(
        &self,
        name: &str,
        message: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some(text) => read(text).map(Some).ok_or_else(|| ApiError::field(name, message)),
        }
    }

    pub fn limit(&self, default: u32) -> Result<u32, ApiError> {
        let message = "Write a whole number from 1 to 1000";
        let limit = self.read("limit", message, |text| {
            text.parse()
                .ok()
                .filter(|limit| (1..=PageRequest::MAX).contains(limit))
        })?;
        Ok(limit.unwrap_or(default))
    }

    /// `limit` (1 to 1,000; 100) and `cursor`.
    pub fn page(&self) -> Result<PageRequest, ApiError> {
        Ok(PageRequest::of(self.limit(100)?, self.text("cursor")))
    }
}
