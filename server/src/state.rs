//! What every handler can reach.

use crate::assets::Assets;
use app::docs::Description;
use axum::extract::FromRef;
use domain::Domain;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use std::{collections::HashMap, ops::Deref, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Shared by all requests; a clone is one count.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

pub struct Inner {
    pub domain: Domain,
    pub site: Site,
    /// The API in OpenAPI, as it is served.
    pub description: Description,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Cancelled when the server is about to end: open streams end then.
    pub stop: CancellationToken,
}

/// The browser's files and how pages name them.
pub struct Site {
    pub assets: Assets,
    pub options: LeptosOptions,
    /// The address of the browser part's folder, and which of its files each page needs.
    pub parts: Arc<(String, HashMap<String, Vec<String>>)>,
}

impl AppState {
    pub fn new(domain: Domain, site: Site, trusted_proxies: Vec<IpNet>, stop: CancellationToken) -> Self {
        let description = crate::api::docs::description(&domain.shared.config.public_url);
        let description = Description::new(description);
        Self(Arc::new(Inner {
            domain,
            site,
            description,
            trusted_proxies,
            stop,
        }))
    }

    /// Whether people reach this server over TLS.
    pub fn is_secure(&self) -> bool {
        self.domain.shared.config.public_url.starts_with("https://")
    }
}

impl Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(app: &AppState) -> Self {
        app.site.options.clone()
    }
}
