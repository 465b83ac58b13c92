//! What of a call goes into the request log: gathered on the way in and on the way out, handed
//! over at the end. Nothing here waits, and no body is held that is not in memory anyway.

use super::auth;
use crate::{AppState, client};
use axum::{
    body::{Body, HttpBody as _, to_bytes},
    extract::Request,
    response::Response,
};
use bytes::Bytes;
use domain::{
    Ctx,
    request_log::{self, Kept, Part, Queued, Record, RequestLog, Whose},
};
use http::{HeaderMap, Method, header};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;
use types::{RequestId, Timestamp};

/// An answer of more is described and not read.
const LARGEST: u64 = 4 << 20;

/// What extractors tell of a call while it is answered; lies in its extensions.
#[derive(Clone, Debug, Default)]
pub struct Sheet(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    whose: Option<Whose>,
    body: Option<(i64, Kept)>,
    wants_body: bool,
}

impl Sheet {
    /// The caller was let in.
    pub fn caller(&self, ctx: &Ctx, secret: &str) {
        self.told(|told| told.whose = Some(Whose::known(ctx, Some(secret))));
    }

    /// The body was read.
    pub fn body(&self, bytes: &Bytes) {
        if self.told(|told| told.wants_body) {
            // Large ones are read through here, outside the lock.
            let kept = Kept::borrowed(bytes);
            self.told(|told| told.body = Some((bytes.len() as i64, kept)));
        }
    }

    fn told<T>(&self, then: impl FnOnce(&mut Told) -> T) -> T {
        then(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A call that is being answered. Dropped without [`Note::finish`], the caller went away.
pub struct Note {
    log: RequestLog,
    id: RequestId,
    at: Timestamp,
    began: Instant,
    secret: Option<String>,
    sheet: Sheet,
    /// `None` when there was no room for another line: then the call is only counted.
    head: Option<Head>,
    over: bool,
}

struct Head {
    method: String,
    url: String,
    ip: String,
    headers: String,
    announced: i64,
}

impl Note {
    /// Browsers ask by OPTIONS whether they may call; that is no call yet.
    pub fn begin(app: &AppState, call: &mut Request, id: RequestId) -> Option<Self> {
        if call.method() == Method::OPTIONS {
            return None;
        }
        let log = app.domain.request_log.clone();
        let head = log.has_room().then(|| Head::of(app, call));
        let sheet = Sheet::default();
        sheet.told(|told| told.wants_body = head.is_some());
        call.extensions_mut().insert(sheet.clone());
        Some(Self {
            id,
            at: app.domain.shared.now(),
            began: Instant::now(),
            secret: auth::secret(call.headers()).map(str::to_owned),
            sheet,
            head,
            log,
            over: false,
        })
    }

    /// Hands the call over with its answer, which goes on to the caller.
    pub async fn finish(mut self, response: Response) -> Response {
        if self.head.is_none() {
            self.hand_over(0, None, Part::default());
            return response;
        }
        let (parts, body) = response.into_parts();
        let length = body.size_hint().exact();
        let mut answer = Part {
            headers: lines(&parts.headers),
            bytes: length.unwrap_or_default() as i64,
            body: Kept::Nothing,
        };
        let readable =
            length.is_some_and(|length| (1..=LARGEST).contains(&length)) && is_text(&parts.headers);
        let body = if readable {
            // In memory as a whole already: nothing is waited for, and nothing copied.
            let bytes = to_bytes(body, LARGEST as usize).await.unwrap_or_default();
            answer.body = Kept::shared(&bytes);
            Body::from(bytes)
        } else {
            body
        };
        let queued = parts.extensions.get::<Queued>().copied();
        self.hand_over(parts.status.as_u16(), queued, answer);
        Response::from_parts(parts, body)
    }

    fn hand_over(&mut self, status: u16, queued: Option<Queued>, response: Part) {
        self.over = true;
        let told = self.sheet.told(std::mem::take);
        let whose = told
            .whose
            .or_else(|| self.secret.as_deref().map(Whose::claimed))
            .unwrap_or_default();
        let Some(head) = self.head.take() else {
            return self.log.missed(&whose, self.at);
        };
        let (bytes, body) = told.body.unwrap_or((head.announced, Kept::Nothing));
        self.log.write(Record {
            id: self.id,
            at: self.at,
            method: head.method,
            url: head.url,
            status,
            duration_ms: self.began.elapsed().as_micros().div_ceil(1_000) as i64,
            ip: head.ip,
            whose,
            queued,
            request: Part {
                headers: head.headers,
                bytes,
                body,
            },
            response,
        });
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        if !self.over {
            self.hand_over(0, None, Part::default());
        }
    }
}

impl Head {
    fn of(app: &AppState, call: &Request) -> Self {
        let uri = call.uri();
        let announced = call.headers().get(header::CONTENT_LENGTH);
        Self {
            method: call.method().as_str().chars().take(16).collect(),
            url: request_log::url(uri.path_and_query().map_or(uri.path(), |all| all.as_str())),
            ip: client::ip(app, call),
            headers: lines(call.headers()),
            announced: announced
                .and_then(|length| length.to_str().ok()?.parse().ok())
                .unwrap_or_default(),
        }
    }
}

fn lines(headers: &HeaderMap) -> String {
    request_log::headers(
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes())),
    )
}

/// An answer of ours; an attachment is somebody's file, whatever its kind.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let ours = kind.is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        matches!(kind, "application/json" | "application/problem+json") || kind.starts_with("text/")
    });
    ours && !headers.contains_key(header::CONTENT_DISPOSITION)
}
