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
use std::{convert::Infallible, future::Future, time::Duration};
use tokio::{sync::watch, time::sleep};
use types::{AppError, Timestamp};

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
    let resumed = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.parse().ok());
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
    /// When the login was looked at last.
    looked_at: Timestamp,
    /// Something was just told, so the next read waits a little for more to gather.
    told: bool,
    /// Too much was missed to be told one by one.
    reset: bool,
}

impl Line {
    async fn open(app: AppState, ctx: Ctx, login: String, after: Option<i64>) -> Result<Self, AppError> {
        // Subscribed before the log is read, so that nothing falls between.
        let committed = app.domain.events.watch();
        let logins = app.domain.people.logins_changed();
        let looked_at = app.domain.shared.now();
        let latest = app
            .domain
            .events
            .latest(&ctx)
            .await
            .map_err(|error| error.into_app(ctx.request))?;
        let after = after.unwrap_or(latest).max(0);
        // A place beyond the end is from another database, as after a restored backup.
        let reset = latest - after > TOO_FAR || after > latest;
        let place = if reset { latest } else { after };
        Ok(Self {
            app,
            ctx,
            login,
            place,
            committed,
            logins,
            looked_at,
            told: false,
            reset,
        })
    }

    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut line| async move {
            line.next().await.map(|events| (events, line))
        })
        .flat_map(|events| stream::iter(events.into_iter().map(Ok)))
    }

    /// The next events; `None` ends the stream.
    async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            if std::mem::take(&mut self.told) {
                self.until(sleep(PAUSE)).await;
            }
            if self.app.stop.is_cancelled() || !self.still_welcome().await {
                return None;
            }
            self.committed.mark_unchanged();
            let events = match self.read().await {
                Ok(events) => events,
                Err(error) => {
                    tracing::warn!(?error, "a live stream could not read on");
                    return None;
                }
            };
            if !events.is_empty() {
                self.told = true;
                return Some(events);
            }
            self.wait().await;
        }
    }

    async fn read(&mut self) -> domain::Result<Vec<Event>> {
        let log = &self.app.domain.events;
        if std::mem::take(&mut self.reset) {
            return Ok(vec![self.reset_event()]);
        }
        let (events, place) = log.after(&self.ctx, self.place, BATCH).await?;
        let many = place - self.place >= i64::from(BATCH);
        self.place = place;
        if many {
            let latest = log.latest(&self.ctx).await?;
            if latest - place > TOO_FAR {
                self.place = latest;
                return Ok(vec![self.reset_event()]);
            }
        }
        let told = events
            .into_iter()
            .filter_map(|event| Event::default().id(event.seq.to_string()).json_data(event).ok());
        Ok(told.collect())
    }

    /// Until there may be something new, or the login should be looked at again.
    async fn wait(&mut self) {
        let stop = self.app.stop.clone();
        tokio::select! {
            _ = self.committed.changed() => {}
            _ = self.logins.changed() => self.looked_at = Timestamp(0),
            () = sleep(LOOK) => {}
            () = stop.cancelled() => {}
        }
    }

    async fn until(&self, done: impl Future<Output = ()>) {
        tokio::select! {
            () = done => {}
            () = self.app.stop.cancelled() => {}
        }
    }

    /// Whether the login still holds, in the same organization. What it may see is taken afresh.
    async fn still_welcome(&mut self) -> bool {
        let now = self.app.domain.shared.now();
        let changed = self.logins.has_changed().unwrap_or(true);
        if !changed && now - self.looked_at < LOOK.as_millis() as i64 {
            return true;
        }
        self.logins.mark_unchanged();
        self.looked_at = now;
        match self
            .app
            .domain
            .people
            .ctx_for_login(&self.login, self.ctx.request)
            .await
        {
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
        Event::default()
            .event("reset")
            .id(self.place.to_string())
            .data("{}")
    }
}
