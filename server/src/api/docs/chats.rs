//! `/api/v1/chats` and `/api/v1/media`.

use super::op::{Op, Room};
use types::{SessionId, chats::Chat, messages::TimelineMessage};

const EXAMPLE: &str = "cht_0193456789ab7cdef0123456789abcde";

pub fn room() -> Room {
    Room {
        name: "Chats",
        about: "Reading along. Nothing here marks anything read.",
        ops: vec![
            Op::get("/api/v1/chats", "The chats of a session")
                .query_of::<SessionId>("session", "Whose chats")
                .required()
                .query("search", "Part of a number or a name")
                .pages::<Chat>("A page of chats, the last written first"),
            Op::get("/api/v1/chats/{id}", "One chat")
                .named("id", "The chat", EXAMPLE)
                .gives::<Chat>("The chat with its last message"),
            Op::get("/api/v1/chats/{id}/messages", "The messages of a chat")
                .named("id", "The chat", EXAMPLE)
                .pages::<TimelineMessage>("A page of messages, newest first"),
            Op::get("/api/v1/media/{id}/content", "The content of an attachment")
                .named("id", "The attachment", "med_0193456789ab7cdef0123456789abcde")
                .gives_file(
                    "application/octet-stream",
                    "The file itself, with its own Content-Type",
                ),
        ],
    }
}
