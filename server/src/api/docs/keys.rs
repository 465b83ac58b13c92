//! `/api/v1/keys`.

use super::op::{Op, Room};
use crate::api::{body::SMALL, v1::keys::Created};
use serde_json::json;
use types::keys::{ApiKey, CreateKey};

pub fn room() -> Room {
    Room {
        name: "API keys",
        about: "What programs come in with. A key is in one answer only, the one that made it.",
        ops: vec![
            Op::get("/api/v1/keys", "Every key").lists::<ApiKey>("All of them, newest first, without the keys themselves"),
            Op::post("/api/v1/keys", "Make a key")
                .about("It can do at most what the key can do that makes it.")
                .takes::<CreateKey>(
                    SMALL,
                    json!({"name": "pos-terminal", "scopes": ["messages:send", "queue:view"], "expires_in_days": 365}),
                )
                .makes::<Created>("The key, this once, in secret"),
            Op::delete("/api/v1/keys/{id}", "Revoke a key")
                .about("Programs that use it are refused from now on; it never works again.")
                .named("id", "The key's id, not the key", "key_0193456789ab7cdef0123456789abcde"),
        ],
    }
}
