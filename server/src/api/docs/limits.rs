//! Limits as fields: every one by name, with its unit, range and default.

use types::pacing::{Limit, Unit};
use utoipa::openapi::{ObjectBuilder, Type, schema::SchemaType};

/// Adds those limits to an object that callers write.
pub fn written(object: ObjectBuilder, limits: impl Iterator<Item = Limit>) -> ObjectBuilder {
    limits.fold(object, |object, limit| {
        object.property(limit.name(), field(limit, &told(limit)))
    })
}

/// Adds those limits to an object that callers read; beside each what holds where it is null.
pub fn read(object: ObjectBuilder, limits: impl Iterator<Item = Limit>, beside: &str) -> ObjectBuilder {
    limits.fold(object, |object, limit| {
        let other = format!("{beside}_{}", limit.name());
        let above = format!("What holds where {} is null.", limit.name());
        object
            .property(limit.name(), field(limit, &told(limit)))
            .required(limit.name())
            .property(other.clone(), field(limit, &above))
            .required(other)
    })
}

fn field(limit: Limit, about: &str) -> ObjectBuilder {
    let field = ObjectBuilder::new().description(Some(about));
    match limit.unit() {
        Unit::Window => field.schema_type(SchemaType::from_iter([Type::String, Type::Integer, Type::Null])),
        Unit::Switch => field
            .schema_type(SchemaType::from_iter([Type::Integer, Type::Boolean, Type::Null]))
            .minimum(Some(0))
            .maximum(Some(1)),
        Unit::Milliseconds | Unit::Messages | Unit::Characters => field
            .schema_type(SchemaType::from_iter([Type::Integer, Type::Null]))
            .minimum(Some(0))
            .maximum(Some(limit.max())),
    }
}

fn told(limit: Limit) -> String {
    let about = about(limit);
    let range = match limit.unit() {
        Unit::Milliseconds => format!("Milliseconds, 0 to {}; 0 turns it off", limit.max()),
        Unit::Messages => format!("Messages, 0 to {}; 0 turns it off", limit.max()),
        Unit::Characters => format!("Characters, 0 to {}; 0 turns it off", limit.max()),
        Unit::Switch => "1 is on, 0 is off".to_owned(),
        Unit::Window => "Text such as 09:00-17:00 mon-fri; 0 is always".to_owned(),
    };
    let default = match limit.default() {
        Some(value) => format!("a fresh platform has {value}"),
        None => "a fresh platform has none".to_owned(),
    };
    format!("{about}. {range}; null inherits; {default}.")
}

/// What each one does, for callers. One that is added is missed here by the compiler.
fn about(limit: Limit) -> &'static str {
    match limit {
        Limit::DelayMin => "Least random delay before a message",
        Limit::DelayMax => "Greatest random delay before a message; not under the least",
        Limit::Hourly => "Messages of a session within the last 60 minutes",
        Limit::Daily => "Messages of a session within a day of the organization's time zone",
        Limit::OrganizationDaily => {
            "Messages of the whole organization within a day; the rest leaves the next day"
        }
        Limit::Window => "The hours in which messages are sent, on the organization's wall clock",
        Limit::RecipientGap => "Least time between two messages to the same recipient",
        Limit::PauseAfter => "After so many messages in a row a session pauses",
        Limit::Pause => "How long it pauses",
        Limit::WarmUp => "A new number begins with 60 messages a day, and may send 200 on its 30th",
        Limit::ColdDaily => "Messages a day to people who never wrote to us",
        Limit::Typing => "How long a person would type at each character",
        Limit::TypingMax => "The longest that typing is shown",
        Limit::ReadBeforeReply => "Marks the chat as read before a reply leaves",
        Limit::RepeatedAfter => {
            "The same text to so many within an hour slows a session down and raises an alert"
        }
        Limit::RepeatedPause => "The least time between two more of the same text",
    }
}
