//! Sessions on both engines.

mod access;
mod control;
mod lines;
mod linking;

use crate::{Clock, Error, Result, testing::TestDomain};
use db::Engine;
use types::{
    AppError, SessionId, Timestamp,
    sandbox::Pair,
    sessions::{CreateSession, Session, SessionState},
};

/// A moment in 2026.
const NOW: Timestamp = Timestamp(1_790_000_000_000);

async fn started(engine: Engine) -> TestDomain {
    TestDomain::new(engine).await.started().await
}

/// With a clock that the test moves.
async fn paused(engine: Engine) -> TestDomain {
    TestDomain::with_clock(engine, Clock::manual(NOW), true)
        .await
        .started()
        .await
}

async fn linking(t: &TestDomain) -> Session {
    let input = CreateSession {
        name: " Sales\u{0} ".into(),
    };
    t.domain.sessions.create_sandbox(&t.owner(), input).await.unwrap()
}

async fn state(t: &TestDomain, id: SessionId) -> SessionState {
    t.domain.sessions.get(&t.owner(), id).await.unwrap().state
}

async fn until_state(t: &TestDomain, id: SessionId, wanted: SessionState) {
    t.until(wanted.name(), async |t: &TestDomain| state(t, id).await == wanted)
        .await;
}

fn by_qr(text: &str) -> Pair {
    Pair {
        qr: Some(text.into()),
        code: None,
    }
}

fn by_code(code: &str) -> Pair {
    Pair {
        qr: None,
        code: Some(code.into()),
    }
}

fn refused<T>(result: Result<T>) -> AppError {
    match result {
        Err(Error::App(error)) => error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was allowed"),
    }
}
