//! `/api/v1/sessions`.

use super::{
    limits,
    op::{Op, Room},
};
use crate::api::body::SMALL;
use serde::Serialize;
use serde_json::json;
use types::{
    SessionId,
    pacing::Limit,
    sessions::{CreateSession, Pairing, Session, Transition},
};
use utoipa::{PartialSchema, ToSchema, openapi::ObjectBuilder};

/// The phone that will take the code.
#[derive(Serialize, ToSchema)]
struct CodeFor {
    /// Its number, digits with the country code. The phone of a sandbox session takes its own number alone.
    #[schema(example = "6281234567890")]
    number: String,
}

const ID: &str = "The session";
pub const EXAMPLE: &str = "ses_0193456789ab7cdef0123456789abcde";

fn post(path: &'static str, summary: &'static str) -> Op {
    Op::post(path, summary).named("id", ID, EXAMPLE)
}

pub fn room() -> Room {
    Room {
        name: "Sessions",
        about: "WhatsApp numbers: their state, and linking a phone.",
        ops: vec![
            Op::get("/api/v1/sessions", "Every session").lists::<Session>("All of them, oldest first"),
            Op::post("/api/v1/sessions", "Add a sandbox session")
                .about("A made-up phone that can be held in the browser; nothing leaves this server.")
                .takes::<CreateSession>(SMALL, json!({"name": "Outlet Dago"}))
                .makes::<Session>("The new session, which waits for its phone"),
            Op::get("/api/v1/sessions/{id}", "One session")
                .named("id", ID, EXAMPLE)
                .gives::<Session>("Where it stands, and why"),
            Op::delete("/api/v1/sessions/{id}", "Delete a session")
                .about(
                    "What waits for it is planned again for the sessions that are left; its history stays.",
                )
                .named("id", ID, EXAMPLE)
                .fails(409, "LINE_UNREACHABLE", UNREACHABLE),
            post("/api/v1/sessions/{id}/start", "Start").gives::<Session>("The session, on its way"),
            post("/api/v1/sessions/{id}/stop", "Stop")
                .about("Its messages wait until it is started again.")
                .gives::<Session>("The session, on its way to a stop"),
            post("/api/v1/sessions/{id}/restart", "Stop and start")
                .gives::<Session>("The session, on its way"),
            post("/api/v1/sessions/{id}/log-out", "End the link with the phone")
                .gives::<Session>("The session, which must be linked again")
                .fails(409, "LINE_UNREACHABLE", UNREACHABLE),
            Op::get("/api/v1/sessions/{id}/transitions", "Its last changes of state")
                .named("id", ID, EXAMPLE)
                .lists::<Transition>("Newest first"),
            Op::get("/api/v1/sessions/{id}/pairing", "How to link a phone now")
                .named("id", ID, EXAMPLE)
                .gives::<Pairing>("The QR code or the pairing code, while it waits for a phone"),
            post("/api/v1/sessions/{id}/pairing/refresh", "A fresh QR code")
                .gives::<Pairing>("What to scan now")
                .fails(409, "ALREADY_LINKED", "A phone is linked; log out first")
                .fails(
                    409,
                    "NOT_LINKING",
                    "The session does not wait for a phone; start it",
                )
                .fails(409, "LINE_UNREACHABLE", UNREACHABLE),
            post(
                "/api/v1/sessions/{id}/pairing/code",
                "A code to type on the phone",
            )
            .takes::<CodeFor>(SMALL, json!({"number": "6281234567890"}))
            .gives::<Pairing>("The code, which holds until expires_at")
            .fails(409, "ALREADY_LINKED", "A phone is linked; log out first")
            .fails(
                409,
                "NOT_LINKING",
                "The session does not wait for a phone; start it",
            )
            .fails(409, "LINE_UNREACHABLE", UNREACHABLE),
            Op::get("/api/v1/sessions/{id}/limits", "Its own limits")
                .named("id", ID, EXAMPLE)
                .gives_object("Every limit, null where it has none of its own", own_limits()),
            Op::patch("/api/v1/sessions/{id}/limits", "Change its own limits")
                .about("A limit that is left out stays; null takes the organization's again.")
                .named("id", ID, EXAMPLE)
                .takes_object(
                    SMALL,
                    limits::written(ObjectBuilder::new(), per_session()),
                    json!({"hourly_limit": 60}),
                )
                .gives_object("All of them, as they are now", own_limits()),
        ],
    }
}

fn per_session() -> impl Iterator<Item = Limit> {
    Limit::ALL.iter().copied().filter(|limit| limit.per_session())
}

fn own_limits() -> ObjectBuilder {
    let object = ObjectBuilder::new()
        .property("session", SessionId::schema())
        .required("session");
    limits::read(object, per_session(), "inherited")
}

pub const UNREACHABLE: &str = "The phone could not be reached; try again";
