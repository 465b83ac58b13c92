//! The history as a table for a spreadsheet, part by part, so that a million rows never lie in
//! memory together.

use super::Messages;
use crate::{Ctx, Result, core::csv, time};
use std::collections::HashMap;
use types::{
    PageRequest, Permission, Recipient, SessionId, Timestamp,
    messages::{HistoryFilter, QueueEntry},
};

/// Rows of one part.
pub const PART: u32 = 500;

const COLUMNS: [&str; 17] = [
    "queue_id",
    "id",
    "reference_id",
    "recipient",
    "state",
    "error",
    "text",
    "media",
    "session",
    "session_id",
    "class",
    "attempts",
    "created_at",
    "sent_at",
    "delivered_at",
    "read_at",
    "settled_at",
];

/// A part of the table; its first line is the header in the first part.
#[derive(Clone, Debug)]
pub struct Part {
    pub csv: String,
    /// What to ask the next part with; `None` after the last.
    pub next: Option<String>,
    /// Today in the organization, for the file's name.
    pub today: String,
}

impl Messages {
    /// One part of the history as CSV, newest first, with the filters of the list. Moments are
    /// those of the organization's clock, as `2026-11-20 14:03:22`, the way spreadsheets read them.
    pub async fn history_csv(
        &self,
        ctx: &Ctx,
        filter: HistoryFilter,
        cursor: Option<String>,
    ) -> Result<Part> {
        let organization = ctx.require(Permission::QueueView)?;
        let first = cursor.is_none();
        let page = self.history(ctx, filter, PageRequest::of(PART, cursor)).await?;
        let mut conn = self.shared.read().acquire().await?;
        let zone = super::store::read::time_zone(&mut conn, organization).await?;
        drop(conn);
        let names: HashMap<SessionId, String> = self
            .sessions
            .all_of(organization)
            .await?
            .into_iter()
            .map(|session| (session.id, session.name))
            .collect();
        let rows: Vec<[String; COLUMNS.len()]> =
            page.data.iter().map(|entry| row(entry, &names, &zone)).collect();
        let mut table = String::new();
        if first {
            table.push_str(csv::MARK);
            table.push_str(&csv::rows([COLUMNS]));
        }
        table.push_str(&csv::rows(rows.iter().map(|row| row.iter().map(String::as_str))));
        Ok(Part {
            csv: table,
            next: page.next,
            today: time::day_of(&zone, self.shared.now()),
        })
    }
}

fn row(entry: &QueueEntry, names: &HashMap<SessionId, String>, zone: &str) -> [String; COLUMNS.len()] {
    let at = |at: Option<Timestamp>| at.map(|at| time::written(zone, at)).unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let media = match (&entry.media, &entry.media_url) {
        (Some(media), _) => media.filename.clone().unwrap_or_else(|| media.mime.clone()),
        (None, url) => url.clone().unwrap_or_default(),
    };
    [
        entry.queue_id.to_string(),
        entry.id.to_string(),
        text(&entry.reference_id),
        // As it is given when one sends.
        match &entry.recipient {
            Recipient::Number(digits) => digits.clone(),
            group @ Recipient::Group(_) => group.to_string(),
        },
        entry.state.name().into(),
        text(&entry.error),
        text(&entry.text),
        media,
        entry
            .session
            .and_then(|id| names.get(&id).cloned())
            .unwrap_or_default(),
        entry.session.map(|id| id.to_string()).unwrap_or_default(),
        entry.class.name().into(),
        entry.attempts.to_string(),
        at(Some(entry.created_at)),
        at(entry.sent_at),
        at(entry.delivered_at),
        at(entry.read_at),
        at(entry.settled_at),
    ]
}
