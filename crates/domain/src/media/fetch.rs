//! Attachments by URL: fetched by the guarded client, then judged like any other.

use super::{Detected, MediaProblem, MediaRoom, check};
use bytes::Bytes;
use outbound::{Config, FetchError, Limits, Outbound, UrlError};
use std::time::Duration;
use types::media::MediaKind;

/// A file that was fetched and may be sent.
#[derive(Clone, Debug)]
pub struct FetchedMedia {
    pub bytes: Bytes,
    pub found: Detected,
    pub filename: Option<String>,
}

/// Why a message fails with its attachment. The sentences are shown to people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchProblem {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Media(#[from] MediaProblem),
}

pub(super) fn client(allow_net: &[String]) -> Outbound {
    let allow = allow_net.iter().filter_map(|net| {
        net.parse()
            .inspect_err(|_| tracing::warn!(%net, "not a network, stays closed: write it like 10.0.0.0/8"))
            .ok()
    });
    Outbound::new(Config {
        allow: allow.collect(),
    })
}

impl MediaRoom {
    /// What can be refused at accept, before anything is fetched.
    pub fn check_url(&self, url: &str) -> Result<(), UrlError> {
        self.outbound.check_url(url).map(|_| ())
    }

    /// Fetches an attachment after accept. The server's content type is not asked: only the
    /// content counts, and the size of what the caller wanted.
    pub async fn fetch(&self, url: &str, wanted: Option<MediaKind>) -> Result<FetchedMedia, FetchProblem> {
        let max_bytes = wanted.unwrap_or(MediaKind::Document).max_bytes().unsigned_abs();
        let limits = Limits {
            max_bytes,
            timeout: Duration::from_mins(1),
        };
        let file = self.outbound.fetch(url, limits).await?;
        // The name comes from the address (`photo.jpg?format=webp`), so it refines but never refuses.
        let named = check(&file.bytes, wanted, None, file.filename.as_deref());
        let found = match named {
            Err(MediaProblem::WrongName { .. }) => check(&file.bytes, wanted, None, None)?,
            other => other?,
        };
        Ok(FetchedMedia {
            bytes: file.bytes,
            found,
            filename: file.filename,
        })
    }
}
