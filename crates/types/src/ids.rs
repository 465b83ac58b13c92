//! Identifiers: UUIDs of version 7 (time-ordered), each noun with its own type and prefix.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text was neither `prefix_uuid` nor a plain UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdParseError;

impl fmt::Display for IdParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id")
    }
}

impl std::error::Error for IdParseError {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What the text form begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The UUID alone, as seed APIs and the database spell it.
            pub fn plain(self) -> String {
                self.0.hyphenated().to_string()
            }

            /// How the database spells it: 32 hexadecimal digits.
            pub fn key(self) -> String {
                self.0.simple().to_string()
            }

            /// Reads what [`Self::key`] wrote.
            pub fn from_key(text: &str) -> Result<Self, IdParseError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdParseError)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdParseError;

            /// Takes `prefix_<uuid>` and the plain UUID, with or without hyphens.
            fn from_str(text: &str) -> Result<Self, IdParseError> {
                let bare = text.strip_prefix(concat!($prefix, "_")).unwrap_or(text);
                Uuid::try_parse(bare).map(Self).map_err(|_| IdParseError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person who can log in.
    UserId = "usr";
    /// A person's browser session; never called "session" here.
    LoginId = "log";
    /// A company or team: the border that no data crosses.
    OrganizationId = "org";
    /// A key of the REST API.
    ApiKeyId = "key";
    /// A WhatsApp number that is linked here.
    SessionId = "ses";
    /// A message, incoming or on its way out (then also called queue entry).
    MessageId = "msg";
    /// A conversation of one session with one person or group.
    ChatId = "cht";
    /// The messages of one "send many".
    BatchId = "bat";
    /// A stored attachment.
    MediaId = "med";
    /// An entry of the event log.
    EventId = "evt";
    /// Something a person should know of.
    AlertId = "alr";
    /// A fault that is waiting to happen on a sandbox phone.
    FaultId = "flt";
    /// One request, so that a reported error can be found in the log.
    RequestId = "req";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_both_spellings() {
        let uuid = Uuid::from_u128(0x0192_f000_0000_7000_8000_0000_0000_0001);
        let id = MessageId(uuid);
        assert_eq!(id.to_string(), "msg_0192f000000070008000000000000001");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.plain().parse(), Ok(id));
        assert_eq!(
            "key_0192f000000070008000000000000001".parse::<MessageId>(),
            Err(IdParseError)
        );
    }

    #[test]
    fn an_id_travels_as_text() {
        let id = SessionId(Uuid::from_u128(7));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"ses_00000000000000000000000000000007\"");
        assert_eq!(serde_json::from_str::<SessionId>(&json).unwrap(), id);
    }
}
