//! `GET /live`: the event log as it grows, for pages that move by themselves.

use crate::{AppState, login::LoginHash};
use axum::{
    Extension, Router,
    extract::{Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use domain::Ctx;
use futures::{Stream, StreamExt, stream};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use std::{convert::Infallible, time::Duration};
use tokio::{sync::watch, time::sleep};
use types::AppError;

/// Events that one read brings.
const BATCH: u32 = 500;
/// Whoever missed more reads the page anew instead.
const TOO_FAR: i64 = 2_000;
/// Reads of one stream are at least that far apart.
const PAUSE: Duration = Duration::from_millis(100);
/// How often a stream looks whether its login still holds. On several nodes it is also how late
/// another node's events may come.
const LOOK: Duration = Duration::from_secs(1);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub fn router() -> Router<AppState> {
    Router::new().route("/live", get(live))
}

#[derive(Deserialize)]
struct Place {
    after: Option<i64>,
}

async fn live(
    State(app): State<AppState>,
    ctx: Option<Extension<Ctx>>,
    login: Option<Extension<LoginHash>>,
    Query(place): Query<Place>,
    headers: HeaderMap,
) -> Response {
    let (Some(Extension(ctx)), Some(Extension(login))) = (ctx, login) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    // A browser that reconnects says by itself where it was.
    let resumed = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    match Line::open(app, ctx, login.0, resumed.or(place.after)).await {
        Ok(line) => {
            let hello = Event::default().retry(Duration::from_secs(1)).comment("open");
            let events = stream::once(async { Ok(hello) }).chain(line.events());
            let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
            ([("x-accel-buffering", "no")], sse).into_response()
        }
        Err(error) => StatusCode::from_u16(error.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
    }
}

/// One stream and how far it has come.
struct Line {
    app: AppState,
    ctx: Ctx,
    login: String,
    place: i64,
    committed: watch::Receiver<u64>,
    logins: watch::Receiver<u64>,
    /// Told to read everything again, because too much was missed.
    reset: bool,
}

impl Line {
    async fn open(app: AppState, ctx: Ctx, login: String, after: Option<i64>) -> Result<Self, AppError> {
        // Subscribed before the log is read, so that nothing falls between.
        let committed = app.domain.events.watch();
        let logins = app.domain.people.logins_changed();
        let latest = app.domain.events.latest(&ctx).await.map_err(|error| error.into_app(ctx.request))?;
        let after = after.unwrap_or(latest);
        // A place beyond the end is from another database, as after a restored backup.
        let reset = latest - after > TOO_FAR || after > latest;
        let place = if reset { latest } else { after };
        Ok(Self { app, ctx, login, place, committed, logins, reset })
    }

    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut line| async move { line.next().await.map(|events| (events, line)) })
            .flat_map(|events| stream::iter(events.into_iter().map(Ok)))
    }

    /// The next events; `None` ends the stream.
    async fn next(&mut self) -> Option<Vec<Event>> {
        if std::mem::take(&mut self.reset) {
            return Some(vec![self.reset_event()]);
        }
        loop {
            if self.app.stop.is_cancelled() || !self.still_welcome().await {
                return None;
            }
            self.committed.mark_unchanged();
            let events = self.read().await?;
            if !events.is_empty() {
                return Some(events);
            }
            self.wait().await;
        }
    }

    async fn read(&mut self) -> Option<Vec<Event>> {
        let (events, place) = match self.app.domain.events.after(&self.ctx, self.place, BATCH).await {
            Ok(read) => read,
            Err(error) => {
                tracing::warn!(?error, "a live stream could not read on");
                return None;
            }
        };
        self.place = place;
        events.into_iter().map(|event| Event::default().id(event.seq.to_string()).json_data(event).ok()).collect()
    }

    /// Until there may be something new, or the login should be looked at again.
    async fn wait(&mut self) {
        let stop = self.app.stop.clone();
        let news = async {
            tokio::select! {
                _ = self.committed.changed() => sleep(PAUSE).await,
                _ = self.logins.changed() => {}
                () = sleep(LOOK) => {}
            }
        };
        tokio::select! {
            () = news => {}
            () = stop.cancelled() => {}
        }
    }

    /// Whether the login still holds, in the same organization. What it may see is taken afresh.
    async fn still_welcome(&mut self) -> bool {
        match self.app.domain.people.ctx_for_login(&self.login, self.ctx.request).await {
            Ok(Some(ctx)) if ctx.organization == self.ctx.organization => {
                self.ctx = ctx;
                true
            }
            Ok(_) => false,
            Err(error) => {
                tracing::warn!(?error, "a live stream could not look at its login");
                false
            }
        }
    }

    fn reset_event(&self) -> Event {
        Event::default().event("reset").id(self.place.to_string()).data("{}")
    }
}
