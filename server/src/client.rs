//! Where a request comes from.

use crate::AppState;
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use domain::people::Origin;
use http::{HeaderMap, header};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

tokio::task_local! {
    /// For the store of logins, which is asked without the request.
    static ORIGIN: Origin;
}

/// Notes the address and the browser for everything further in.
pub async fn origin(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let user_agent = request
        .headers()
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    let origin = Origin {
        ip: ip(&app, &request),
        user_agent: user_agent.unwrap_or_default().to_owned(),
    };
    request.extensions_mut().insert(origin.clone());
    ORIGIN.scope(origin, next.run(request)).await
}

/// The client's address; empty where it is not known.
pub fn ip(app: &AppState, request: &Request) -> String {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip());
    address(peer, request.headers(), &app.trusted_proxies).map_or_else(String::new, |ip| ip.to_string())
}

/// The origin of the request that is being answered.
pub fn current() -> Origin {
    ORIGIN.try_with(Clone::clone).unwrap_or_default()
}

/// The last address that no trusted proxy vouches for as another proxy. Anybody can send
/// `X-Forwarded-For`, so it is read from the right and only as far as we trust who wrote it.
fn address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let mut address = peer?.to_canonical();
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    let values: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    for hop in values.iter().rev().flat_map(|value| value.rsplit(',')) {
        if !is_trusted(&address) {
            break;
        }
        let Ok(next) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        address = next.to_canonical();
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let check = |peer: &str, forwarded: Option<&'static str>, expect: &str| {
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
            }
            let trusted = ["10.0.0.0/8".parse().unwrap()];
            let found = address(Some(peer.parse().unwrap()), &headers, &trusted);
            assert_eq!(found, Some(expect.parse().unwrap()), "{peer} {forwarded:?}");
        };
        check("198.51.100.7", Some("203.0.113.1"), "198.51.100.7");
        check("10.0.0.1", None, "10.0.0.1");
        check("10.0.0.1", Some("203.0.113.1"), "203.0.113.1");
        check(
            "10.0.0.1",
            Some("192.0.2.9, 203.0.113.1, 10.0.0.2"),
            "203.0.113.1",
        );
        check("10.0.0.1", Some("nonsense"), "10.0.0.1");
        check("::ffff:10.0.0.1", Some("203.0.113.1"), "203.0.113.1");
    }
}
