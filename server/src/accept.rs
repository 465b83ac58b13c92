//! Connections: accepted, served, and let go when the client only holds them.
//!
//! What `axum::serve` does, and a bound on how long the head of a request may take. hyper has such
//! a bound too, but makes and registers a timer for each request; here a connection has one timer
//! for its whole life, and a request costs it a few plain stores.

mod watch;

pub use watch::Patience;

use axum::{Router, body::Body, extract::ConnectInfo, serve::Listener};
use futures::{StreamExt as _, stream::FuturesUnordered};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use std::{net::SocketAddr, pin::pin, sync::Arc};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, sleep_until},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;
use watch::{Bell, Watch, Watched};

/// Serves until told to stop, and then for as long as something is on the wire.
pub async fn serve(mut listener: TcpListener, router: Router, patience: Patience, stop: &CancellationToken) {
    let open = TaskTracker::new();
    loop {
        // axum's own way to accept: when files run out it waits a second instead of giving up.
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = stop.cancelled() => break,
        };
        // Small answers must not wait for more to send.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
        open.spawn(connection(stream, peer, router.clone(), patience, stop.clone()));
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
) {
    let watch = Arc::new(Watch::new(patience));
    let service = {
        let watch = Arc::clone(&watch);
        service_fn(move |request: Request<Incoming>| {
            watch.head_is_here();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().call(request)
        })
    };
    let io = TokioIo::new(Watched::new(stream, Arc::clone(&watch)));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(Bell(Arc::clone(&watch)))
            .header_read_timeout(patience.head)
            .serve_connection(io, service)
    );
    let mut look = pin!(sleep_until(Instant::now() + patience.head));
    // In a set of its own the wait for the end is polled only when the end comes. Otherwise each
    // request would take the lock that all connections share there.
    let mut stopping: FuturesUnordered<_> = std::iter::once(stop.cancelled()).collect();
    loop {
        tokio::select! {
            biased;
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::trace!(%error, %peer, "a connection broke");
                }
                break;
            }
            Some(()) = stopping.next() => connection.as_mut().graceful_shutdown(),
            () = look.as_mut() => {
                let Some(moment) = watch.look_again_at() else {
                    tracing::debug!(%peer, "a connection was closed: the head of a request took too long");
                    break;
                };
                look.as_mut().reset(moment);
            }
        }
    }
}

#[cfg(test)]
mod tests;
