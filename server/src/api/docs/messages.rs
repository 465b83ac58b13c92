//! `/api/v1/messages` and `/api/v1/history`.

use super::op::{Op, Room};
use crate::api::{
    body::MEDIA,
    v1::{messages::Queued, queue::Detail},
};
use serde::Serialize;
use serde_json::json;
use types::{MessageId, SessionId, media::MediaKind, messages::QueueEntry};
use utoipa::ToSchema;

/// One message. Give text or media or both.
#[derive(Serialize, ToSchema)]
struct NewMessage {
    /// Whom it is for: digits with the country code, a group's id before @g.us, or main.
    #[schema(example = "6281234567890")]
    to: String,
    /// 1 to 4,096 characters; with media its caption, at most 1,024.
    #[schema(example = "Your order 10498 is ready.")]
    text: Option<String>,
    media: Option<NewMedia>,
    /// Through which session it leaves; without it the balancer chooses.
    session: Option<SessionId>,
    /// Your own name for it, at most 128 characters; it need not be unique.
    #[schema(example = "order-10498")]
    reference_id: Option<String>,
    /// The received message that it answers: it leaves before others, and waits for less.
    reply_to: Option<MessageId>,
}

/// An attachment: by address, or its content in base64.
#[derive(Serialize, ToSchema)]
struct NewMedia {
    /// Address of the file, http or https, at most 2,048 characters. It is fetched after the answer. Not together
    /// with data.
    url: Option<String>,
    /// The content in base64.
    data: Option<String>,
    /// What data is, for example application/pdf. Needed with data, and checked against the content.
    mime: Option<String>,
    /// The name that the recipient sees, at most 255 characters.
    filename: Option<String>,
    /// What the file behind url is; without it the content says so.
    kind: Option<MediaKind>,
}

pub fn room() -> Room {
    Room {
        name: "Messages, v1",
        about: "Queue one message, see one, and what left the queue.",
        ops: vec![
            Op::post("/api/v1/messages", "Queue a message")
                .about("The answer means that it is saved; sending follows the session's pace.")
                .takes::<NewMessage>(
                    MEDIA,
                    json!({"to": "6281234567890", "text": "Your order 10498 is ready.", "reference_id": "order-10498"}),
                )
                .sends()
                .makes::<Queued>("Saved, waiting in the queue"),
            Op::get("/api/v1/messages/{id}", "One message")
                .named("id", ID, EXAMPLE)
                .gives::<Detail>("The message, and what holds it while it waits"),
            Op::get("/api/v1/history", "What left the queue")
                .about("Newest first. Days are those of the organization's time zone.")
                .query("start_date", "First day, as YYYY-MM-DD, included")
                .query("end_date", "Last day, as YYYY-MM-DD, included; not before start_date")
                .query(
                    "state",
                    "sent, delivered, read, failed or cancelled, with commas between; all but cancelled without it",
                )
                .query_of::<SessionId>("session", "Only what this session sent")
                .pages::<QueueEntry>("A page of the history"),
            Op::get("/api/v1/history.csv", "The history as a file")
                .about(
                    "The same entries as the list, newest first, as CSV in UTF-8 with a header line. Moments are those of \
                     the organization's clock. A cell that a spreadsheet would run as a formula begins with an apostrophe. \
                     If reading breaks off, so does the transfer.",
                )
                .query("start_date", "First day, as YYYY-MM-DD, included")
                .query("end_date", "Last day, as YYYY-MM-DD, included; not before start_date")
                .query(
                    "state",
                    "sent, delivered, read, failed or cancelled, with commas between; all but cancelled without it",
                )
                .query_of::<SessionId>("session", "Only what this session sent")
                .gives_file("text/csv", "One line for each entry, as many as there are"),
        ],
    }
}

/// What the id of a message may be.
pub const ID: &str = "Its id or its queue number";
pub const EXAMPLE: &str = "msg_0193456789ab7cdef0123456789abcde";
