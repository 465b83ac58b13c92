//! `switchboard serve`: one node, until it is told to end.

use crate::{
    AppState, Site, accept,
    cli::say,
    config::{DataArgs, NodeArgs},
};
use anyhow::{Context, Result};
use clap::Args;
use ipnet::IpNet;
use std::{
    future::Future,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;

/// How long what is on the wire may take when the server ends.
const FINISH: Duration = Duration::from_secs(20);

#[derive(Args, Debug)]
pub struct ServeArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Address and port to listen on
    #[arg(
        long,
        env = "SWITCHBOARD_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,
    /// What people type into their browser; with https:// cookies are for TLS only
    #[arg(long, env = "SWITCHBOARD_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// This node's name, where several share a database
    #[arg(long, env = "SWITCHBOARD_NODE", value_name = "NAME", default_value = "main")]
    node: String,
    /// A proxy whose X-Forwarded-For is believed; may be repeated
    #[arg(
        long,
        env = "SWITCHBOARD_TRUSTED_PROXY",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    trusted_proxy: Vec<IpNet>,
    /// A private network that media may be fetched from; may be repeated; none without it
    #[arg(
        long,
        env = "SWITCHBOARD_ALLOW_NET",
        value_name = "CIDR",
        value_delimiter = ','
    )]
    allow_net: Vec<IpNet>,
}

pub async fn serve(args: ServeArgs) -> Result<()> {
    // First of all, so that a port that is taken is said before anything is touched.
    let listener = TcpListener::bind(args.listen).await.with_context(|| {
        format!(
            "cannot listen on {}; is another switchboard running?",
            args.listen
        )
    })?;
    let address = listener.local_addr()?;
    let told = told_to_end()?;
    let public_url = match &args.public_url {
        Some(url) => checked_url(url)?,
        None => format!("http://{}", reachable(address)),
    };
    let node = NodeArgs {
        public_url: public_url.clone(),
        node: args.node,
        allow_net: args.allow_net.iter().map(ToString::to_string).collect(),
    };
    let domain = args.data.open_alone(node).await?;

    let work = CancellationToken::new();
    let tasks = domain.start(work.clone());
    let token = domain.people.setup_token().await?;
    let streams = CancellationToken::new();
    let app = AppState::new(domain.clone(), Site::find(), args.trusted_proxy, streams.clone());
    let router = crate::router(app);

    say(&format!("Switchboard is at {public_url}"))?;
    if let Some(token) = token {
        say(&format!(
            "Nobody has set it up yet. Open this link, it works once: {public_url}/set-up?token={token}"
        ))?;
    }

    let stop = async {
        told.await;
        tracing::info!("ending: nothing new is accepted, what is on the wire is finished");
        streams.cancel();
    };
    let serving = accept::serve(listener, router, accept::Patience::USUAL, &streams);
    tokio::select! {
        _ = async { tokio::join!(serving, stop) } => {}
        () = overdue(&streams) => {}
    }
    work.cancel();
    if timeout(FINISH, tasks.wait()).await.is_err() {
        tracing::warn!("background work did not end in time; it is settled at the next start");
    }
    if timeout(FINISH / 10, domain.shared.db.close()).await.is_err() {
        tracing::warn!("a database connection is still in use");
    }
    Ok(())
}

/// A client that keeps its connection open must not keep the server from ending.
async fn overdue(streams: &CancellationToken) {
    streams.cancelled().await;
    tokio::time::sleep(FINISH / 2).await;
}

/// Resolves when the process is told to end. The signals are caught from the call on, not only
/// once somebody waits: whoever reads our first line may send one at once.
#[cfg(unix)]
fn told_to_end() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_end() -> Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Nobody can type "every address" into a browser.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(mut v4) if v4.ip().is_unspecified() => {
            v4.set_ip(Ipv4Addr::LOCALHOST);
            v4.into()
        }
        SocketAddr::V6(mut v6) if v6.ip().is_unspecified() => {
            v6.set_ip(Ipv6Addr::LOCALHOST);
            v6.into()
        }
        other => other,
    }
}

pub fn checked_url(text: &str) -> Result<String> {
    let url = url::Url::parse(text).context("--public-url is not a URL")?;
    anyhow::ensure!(
        matches!(url.scheme(), "http" | "https") && url.has_host(),
        "--public-url begins with https:// or http:// and names a host"
    );
    anyhow::ensure!(
        url.path() == "/" && url.query().is_none() && url.fragment().is_none(),
        "--public-url has no path: Switchboard has its host to itself"
    );
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_urls() {
        assert_eq!(
            checked_url("https://wa.example/").ok().as_deref(),
            Some("https://wa.example")
        );
        for text in [
            "wa.example",
            "ftp://wa.example",
            "https://wa.example/board",
            "https://",
        ] {
            assert!(checked_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_address_is_reached_at_this_one() {
        assert_eq!(
            reachable("0.0.0.0:80".parse().unwrap()),
            "127.0.0.1:80".parse().unwrap()
        );
        assert_eq!(reachable("[::]:80".parse().unwrap()), "[::1]:80".parse().unwrap());
    }
}
