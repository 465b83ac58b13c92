//! What a form carries, read once.

use crate::{
    api::{PATIENCE, Room, Unread, arrive},
    multipart::{self, Part},
};
use axum::body::{Body, HttpBody as _};
use bytes::Bytes;
use futures::StreamExt as _;
use http::request::Parts;
use std::{collections::BTreeMap, time::Duration};
use tokio::task::spawn_blocking;
use types::AppError;

/// What the fields take beside the file, in bytes.
const FIELDS: usize = 256 << 10;

/// The code of a form that did not arrive.
pub const TOO_SLOW: &str = "TOO_SLOW";

#[derive(Debug, Default)]
pub struct Form {
    fields: BTreeMap<String, String>,
    pub file: Option<File>,
    /// Held for as long as the form is worked on.
    room: Room,
}

#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub content: Bytes,
}

impl Form {
    /// Reads a form whose file, or longest field, has at most `most` bytes. Of one that announces
    /// more only the beginning is read: the fields before the file, so that nobody types them again.
    pub async fn read(parts: &Parts, body: Body, most: i64) -> (Self, Result<(), AppError>) {
        let mut form = Self::default();
        let read = form.fill(parts, body, most).await;
        (form, read)
    }

    async fn fill(&mut self, parts: &Parts, body: Body, most: i64) -> Result<(), AppError> {
        let too_large = || AppError::TooLarge { limit_bytes: most };
        let limit = most as usize + FIELDS;
        let boundary = multipart::boundary(&parts.headers).ok_or_else(unreadable)?;
        let announced = body.size_hint().lower();
        if announced > limit as u64 {
            let beginning = beginning(body).await;
            for part in multipart::first_parts(&beginning, &boundary) {
                self.add(part);
            }
            return Err(too_large());
        }
        let (bytes, room) = match arrive(body, limit, PATIENCE * 5).await {
            Ok(read) => read,
            Err(Unread::TooLong) => return Err(too_large()),
            Err(Unread::Slow) => return Err(AppError::conflict(TOO_SLOW, Unread::SLOW)),
            Err(Unread::Busy) => return Err(AppError::Busy { retry_after: 5 }),
            Err(Unread::Incomplete) => return Err(AppError::Unreachable),
        };
        self.room = room;
        // Looking for the ends of parts takes a while in a hundred megabytes.
        let all = spawn_blocking(move || multipart::parts(&bytes, &boundary)).await;
        let all = all.ok().flatten().ok_or_else(unreadable)?;
        let large = all.iter().any(|part| part.content.len() as i64 > most);
        for part in all {
            self.add(part);
        }
        if large {
            self.file = None;
            return Err(too_large());
        }
        Ok(())
    }

    fn add(&mut self, part: Part) {
        match part.file_name {
            // No file was chosen.
            Some(name) if name.is_empty() && part.content.is_empty() => {}
            Some(name) => {
                // Some browsers of old tell the whole path.
                let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                self.file = Some(File {
                    name,
                    content: part.content,
                });
            }
            None => {
                // Browsers end lines of forms with two characters; people typed one.
                let text = String::from_utf8_lossy(&part.content).replace("\r\n", "\n");
                self.fields.insert(part.name, text.replace('\0', ""));
            }
        }
    }

    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// A field that says something.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.get(name);
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    pub fn set(&mut self, name: &str, value: String) {
        self.fields.insert(name.to_owned(), value);
    }

    /// What goes back into the form.
    pub fn typed(self) -> BTreeMap<String, String> {
        self.fields
    }
}

async fn beginning(body: Body) -> Bytes {
    let mut read = Vec::new();
    let mut stream = body.into_data_stream();
    let take = async {
        while let Some(Ok(chunk)) = stream.next().await {
            read.extend_from_slice(&chunk);
            if read.len() > FIELDS {
                break;
            }
        }
    };
    // Whoever sends slower than this has announced too much anyway.
    let _ = tokio::time::timeout(Duration::from_secs(10), take).await;
    // A browser that is still sending would miss the answer if the line were cut under it. So a
    // little more is read, and forgotten, while the answer is on its way.
    tokio::spawn(async move {
        let rest = async { while let Some(Ok(_)) = stream.next().await {} };
        let _ = tokio::time::timeout(Duration::from_secs(3), rest).await;
    });
    read.into()
}

fn unreadable() -> AppError {
    AppError::field(
        "",
        "The form could not be read. Load the page again and try once more.",
    )
}
