//! The dynamic half of the guard: connecting, following and reading within bounds.

use crate::{
    FetchError, UrlError, filename,
    resolve::{GuardedResolver, Names},
    target,
};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use ipnet::IpNet;
use reqwest::{
    Client, ClientBuilder, Response,
    header::{ACCEPT_ENCODING, CONTENT_TYPE, LOCATION},
    redirect,
};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use url::Url;

const MAX_REDIRECTS: usize = 5;
const MAX_TIME: Duration = Duration::from_mins(1);
const CONNECT_TIME: Duration = Duration::from_secs(10);

/// What the operator decides.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Private networks that may be reached (`--allow-net`); none by default.
    pub allow: Vec<IpNet>,
}

/// What the caller of one fetch decides.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub max_bytes: u64,
    /// For everything from the first lookup to the last byte; never more than 60 s.
    pub timeout: Duration,
}

/// A file that was fetched whole.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub bytes: Bytes,
    /// The server's claim, without parameters; the content decides.
    pub content_type: Option<String>,
    pub filename: Option<String>,
}

/// The guarded client; cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    resolver: GuardedResolver,
    /// Made at the first fetch: it reads the system's certificates, which most commands never need.
    client: Arc<OnceLock<Option<Client>>>,
}

impl Outbound {
    pub fn new(config: Config) -> Self {
        Self::with_names(config, Names::System)
    }

    fn with_names(config: Config, names: Names) -> Self {
        let resolver = GuardedResolver {
            names: Arc::new(names),
            allow: config.allow.into(),
        };
        Self {
            resolver,
            client: Arc::default(),
        }
    }

    fn client(&self) -> Result<&Client, FetchError> {
        let made = self.client.get_or_init(|| {
            let result = self.builder().build().or_else(|error| {
                // A container without CA certificates can still fetch over http.
                tracing::warn!(%error, "no certificates found: https links cannot be fetched; install ca-certificates");
                self.builder().tls_certs_only([]).build()
            });
            result.inspect_err(|error| tracing::error!(%error, "links cannot be fetched")).ok()
        });
        made.as_ref().ok_or(FetchError::NoClient)
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .user_agent("Switchboard")
            .no_proxy()
            .referer(false)
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT_TIME)
            .pool_idle_timeout(Duration::from_secs(15))
            .dns_resolver(self.resolver.clone())
    }

    /// [`check_url`](crate::check_url), but with the operator's networks open.
    pub fn check_url(&self, url: &str) -> Result<Url, UrlError> {
        target::check(url, &self.resolver.allow)
    }

    /// Fetches a file, or says in a sentence why not.
    pub async fn fetch(&self, url: &str, limits: Limits) -> Result<Fetched, FetchError> {
        let timeout = limits.timeout.min(MAX_TIME);
        match tokio::time::timeout(timeout, self.follow(url, limits.max_bytes)).await {
            Ok(result) => result,
            Err(_elapsed) => Err(FetchError::TooSlow {
                seconds: timeout.as_secs().max(1),
            }),
        }
    }

    /// Redirects are followed by hand, so that each hop passes the same checks as the first.
    async fn follow(&self, url: &str, max_bytes: u64) -> Result<Fetched, FetchError> {
        let mut url = self.check_url(url)?;
        for _hop in 0..=MAX_REDIRECTS {
            let host = url.host_str().unwrap_or_default().to_owned();
            let request = self
                .client()?
                .get(url.clone())
                .header(ACCEPT_ENCODING, "identity");
            let answer = request
                .send()
                .await
                .map_err(|error| FetchError::of_connection(&error, &host))?;
            let status = answer.status();
            if status.is_success() {
                return read(answer, &url, &host, max_bytes).await;
            }
            let Some(location) = location(&answer) else {
                return Err(FetchError::Status {
                    host,
                    status: status.as_u16(),
                });
            };
            let target = url
                .join(location)
                .map_err(|_| FetchError::Redirect(UrlError::NotUrl))?;
            url = self.check_url(target.as_str()).map_err(FetchError::Redirect)?;
        }
        Err(FetchError::TooManyRedirects)
    }
}

/// Where a redirect leads; `None` for every other answer.
fn location(answer: &Response) -> Option<&str> {
    let redirects = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    answer
        .headers()
        .get(LOCATION)
        .filter(|_| redirects)?
        .to_str()
        .ok()
}

/// Reads the body and stops at the limit, whatever length was announced.
async fn read(answer: Response, url: &Url, host: &str, max_bytes: u64) -> Result<Fetched, FetchError> {
    let announced = answer.content_length().unwrap_or_default();
    if announced > max_bytes {
        return Err(FetchError::TooLarge { max_bytes });
    }
    let content_type = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        })
        .filter(|value| !value.is_empty());
    let filename = filename::of_answer(answer.headers(), url);
    // An announcement alone must not reserve the memory of a whole document.
    let mut bytes = BytesMut::with_capacity(announced.min(1 << 20) as usize);
    let mut body = answer.bytes_stream();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| FetchError::Broken {
            host: host.to_owned(),
        })?;
        if (bytes.len() + chunk.len()) as u64 > max_bytes {
            return Err(FetchError::TooLarge { max_bytes });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Fetched {
        bytes: bytes.freeze(),
        content_type,
        filename,
    })
}

#[cfg(test)]
mod tests;
