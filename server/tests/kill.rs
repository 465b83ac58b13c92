//! Killed again and again, the server loses nothing and sends nothing twice.
//!
//! `cargo xtask bench kill` plays many more rounds against the release build.

use bench::{
    Engine,
    kill::{Plan, round},
};
use std::path::Path;

async fn play(engine: Engine, seed: u64) {
    let binary = Path::new(env!("CARGO_BIN_EXE_switchboard"));
    let below = tempfile::tempdir().unwrap();
    let outcome = round(binary, engine, below.path(), &Plan::of(seed))
        .await
        .unwrap_or_else(|error| panic!("{error:#}"));
    assert!(outcome.accepted > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_sqlite() {
    play(Engine::Sqlite, 1).await;
    play(Engine::Sqlite, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_on_postgres() {
    play(Engine::Postgres, 1).await;
    play(Engine::Postgres, 2).await;
}
