//! Sandbox phones on both engines.

mod arrivals;
mod faults;
mod receipts;

use crate::{Clock, Error, Result, testing::TestDomain};
use db::Engine;
use transport::{Outgoing, SendOutcome, Transport};
use types::{
    AppError, Recipient, Timestamp,
    sandbox::{ArmFault, FaultKind, PhoneMessage, Tick},
};

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const CUSTOMER: &str = "6281200000001";

/// With a clock that the test moves.
async fn paused(engine: Engine) -> TestDomain {
    TestDomain::with_clock(engine, Clock::manual(NOW), true)
        .await
        .started()
        .await
}

fn line(t: &TestDomain) -> Transport {
    t.domain.sessions.line(t.session).expect("a connected session")
}

fn message(id: &str) -> Outgoing {
    Outgoing {
        message_id: id.into(),
        to: Recipient::Number(CUSTOMER.into()),
        text: Some(format!("halo {id}")),
        media: None,
    }
}

async fn send(t: &TestDomain, ids: &[&str]) -> Vec<SendOutcome> {
    line(t).send(ids.iter().map(|id| message(id)).collect()).await
}

async fn shown(t: &TestDomain) -> Vec<PhoneMessage> {
    t.domain
        .sandbox
        .latest_messages(&t.owner(), t.session, CUSTOMER, 1_000)
        .await
        .unwrap()
}

async fn until_ticks(t: &TestDomain, wanted: &[Tick]) {
    t.until(&format!("the ticks are {wanted:?}"), async |t: &TestDomain| {
        shown(t).await.iter().map(|m| m.tick).eq(wanted.iter().copied())
    })
    .await;
}

async fn arm(t: &TestDomain, kind: FaultKind, count: Option<i64>, delay_ms: Option<i64>) {
    let fault = ArmFault {
        kind,
        count,
        delay_ms,
    };
    t.domain.sandbox.arm(&t.owner(), t.session, fault).await.unwrap();
}

fn refused<T>(result: Result<T>) -> AppError {
    match result {
        Err(Error::App(error)) => error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was allowed"),
    }
}
