//! A call on its way into the log.

use super::{mask, sketch};
use crate::{Actor, Ctx, keys::secret};
use bytes::Bytes;
use types::{ApiKeyId, OrganizationId, RequestId, SessionId, Timestamp};

/// Values of headers are kept up to this length.
const HEADER: usize = 1 << 10;
const HEADERS: usize = 64;
const URL: usize = 2 << 10;

/// What the server saw of one call.
#[derive(Debug)]
pub struct Record {
    pub id: RequestId,
    pub at: Timestamp,
    pub method: String,
    /// From [`url`].
    pub url: String,
    /// 0 when the caller went away before there was an answer.
    pub status: u16,
    pub duration_ms: i64,
    pub ip: String,
    pub whose: Whose,
    pub queued: Option<Queued>,
    pub request: Part,
    pub response: Part,
}

/// Headers and body of one direction.
#[derive(Debug, Default)]
pub struct Part {
    /// From [`headers`].
    pub headers: String,
    pub bytes: i64,
    pub body: Kept,
}

/// Whose call it was, as far as the request itself found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// It came without a key.
    #[default]
    Nobody,
    /// It came with a key that did not let it in, or was not looked at. Whether it is a key of
    /// somebody's that has ended is found out when the call is written.
    Claimed {
        prefix: String,
        hash: String,
    },
    Known(Owner),
}

/// The organization and the key behind a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub organization: OrganizationId,
    pub key: Option<ApiKeyId>,
    pub prefix: Option<String>,
    /// The one session the key is for.
    pub session: Option<SessionId>,
}

impl Whose {
    /// The caller that was let in with that key.
    pub fn known(ctx: &Ctx, secret: Option<&str>) -> Self {
        let Some(organization) = ctx.organization else {
            return Self::Nobody;
        };
        Self::Known(Owner {
            organization,
            key: match ctx.actor {
                Actor::Key(key) => Some(key),
                Actor::User(_) | Actor::System => None,
            },
            prefix: secret.and_then(secret::prefix).map(str::to_owned),
            session: ctx.session,
        })
    }

    pub fn claimed(secret: &str) -> Self {
        match secret::prefix(secret) {
            None => Self::Nobody,
            Some(prefix) => Self::Claimed {
                prefix: prefix.to_owned(),
                hash: secret::hash(secret),
            },
        }
    }

    pub fn organization(&self) -> Option<OrganizationId> {
        match self {
            Self::Known(owner) => Some(owner.organization),
            Self::Nobody | Self::Claimed { .. } => None,
        }
    }
}

/// The queue entries that an answer names. Those of one call have numbers that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    pub first: i32,
    pub last: i32,
    pub count: i64,
    /// The session through which all of them go.
    pub session: Option<SessionId>,
}

impl Queued {
    /// Of the rows of an answer; `None` when nothing was queued.
    pub fn of(rows: impl IntoIterator<Item = (i32, Option<SessionId>)>) -> Option<Self> {
        let mut rows = rows.into_iter();
        let (id, session) = rows.next()?;
        let first = Self {
            first: id,
            last: id,
            count: 1,
            session,
        };
        Some(rows.fold(first, |all, (id, session)| Self {
            first: all.first.min(id),
            last: all.last.max(id),
            count: all.count + 1,
            session: all.session.filter(|one| session == Some(*one)),
        }))
    }
}

/// What is held of a body until it is written.
#[derive(Debug, Default)]
pub enum Kept {
    #[default]
    Nothing,
    /// Short enough to wait as it is.
    Raw(Bytes),
    /// Shortened and without its secrets.
    Sketch(String),
}

impl Kept {
    /// Takes what the log wants of a body, which it does not keep from being freed.
    pub fn borrowed(bytes: &Bytes) -> Self {
        match bytes.len() {
            0 => Self::Nothing,
            // A copy: the original is part of a larger buffer of the connection.
            1..=sketch::KEPT => Self::Raw(Bytes::copy_from_slice(bytes)),
            _ => Self::of(bytes),
        }
    }

    /// The same of a body that stands alone in its memory.
    pub fn shared(bytes: &Bytes) -> Self {
        match bytes.len() {
            0 => Self::Nothing,
            1..=sketch::KEPT => Self::Raw(bytes.clone()),
            _ => Self::of(bytes),
        }
    }

    fn of(bytes: &Bytes) -> Self {
        sketch::body(bytes).map_or(Self::Nothing, Self::Sketch)
    }

    fn weight(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Raw(bytes) => bytes.len(),
            Self::Sketch(text) => text.len(),
        }
    }

    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Raw(bytes) => sketch::body(&bytes),
            Self::Sketch(text) => Some(text),
        }
    }
}

impl Record {
    /// Takes the secrets out of bodies that wait as they came.
    pub(super) fn finish_bodies(&mut self) {
        // Whoever reads along must not be quicker to link a phone.
        if self.links_a_phone() {
            for body in [&mut self.request.body, &mut self.response.body] {
                if !matches!(body, Kept::Nothing) {
                    *body = Kept::Sketch(mask::MASK.into());
                }
            }
            return;
        }
        for body in [&mut self.request.body, &mut self.response.body] {
            let text = std::mem::take(body).into_text();
            *body = text.map_or(Kept::Nothing, Kept::Sketch);
        }
    }

    fn links_a_phone(&self) -> bool {
        let path = self.url.split('?').next().unwrap_or_default();
        path.split('/').any(|part| matches!(part, "pairing" | "pair"))
    }

    /// What it takes of memory while it waits, about.
    pub(super) fn weight(&self) -> usize {
        let part = |part: &Part| part.headers.len() + part.body.weight();
        512 + self.url.len() + part(&self.request) + part(&self.response)
    }
}

/// Path and query without their secrets.
pub fn url(address: &str) -> String {
    sketch::shortened(&mask::address(address), URL).replace('\0', "")
}

/// Headers without their secrets, a line for each; [`lines`] takes them apart again.
pub fn headers<'a>(all: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut out = String::with_capacity(384);
    for (name, value) in all.take(HEADERS) {
        let value = String::from_utf8_lossy(value);
        out.push_str(name);
        out.push_str(": ");
        out.push_str(&sketch::shortened(&mask::header(name, &value), HEADER));
        out.push('\n');
    }
    out
}

/// Name and value of each line.
pub(super) fn lines(headers: &str) -> Vec<(String, String)> {
    headers
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_masked_and_cut() {
        let long = "x".repeat(3_000);
        let all = [
            ("host", "a.example".as_bytes()),
            ("x-api-key", b"sb_abc"),
            ("authorization", b"Bearer sb_abc"),
            ("cookie", b"a=b"),
            ("x-long", long.as_bytes()),
            ("x-odd", b"\xff"),
            ("x-empty", b""),
        ];
        let kept = lines(&headers(all.into_iter()));
        let value = |name: &str| {
            kept.iter()
                .find(|(one, _)| one == name)
                .map(|(_, value)| value.as_str())
        };
        assert_eq!(value("host"), Some("a.example"));
        for name in ["x-api-key", "authorization", "cookie"] {
            assert_eq!(value(name), Some(mask::MASK), "{name}");
        }
        assert!(value("x-long").unwrap().ends_with("x… 1976 bytes more"));
        assert_eq!((value("x-odd"), value("x-empty")), (Some("\u{fffd}"), Some("")));
    }

    #[test]
    fn rows_become_a_range() {
        let one = SessionId::from_key(&"1".repeat(32)).ok();
        assert_eq!(Queued::of([]), None);
        let all = Queued::of([(5, one), (4, one), (6, one)]).unwrap();
        assert_eq!((all.first, all.last, all.count, all.session), (4, 6, 3, one));
        assert_eq!(Queued::of([(5, one), (6, None)]).unwrap().session, None);
    }
}
