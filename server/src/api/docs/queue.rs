//! `/api/v1/queue`.

use super::{
    limits,
    messages::{EXAMPLE, ID},
    op::{Op, Room},
};
use crate::api::{
    body::SMALL,
    v1::queue::{Detail, SentNow},
};
use serde::Serialize;
use serde_json::json;
use types::{
    SessionId,
    messages::{Lanes, QueueEntry, Settled, WhatIf},
    pacing::{Balance, Limit},
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder},
};

/// Which entries; an empty object means every one that still waits.
#[derive(Serialize, ToSchema)]
struct CancelMany {
    /// pending, processing or uncertain; only pending ones can be cancelled.
    state: Option<String>,
    /// Only what waits for this session.
    session: Option<SessionId>,
}

/// Who takes it instead; without a session whichever is free first.
#[derive(Serialize, ToSchema)]
struct Reassign {
    /// The session that takes it.
    session: Option<SessionId>,
}

/// What a person found out.
#[derive(Serialize, ToSchema)]
struct Settle {
    /// sent when it arrived, failed when it did not.
    outcome: Settled,
}

/// Which failed ones; an empty object means every one.
#[derive(Serialize, ToSchema)]
struct RetryMany {
    /// Only what failed in this session.
    session: Option<SessionId>,
}

/// How many wait again.
#[derive(Serialize, ToSchema)]
struct Retried {
    retried: i64,
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
            Op::post("/api/v1/queue/{id}/send-now", "Send an entry now")
                .about("It passes the protections that hold it; what WhatsApp or the order of a conversation asks for still holds.")
                .named("id", ID, EXAMPLE)
                .gives::<SentNow>("The entry, and the gates that it passes")
                .fails(409, "NOT_PENDING", "It left already, or ended otherwise"),
            Op::post("/api/v1/queue/{id}/reassign", "Give an entry to another session")
                .about("Without a session whichever is free first takes it.")
                .named("id", ID, EXAMPLE)
                .may_take::<Reassign>(SMALL, json!({}))
                .gives::<QueueEntry>("The entry, as it waits now")
                .fails(409, "NOT_PENDING", "It left already, or ended otherwise"),
            Op::post("/api/v1/queue/{id}/settle", "Say what became of an uncertain entry")
                .about("When a person has found out whether it arrived.")
                .named("id", ID, EXAMPLE)
                .takes::<Settle>(SMALL, json!({"outcome": "failed"}))
                .gives::<QueueEntry>("The entry, sent or failed")
                .fails(409, "NOT_UNCERTAIN", "It is not uncertain, or not any more")
                .fails(409, "NO_SESSION", "Its session is gone; it can only be failed"),
            Op::post("/api/v1/queue/retry", "Try everything that failed again")
                .about("Or only what failed in the session that the body names.")
                .may_take::<RetryMany>(SMALL, json!({}))
                .gives::<Retried>("How many wait again"),
            Op::get("/api/v1/queue/lanes", "Every session's lane")
                .about("What each has used of its limits, what holds it, what is next, and when the queue ends.")
                .gives::<Lanes>("The lanes as of now"),
            balance(),
            Op::post("/api/v1/queue/what-if", "When would the queue end?")
                .about("If the limits in the body were set, for one session or for all. Nothing is changed.")
                .takes_object(SMALL, what_if(), json!({"hourly_limit": 200}))
                .gives::<WhatIf>("The end as things are, and with the change"),
            Op::post("/api/v1/queue/cancel", "Cancel everything that waits")
                .about("Or only what the body names.")
                .may_take::<CancelMany>(SMALL, json!({"state": "pending"}))
                .gives::<Cancelled>("How many were cancelled"),
        ],
    }
}

fn balance() -> Op {
    let mut op = Op::get("/api/v1/queue/balance", "How the balancer sees the sessions")
        .about("Every input of the score, and the score; the lowest goes first.");
    let session = op.refer::<Balance>();
    let board = ObjectBuilder::new()
        .property("data", ArrayBuilder::new().items(session))
        .required("data");
    op.gives_object("The sessions by score", board)
}

fn what_if() -> ObjectBuilder {
    let session = ObjectBuilder::new().property("session", SessionId::schema());
    limits::written(session, Limit::ALL.iter().copied())
}
