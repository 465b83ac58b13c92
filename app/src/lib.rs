//! The pages: what people see, and the thin server functions behind it.
//!
//! Compiled twice: with `ssr` into the server, which draws each page completely, and with
//! `hydrate` into the browser, which wakes it up. Owns no rule and no SQL: a server function
//! asks a room of `domain`, which checks the permission.

// Pages nest deeply in types; the compiler's default stops a little short of that.
#![recursion_limit = "256"]

pub mod browser;
#[cfg(feature = "ssr")]
pub mod door;
pub mod format;
pub mod frame;
pub mod i18n;
pub mod live;
pub mod routes;
pub mod shell;
pub mod ui;

pub mod alerts;
pub mod dashboard;
pub mod docs;
pub mod history;
pub mod keys;
pub mod people;
pub mod phone;
pub mod queue;
pub mod request_log;
pub mod send;
pub mod sessions;
pub mod settings;
pub mod viewer;

pub use shell::{App, shell};
