//! How the vocabulary's own spellings stand in the description of the API.
//!
//! Only for the server (feature `openapi`): the browser part does not carry it.

use crate::{Permission, Recipient, Timestamp, events::EventType};
use serde_json::Value;
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

macro_rules! texts {
    ($($name:ty as $word:literal => $schema:expr;)*) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($word)
            }
        }
    )*};
}

fn text(about: &str, example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
        .examples([Value::from(example)])
}

fn one_of(about: &str, words: Vec<&'static str>) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(about))
        .enum_values(Some(words))
}

texts! {
    Timestamp as "Timestamp" => text(
        "A moment in UTC with milliseconds, as RFC 3339 writes it.",
        "2026-11-20T09:03:22.104Z",
    )
    .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
    Recipient as "Recipient" => text(
        "Whom a message is for: digits before @s.whatsapp.net, or a group's id before @g.us.",
        "6281234567890@s.whatsapp.net",
    );
    Permission as "Permission" => one_of(
        "One thing that a key may do.",
        Permission::ALL.iter().map(|permission| permission.name()).collect(),
    );
    EventType as "EventType" => one_of(
        "What happened.",
        EventType::ALL.iter().map(|kind| kind.name()).collect(),
    );
}

macro_rules! ids {
    ($($name:ident: $what:literal,)*) => {$(
        impl PartialSchema for crate::$name {
            fn schema() -> RefOr<Schema> {
                id(crate::$name::PREFIX, $what).into()
            }
        }

        impl ToSchema for crate::$name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )*};
}

ids! {
    OrganizationId: "an organization",
    ApiKeyId: "an API key",
    SessionId: "a session",
    MessageId: "a message",
    ChatId: "a chat",
    BatchId: "a batch",
    AlertId: "an alert",
    MediaId: "a stored attachment",
    EventId: "an event",
    FaultId: "an armed fault",
    RequestId: "a request",
}

fn id(prefix: &str, what: &str) -> ObjectBuilder {
    text(
        &format!(
            "The id of {what}: {prefix}_ and 32 hexadecimal digits. As input the plain UUID will do too."
        ),
        &format!("{prefix}_0193456789ab7cdef0123456789abcde"),
    )
}
