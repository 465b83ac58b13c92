//! What can go wrong with a link, in sentences for the person who gave it.

use crate::{UrlError, resolve::NameError};
use std::error::Error as _;
use thiserror::Error;

/// Why an attachment could not be fetched. The sentences become the reason of a failed message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FetchError {
    #[error(transparent)]
    Url(#[from] UrlError),
    #[error(
        "The link's host {host} leads to a private address, which is not fetched. Put the file on a server that the internet can reach, or let the operator open that network with --allow-net."
    )]
    Private { host: String },
    #[error("The link's host {host} was not found. Check the link and send again.")]
    UnknownHost { host: String },
    #[error("The link's host {host} could not be reached. Check that the file is online and send again.")]
    Unreachable { host: String },
    #[error("The link redirects to a place that is not fetched. {0}")]
    Redirect(UrlError),
    #[error("The link redirects more than 5 times. Give the address where the file really lies.")]
    TooManyRedirects,
    #[error(
        "The link's host {host} answered with status {status}. Check that the link opens without a login."
    )]
    Status { host: String, status: u16 },
    #[error("The file behind the link is larger than {}. Give a smaller one.", size(*max_bytes))]
    TooLarge { max_bytes: u64 },
    #[error(
        "The file behind the link did not arrive within {seconds} s. Put it on a faster server or send a smaller one."
    )]
    TooSlow { seconds: u64 },
    #[error("The connection to {host} broke before the file was complete. Send again.")]
    Broken { host: String },
    #[error("This server cannot fetch links at the moment. The operator finds the reason in its log.")]
    NoClient,
}

impl FetchError {
    /// Tells the client's failures apart; its own words (addresses, library names) stay inside.
    pub(crate) fn of_connection(error: &reqwest::Error, host: &str) -> Self {
        let host = host.to_owned();
        let mut cause = error.source();
        while let Some(inner) = cause {
            match inner.downcast_ref::<NameError>() {
                Some(NameError::Private) => return Self::Private { host },
                Some(NameError::Unknown) => return Self::UnknownHost { host },
                None => cause = inner.source(),
            }
        }
        if error.is_connect() {
            Self::Unreachable { host }
        } else {
            Self::Broken { host }
        }
    }
}

/// `5 MB`, with MB of 1,048,576 bytes as everywhere in the product.
fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 {
        format!("{} MB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    }
}
