//! The older addresses, `/api/…`, which keep their clients' spelling.

use super::op::{Op, Room};
use crate::api::{
    body::{BULK, MEDIA, SMALL},
    entry, message_status, send, send_bulk, send_message,
};
use serde::Serialize;
use serde_json::json;
use types::{SessionId, media::MediaKind};
use utoipa::ToSchema;

pub fn room() -> Room {
    Room {
        name: "Messages",
        about: "Six addresses that older clients know. Numbers may be written with +, 00, spaces, hyphens, dots \
                and brackets; main stands for the main number of the settings, and a group is its id before \
                @g.us.",
        ops: vec![
            send(),
            send_bulk(),
            send_message(),
            message_status(),
            queue(),
            history(),
        ],
    }
}

/// One message.
#[derive(Serialize, ToSchema)]
struct SendBody {
    /// Whom it is for: digits with the country code, a group's id, or main.
    #[schema(example = "6281234567890")]
    number: String,
    /// The text, 1 to 4,096 characters; with media its caption, at most 1,024. *bold*, _italic_ and ~strike~
    /// pass through.
    #[schema(example = "Your order 10498 is ready.")]
    message: String,
    /// Address of a file to attach, http or https, at most 2,048 characters. It is fetched after the answer; if
    /// that fails, the message fails.
    #[serde(rename = "mediaUrl")]
    media_url: Option<String>,
    /// What the file is; without it the content says so. Images may have 5 MB, audio and video 16 MB, documents
    /// 100 MB.
    #[serde(rename = "mediaType")]
    media_type: Option<MediaKind>,
    /// Through which session it leaves; without it the balancer chooses.
    #[serde(rename = "sessionId")]
    session_id: Option<SessionId>,
}

/// Up to 10,000 messages in one call.
#[derive(Serialize, ToSchema)]
struct SendBulkBody {
    /// 1 to 10,000 messages. Each stands alone: a wrong one does not stop the others, which are saved together.
    messages: Vec<SendBody>,
    /// The session of every message that names none itself.
    #[serde(rename = "sessionId")]
    session_id: Option<SessionId>,
}

/// One message or attachment to one or many. Give number or recipients, and message or media or both.
#[derive(Serialize, ToSchema)]
struct SendMessageBody {
    /// Whom it is for: digits with the country code, a group's id, or main.
    #[schema(example = "6281234567890")]
    number: Option<String>,
    /// 1 to 1,000 of them; who comes twice counts once.
    recipients: Option<Vec<String>>,
    /// The text, 1 to 4,096 characters; with media its caption, at most 1,024.
    #[schema(example = "Your order 10498 is ready.")]
    message: Option<String>,
    media: Option<SendMessageMedia>,
    /// Your own name for it, at most 128 characters; it need not be unique.
    #[schema(example = "order-10498")]
    reference_id: Option<String>,
    /// Through which session it leaves; without it the balancer chooses.
    #[serde(rename = "sessionId")]
    session_id: Option<SessionId>,
}

/// An attachment: by address, or its content in base64.
#[derive(Serialize, ToSchema)]
struct SendMessageMedia {
    /// Address of the file, http or https, at most 2,048 characters. Not together with data.
    url: Option<String>,
    /// The content in base64; a data: prefix and line breaks are tolerated.
    data: Option<String>,
    /// What data is, for example application/pdf. Needed with data, and checked against the content.
    mimetype: Option<String>,
    /// The name that the recipient sees, at most 255 characters.
    filename: Option<String>,
    /// What the file behind url is; without it the content says so.
    kind: Option<MediaKind>,
}

fn send() -> Op {
    Op::post("/api/send", "Send a message")
        .about(
            "Puts one message in the queue. The answer means that it is saved; sending follows the session's \
             pace. Field names match without regard to case.",
        )
        .takes::<SendBody>(
            SMALL,
            json!({"number": "6281234567890", "message": "Your order 10498 is ready."}),
        )
        .sends()
        .gives::<send::Sent>("Saved, waiting in the queue")
}

fn send_bulk() -> Op {
    Op::post("/api/send-bulk", "Send many messages")
        .about(
            "Each message stands alone; all good ones are saved together. Only if none is good the answer is an \
             error, which then carries queued, failed, queueIds and results too.",
        )
        .takes::<SendBulkBody>(
            BULK,
            json!({"messages": [
                {"number": "6281234567890", "message": "Your order 10498 is ready."},
                {"number": "6281234567891", "message": "Your order 10499 is ready."},
            ]}),
        )
        .sends()
        .gives::<send_bulk::Bulk>("The good ones are saved; results has every message in the order sent")
}

fn send_message() -> Op {
    Op::post("/api/send-message", "Send to one or many, with attachments")
        .about(
            "One text or attachment to one or many people and groups. At least one good recipient is a success; \
             if none is good the answer is the first one's error, with results.",
        )
        .takes::<SendMessageBody>(
            MEDIA,
            json!({"number": "6281234567890", "message": "Your order 10498 is ready.", "reference_id": "order-10498"}),
        )
        .sends()
        .gives::<send_message::Sent>("Saved, waiting in the queue")
}

fn message_status() -> Op {
    Op::get("/api/message-status/{id}", "What became of a message")
        .about(
            "Several messages with one reference: the first recipient of the newest call, and entries with all of \
             them, newest call first, at most 1,000.",
        )
        .named(
            "id",
            "The id or queueId that sending answered, or your own reference_id",
            "order-10498",
        )
        .gives::<message_status::Several>("Where the message stands")
}

fn queue() -> Op {
    Op::get("/api/queue", "What waits")
        .about("Messages that wait or are on their way, oldest first.")
        .paged()
        .gives::<entry::List>("A page of the queue, and how many there are in all")
}

fn history() -> Op {
    Op::get("/api/history", "What was sent or failed")
        .about("Messages that left the queue, newest first. Days are those of the organization's time zone.")
        .query("startDate", "First day, as YYYY-MM-DD, included")
        .query(
            "endDate",
            "Last day, as YYYY-MM-DD, included; not before startDate",
        )
        .query(
            "status",
            "sent, failed or cancelled, with commas between; sent,failed without it",
        )
        .query_of::<SessionId>("sessionId", "Only what this session sent")
        .paged()
        .gives::<entry::List>("A page of the history, and how many there are in all")
}
