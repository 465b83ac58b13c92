//! The shared vocabulary of Switchboard, compiled for the server and the browser.
//!
//! Owns ids, nouns, inputs, filters, [`Page`], [`Permission`] and [`AppError`].
//! Never does I/O, never reads a clock, and holds no `usize`: the server has 64 bits,
//! the browser 32.

pub mod access;
pub mod alerts;
pub mod batches;
pub mod chats;
pub mod dashboard;
pub mod error;
pub mod events;
pub mod ids;
pub mod keys;
pub mod media;
pub mod messages;
#[cfg(feature = "openapi")]
mod openapi;
pub mod pacing;
pub mod page;
pub mod people;
pub mod recipient;
pub mod request_log;
pub mod sandbox;
#[cfg(feature = "server-fn")]
mod server_fn;
pub mod sessions;
pub mod settings;
pub mod time;

pub use access::{Permission, Permissions, Role};
pub use error::{AppError, FieldError};
pub use ids::*;
pub use page::{Page, PageRequest};
pub use recipient::Recipient;
pub use time::{Timestamp, Zone};
