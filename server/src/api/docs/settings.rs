//! `/api/v1/settings`.

use super::op::{Op, Room};
use crate::api::body::SMALL;
use serde_json::json;
use types::settings::{PatchSettings, Settings};

pub fn room() -> Room {
    Room {
        name: "Settings",
        about: "One object. A field that is null takes the platform's value.",
        ops: vec![
            Op::get("/api/v1/settings", "The settings").gives::<Settings>("All of them"),
            Op::patch("/api/v1/settings", "Change settings")
                .about(
                    "A field that is left out stays; null takes the platform's value again. A field that does not \
                     exist is refused.",
                )
                .takes::<PatchSettings>(SMALL, json!({"delay_min_ms": 5_000, "delay_max_ms": 20_000}))
                .gives::<Settings>("All of them, as they are now"),
        ],
    }
}
