//! Guarded HTTP towards addresses that customers name.
//!
//! Owns the decision whether an address may be reached, and the only client that reaches one: no
//! private network unless the operator allowed it, no blind redirects, a size and a time that
//! cannot be exceeded, no cookies, no proxy from the environment. Knows no room and no database;
//! what is fetched is handed over as bytes, and the caller decides by content what it is.
//!
//! The check of the address and the connection to it are one step: the client's own resolver
//! answers checked addresses only, so a name that changes between check and use (DNS rebinding)
//! gains nothing. Literal addresses never meet the resolver and are checked with the URL, at
//! each hop.

mod address;
mod error;
mod fetch;
mod filename;
mod resolve;
mod target;

pub use error::FetchError;
pub use fetch::{Config, Fetched, Limits, Outbound};
pub use target::{UrlError, check_url};
