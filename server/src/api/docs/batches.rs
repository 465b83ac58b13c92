//! `/api/v1/batches`.

use super::op::{Op, Room};
use crate::api::v1::batches::Detail;
use serde::Serialize;
use serde_json::json;
use types::{
    SessionId,
    batches::{Batch, MAX_BYTES},
};
use utoipa::ToSchema;

/// A list of recipients, and what is said to them.
#[derive(Serialize, ToSchema)]
struct NewBatch {
    /// What you call it.
    name: Option<String>,
    /// What rows say that have no message of their own. {name} stands for the column name, here and in the
    /// messages of rows; for a brace itself write two. At most 4,096 characters.
    text: Option<String>,
    /// The session of every row that names none itself; without it one is chosen for each.
    session: Option<SessionId>,
    /// 1 to 100,000 rows: objects with number, and message or what text asks for; at most 200 different fields.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<()>,
}

/// How many messages will not be sent because of it.
#[derive(Serialize, ToSchema)]
struct Stopped {
    cancelled: i64,
}

fn of(op: Op) -> Op {
    op.named("id", "The batch", "bat_0193456789ab7cdef0123456789abcde")
}

pub fn room() -> Room {
    Room {
        name: "Send many",
        about: "A list that is looked at first and then queued, and how far it got.",
        ops: vec![
            Op::post("/api/v1/batches", "Look at a list")
                .about(
                    "Nothing is queued yet: the answer says how the list was read, shows the first messages as they \
                     will be sent, and names every row that cannot be. A CSV file may be sent as it is, as text/csv; \
                     then the rest stands in the query.",
                )
                .query("name", "With CSV: what you call it")
                .query("file_name", "With CSV: the file's name")
                .query("text", "With CSV: what rows say that have no message of their own")
                .query_of::<SessionId>("session", "With CSV: the session of every row that names none itself")
                .takes::<NewBatch>(
                    MAX_BYTES as usize,
                    json!({"name": "Ready on Friday", "text": "Hi {name}, order {order} is ready.", "rows": [
                        {"number": "6281234567890", "name": "Ayu", "order": "10498"},
                    ]}),
                )
                .also_takes("text/csv")
                .makes::<Detail>("The draft, which is forgotten after a day, or after an hour where others need its room")
                .fails(
                    409,
                    "TOO_MANY_DRAFTS",
                    "20 lists, or 256 MB together, wait to be queued",
                ),
            Op::get("/api/v1/batches", "Every batch").pages::<Batch>("A page of batches, newest first"),
            of(Op::get("/api/v1/batches/{id}", "One batch"))
                .gives::<Detail>("Where every row is, the first errors and, while it is a draft, the first rows"),
            of(Op::get("/api/v1/batches/{id}/errors.csv", "Every row that is not sent"))
                .gives_file("text/csv", "Row, column, what stands there, and what is wrong"),
            of(Op::post("/api/v1/batches/{id}/confirm", "Queue it"))
                .about("Said twice it is done once.")
                .gives::<Batch>("The batch, whose rows go into the queue")
                .fails(409, "NOTHING_TO_SEND", "No row of it can be sent")
                .fails(409, "CANCELLED", "Somebody stopped it"),
            of(Op::post("/api/v1/batches/{id}/cancel", "Stop it"))
                .about("What is not queued stays out, what waits is cancelled, what has left has left.")
                .gives::<Stopped>("How many messages will not be sent because of it"),
        ],
    }
}
