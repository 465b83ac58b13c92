//! Measures the real server from outside: how fast it is, and that a kill loses and doubles
//! nothing.
//!
//! Everything here talks to a process over the wire and looks at its database only while that
//! process is dead or idle. Nothing of the product's own code is trusted, apart from `db`, whose
//! raw speed is one of the limits that the figures are held against.
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the real clock; nothing here is simulated"
)]

pub mod http;
pub mod kill;
pub mod load;
pub mod pages;
pub mod place;
pub mod process;
pub mod report;
pub mod send;
pub mod server;

/// The two engines by the names that the command line takes.
pub fn engine(name: &str) -> Result<db::Engine, String> {
    match name {
        "sqlite" => Ok(db::Engine::Sqlite),
        "postgres" => Ok(db::Engine::Postgres),
        _ => Err("engines are sqlite and postgres".into()),
    }
}

pub use db::Engine;
