//! How an [`AppError`] crosses from a server function to the page that called it.

use crate::{AppError, FieldError};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// What the framework itself can meet, in words that a person can act on.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        match error {
            E::Request(_) => Self::Unreachable,
            E::MissingArg(name) => Self::field(name, "This is missing"),
            E::Args(_) | E::Serialization(_) => Self::Invalid {
                fields: vec![FieldError {
                    field: String::new(),
                    code: "UNREADABLE_FORM".into(),
                    message: "The form could not be read. Reload the page and try again.".into(),
                }],
            },
            E::Registration(_)
            | E::UnsupportedRequestMethod(_)
            | E::ServerError(_)
            | E::MiddlewareError(_)
            | E::Deserialization(_)
            | E::Response(_) => Self::Internal { request_id: None },
        }
    }
}
