//! Send many: a list of recipients that is looked at first and then queued, and how far it got.

use crate::{BatchId, SessionId, Timestamp, media::MediaKind, messages::MessageState};
use serde::{Deserialize, Serialize};

/// Largest file or pasted list, in bytes.
pub const MAX_BYTES: i64 = 10 << 20;
/// Most rows of one.
pub const MAX_ROWS: i64 = 100_000;
/// Most columns of one.
pub const MAX_COLUMNS: i64 = 200;
/// Longest text of a message, in characters.
pub const MAX_TEXT: i64 = 4_096;

/// How far a batch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BatchState {
    /// Looked at; nothing is queued. Forgotten after a day.
    Draft,
    /// Its rows go into the queue.
    Queueing,
    /// All its rows are in the queue or were refused.
    Queued,
    /// Somebody stopped it.
    Cancelled,
}

impl BatchState {
    pub const ALL: &'static [Self] = &[Self::Draft, Self::Queueing, Self::Queued, Self::Cancelled];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queueing => "queueing",
            Self::Queued => "queued",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.name() == name)
    }
}

/// A batch as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Batch {
    pub id: BatchId,
    pub name: String,
    pub file_name: Option<String>,
    /// The name of the member or the key that made it, as it was then.
    pub made_by: Option<String>,
    /// What rows that name no session are sent through; `None` lets one be chosen for each.
    pub session: Option<SessionId>,
    pub state: BatchState,
    /// Rows of the file without its header and blank lines: the next three together.
    pub rows: i64,
    pub valid: i64,
    /// Say the same to the same recipient as an earlier row; they are left out.
    pub duplicates: i64,
    pub invalid: i64,
    /// Of the valid rows: how many the queue has taken, and how many it would not.
    pub accepted: i64,
    pub refused: i64,
    /// Why it does not go on just now.
    pub problem: Option<String>,
    pub created_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    /// When its last row was queued, or it was cancelled.
    pub finished_at: Option<Timestamp>,
}

/// Where every valid row of a batch is; together they are always `valid`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchCounts {
    /// Not in the queue yet.
    pub to_queue: i64,
    /// Never came into the queue, because the batch was cancelled before.
    pub left_out: i64,
    pub refused: i64,
    pub pending: i64,
    pub processing: i64,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub cancelled: i64,
    pub uncertain: i64,
}

impl BatchCounts {
    /// Takes what the queue says and makes the rest up to `valid` what has not come there.
    pub fn of(batch: &Batch, states: &[(MessageState, i64)]) -> Self {
        let mut counts = Self {
            refused: batch.refused,
            ..Self::default()
        };
        for (state, n) in states {
            match state {
                MessageState::Pending => counts.pending += n,
                MessageState::Processing => counts.processing += n,
                MessageState::Sent | MessageState::Received => counts.sent += n,
                MessageState::Delivered => counts.delivered += n,
                MessageState::Read => counts.read += n,
                MessageState::Failed => counts.failed += n,
                MessageState::Cancelled => counts.cancelled += n,
                MessageState::Uncertain => counts.uncertain += n,
            }
        }
        let rest = (batch.valid - counts.total()).max(0);
        if batch.state == BatchState::Cancelled {
            counts.left_out = rest;
        } else {
            counts.to_queue = rest;
        }
        counts
    }

    pub const fn total(&self) -> i64 {
        self.to_queue
            + self.left_out
            + self.refused
            + self.pending
            + self.processing
            + self.sent
            + self.delivered
            + self.read
            + self.failed
            + self.cancelled
            + self.uncertain
    }

    /// What cancelling would touch.
    pub const fn waiting(&self) -> i64 {
        self.to_queue + self.pending
    }
}

/// How the bytes of a file were turned into text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Encoding {
    #[default]
    #[serde(rename = "UTF-8")]
    Utf8,
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
    /// Assumed of what is not UTF-8 and has no mark: worth a look at the accents.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// How a list was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Found {
    pub encoding: Encoding,
    /// What separates cells; `None` where nothing does.
    pub delimiter: Option<char>,
    pub columns: Vec<String>,
    /// Columns that go into no message.
    pub ignored: Vec<String>,
    /// Cells of text that a spreadsheet would take for a formula; they are sent as they stand.
    pub formulas: i64,
    /// Of the rows that will be sent: how many have no message of their own and take the text for all.
    #[serde(default)]
    pub common: i64,
    /// Messages with something like `{name}` in them that stays as it is, because the list names no columns.
    #[serde(default)]
    pub braces: i64,
    /// How many of the rows go through which session.
    #[serde(default)]
    pub through: Vec<Through>,
    /// Mean length of the texts, in characters.
    #[serde(default)]
    pub chars: i64,
}

/// Rows that go through one session, or through whichever is chosen for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Through {
    pub session: Option<SessionId>,
    pub rows: i64,
}

/// A row that can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchRow {
    /// As a spreadsheet counts them: the header is row 1.
    pub row: i64,
    pub to: String,
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_kind: Option<MediaKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_id: Option<String>,
}

/// Why a row is not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowError {
    pub row: i64,
    /// Empty where it is about the row as a whole.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A batch opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchDetail {
    pub batch: Batch,
    pub counts: BatchCounts,
    pub found: Found,
    /// The first rows that will be sent, while it is a draft.
    pub sample: Vec<BatchRow>,
    /// The first errors; all of them are in the download.
    pub errors: Vec<RowError>,
    pub error_count: i64,
    /// When the last of it has left, by expectation: of a draft, if it were queued now. `None`
    /// where nothing of it waits, or something cannot leave as things are.
    pub ends_at: Option<Timestamp>,
    pub as_of: Timestamp,
}
