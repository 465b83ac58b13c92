//! `/api/v1/request-log`.

use super::op::{Op, Room};
use crate::api::body::SMALL;
use serde::Serialize;
use serde_json::json;
use types::{
    ApiKeyId, SessionId,
    request_log::{LoggedRequest, RequestDetail, RequestLogSettings, StatusClass},
};
use utoipa::ToSchema;

/// How long calls are kept.
#[derive(Serialize, ToSchema)]
struct KeepFor {
    /// Days, 0 (nothing is logged) to 90; null takes the platform's value.
    #[schema(required)]
    request_log_days: Option<i64>,
}

pub fn room() -> Room {
    Room {
        name: "Request log",
        about: "The calls of this API as they came and as they were answered, without their secrets.",
        ops: vec![
            Op::get("/api/v1/request-log", "Every call")
                .query_of::<StatusClass>("status", "Only those that ended like this")
                .query("method", "Only those with this method")
                .query("path", "The beginning of path and query")
                .query_of::<ApiKeyId>("key", "Only those with this key")
                .query_of::<SessionId>("session", "Only those about this session")
                .query_of::<i32>("queue_id", "The call that queued this entry")
                .query(
                    "from",
                    "A day (YYYY-MM-DD) of the organization or a moment (RFC 3339), included",
                )
                .query("to", "A day, included, or a moment, not included")
                .pages::<LoggedRequest>("A page of calls, newest first"),
            Op::get("/api/v1/request-log/{id}", "One call")
                .named(
                    "id",
                    "What its answer carried as X-Request-Id",
                    "req_0193456789ab7cdef0123456789abcde",
                )
                .gives::<RequestDetail>("Headers and bodies, shortened, without secrets"),
            Op::get("/api/v1/request-log/settings", "How long calls are kept")
                .gives::<RequestLogSettings>("The days, and how many calls are in the log"),
            Op::patch("/api/v1/request-log/settings", "Change how long calls are kept")
                .takes::<KeepFor>(SMALL, json!({"request_log_days": 30}))
                .gives::<RequestLogSettings>("As it is now"),
        ],
    }
}
