//! `/api/v1/queue`.

use super::{
    messages::{EXAMPLE, ID},
    op::{Op, Room},
};
use crate::api::{body::SMALL, v1::queue::Detail};
use serde::Serialize;
use serde_json::json;
use types::{SessionId, messages::QueueEntry};
use utoipa::ToSchema;

/// Which entries; an empty object means every one that still waits.
#[derive(Serialize, ToSchema)]
struct CancelMany {
    /// pending, processing or uncertain; only pending ones can be cancelled.
    state: Option<String>,
    /// Only what waits for this session.
    session: Option<SessionId>,
}

/// How many are out of the queue now.
#[derive(Serialize, ToSchema)]
struct Cancelled {
    cancelled: i64,
}

pub fn room() -> Room {
    Room {
        name: "Queue",
        about: "What waits, why it waits, and taking it out again.",
        ops: vec![
            Op::get("/api/v1/queue", "What waits")
                .about("Messages that wait, are on their way, or are being settled.")
                .choice(
                    "state",
                    "Only those in this state",
                    &["pending", "processing", "uncertain"],
                )
                .query_of::<SessionId>("session", "Only what waits for this session")
                .pages::<QueueEntry>("A page of the queue"),
            Op::get("/api/v1/queue/{id}", "Why is this waiting?")
                .about("Every gate that may hold the entry, when each opens, and the moment that results.")
                .named("id", ID, EXAMPLE)
                .gives::<Detail>("The entry and its gates"),
            Op::post("/api/v1/queue/{id}/cancel", "Cancel an entry")
                .named("id", ID, EXAMPLE)
                .gives::<QueueEntry>("The cancelled entry")
                .fails(409, "NOT_PENDING", "It left already, or ended otherwise"),
            Op::post("/api/v1/queue/{id}/retry", "Try a failed entry again")
                .about("It keeps its id and goes to the end of the queue.")
                .named("id", ID, EXAMPLE)
                .gives::<QueueEntry>("The entry, waiting again")
                .fails(409, "NOT_FAILED", "Only a failed entry can be tried again"),
            Op::post("/api/v1/queue/cancel", "Cancel everything that waits")
                .about("Or only what the body names.")
                .may_take::<CancelMany>(SMALL, json!({"state": "pending"}))
                .gives::<Cancelled>("How many were cancelled"),
        ],
    }
}
