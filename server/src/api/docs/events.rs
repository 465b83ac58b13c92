//! `/api/v1/events`.

use super::op::{Op, Room};
use types::events::Event;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Type, schema::SchemaType};

pub fn room() -> Room {
    let mut op = Op::get("/api/v1/events", "What happened")
        .about(
            "The event log, oldest first, from a place on. A key hears of what it may see; next moves on also past \
             events that it may not, and is null when there is nothing newer.",
        )
        .query_of::<i64>("after", "seq of the last event you know; 0, or leaving it out, begins at the oldest")
        .limited();
    let event = op.refer::<Event>();
    let next = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some("Give this back as after"));
    let page = ObjectBuilder::new()
        .property("data", ArrayBuilder::new().items(event))
        .required("data")
        .property("next", next)
        .required("next");
    Room {
        name: "Events",
        about: "Everything that happens, in one order.",
        ops: vec![op.gives_object("Events after that place", page)],
    }
}
