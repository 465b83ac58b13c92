//! `/api/v1/alerts`.

use super::op::{Op, Room};
use crate::api::body::SMALL;
use serde::Serialize;
use serde_json::json;
use types::{
    SessionId,
    alerts::{Alert, AlertFilter, AlertKind, AlertStatus, Severity},
};
use utoipa::ToSchema;

/// How many are over now.
#[derive(Serialize, ToSchema)]
struct Resolved {
    resolved: i64,
}

const OVER: &str = "The alert is over already";

fn of(op: Op) -> Op {
    op.named("id", "The alert", "alr_0193456789ab7cdef0123456789abcde")
}

pub fn room() -> Room {
    Room {
        name: "Alerts",
        about: "What a person should know of without having looked.",
        ops: vec![
            Op::get("/api/v1/alerts", "Every alert")
                .query_of::<AlertStatus>("status", "Only those of this status")
                .query_of::<Severity>("severity", "Only those of this severity")
                .query_of::<AlertKind>("type", "Only those of this type")
                .query_of::<SessionId>("session", "Only those about this session")
                .pages::<Alert>("A page of alerts, newest first"),
            of(Op::get("/api/v1/alerts/{id}", "One alert"))
                .gives::<Alert>("What happened, what it means, what to do"),
            of(Op::post(
                "/api/v1/alerts/{id}/acknowledge",
                "Say that somebody looks after it",
            ))
            .gives::<Alert>("The alert, with who looks after it")
            .fails(409, "ALREADY_RESOLVED", OVER),
            of(Op::post("/api/v1/alerts/{id}/resolve", "Say that it is over"))
                .about("When the same happens again it is a new alert.")
                .gives::<Alert>("The alert, resolved")
                .fails(409, "ALREADY_RESOLVED", OVER),
            Op::post("/api/v1/alerts/resolve", "Say that everything is over")
                .about("Or only what the body names.")
                .may_take::<AlertFilter>(SMALL, json!({"severity": "info"}))
                .gives::<Resolved>("How many are over now"),
        ],
    }
}
