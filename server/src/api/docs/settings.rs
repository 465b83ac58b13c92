//! `/api/v1/settings`.

use super::{
    limits,
    op::{Op, Room},
};
use crate::api::body::SMALL;
use serde_json::json;
use types::pacing::Limit;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Type, schema::SchemaType};

pub fn room() -> Room {
    Room {
        name: "Settings",
        about: "One object. A limit that is null takes the platform's value.",
        ops: vec![
            Op::get("/api/v1/settings", "The settings").gives_object("All of them", settings()),
            Op::patch("/api/v1/settings", "Change settings")
                .about(
                    "A field that is left out stays; null takes the platform's value again. A field that does not \
                     exist is refused.",
                )
                .takes_object(
                    SMALL,
                    limits::written(own(ObjectBuilder::new(), false), Limit::ALL.iter().copied()),
                    json!({"delay_min_ms": 5_000, "delay_max_ms": 20_000}),
                )
                .gives_object("All of them, as they are now", settings()),
        ],
    }
}

fn settings() -> ObjectBuilder {
    limits::read(
        own(ObjectBuilder::new(), true),
        Limit::ALL.iter().copied(),
        "platform",
    )
}

/// What is no limit.
fn own(mut object: ObjectBuilder, whole: bool) -> ObjectBuilder {
    let text = |about: &str| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(about))
    };
    let list = |about: &str| {
        ArrayBuilder::new()
            .items(ObjectBuilder::new().schema_type(Type::String))
            .description(Some(about))
    };
    object = object
        .property("name", text("1 to 80 characters."))
        .property(
            "time_zone",
            text("IANA name, for example Asia/Jakarta; its days are the organization's days."),
        )
        .property(
            "main_number",
            text("Digits with the country code, which main stands for in calls; null is none.")
                .schema_type(SchemaType::from_iter([Type::String, Type::Null])),
        )
        .property(
            "allow_list",
            list("* alone allows everyone; else numbers and group ids."),
        )
        .property("opt_outs", list("Numbers that want no messages."));
    if whole {
        for name in ["name", "time_zone", "main_number", "allow_list", "opt_outs"] {
            object = object.required(name);
        }
    }
    object
}
