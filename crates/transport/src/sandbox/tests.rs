//! The line against a phone that remembers in memory, with a clock that tests move.

use super::*;
use crate::{BoxError, Lookup, Outgoing, SendOutcome};
use async_trait::async_trait;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use tokio::sync::watch;
use types::{
    FaultId, Recipient, Timestamp,
    sandbox::{Fault, FaultKind},
};

#[derive(Default)]
struct Memory {
    account: Mutex<Option<Account>>,
    faults: Mutex<Vec<Fault>>,
    arrived: Mutex<Vec<Arrival>>,
    fails: Mutex<Option<StoreError>>,
}

#[async_trait]
impl PhoneStore for Memory {
    async fn read_by_us(&self, _number: &str) -> Result<(), StoreError> {
        Ok(())
    }

    fn looks_different(&self, _number: &str) {}

    async fn account(&self) -> Result<Account, StoreError> {
        let account = self.account.lock().unwrap().clone();
        Ok(account.unwrap_or(Account {
            number: "6289900000001".into(),
            digest: None,
            restricted_until: None,
        }))
    }
    async fn faults(&self) -> Result<Vec<Fault>, StoreError> {
        Ok(self.faults.lock().unwrap().clone())
    }
    async fn arrive(&self, arrivals: Vec<Arrival>, _: Vec<Spent>) -> Result<(), StoreError> {
        if let Some(error) = self.fails.lock().unwrap().take() {
            return Err(error);
        }
        self.arrived.lock().unwrap().extend(arrivals);
        Ok(())
    }
    async fn lookup(&self, ids: Vec<String>) -> Result<Vec<Option<Timestamp>>, StoreError> {
        let arrived = self.arrived.lock().unwrap();
        let first = |id: &String| arrived.iter().find(|a| a.message.message_id == *id).map(|a| a.at);
        Ok(ids.iter().map(first).collect())
    }
    async fn link(&self, digest: Digest) -> Result<(), StoreError> {
        let account = Account {
            digest: Some(digest),
            ..self.account().await?
        };
        *self.account.lock().unwrap() = Some(account);
        Ok(())
    }
    async fn unlink(&self) -> Result<(), StoreError> {
        let account = Account {
            digest: None,
            ..self.account().await?
        };
        *self.account.lock().unwrap() = Some(account);
        Ok(())
    }
    async fn restrict(&self, until: Timestamp) -> Result<(), StoreError> {
        let account = Account {
            restricted_until: Some(until),
            ..self.account().await?
        };
        *self.account.lock().unwrap() = Some(account);
        Ok(())
    }
}

struct Lab {
    now: AtomicI64,
    moved: watch::Sender<()>,
    chance: AtomicU8,
}

impl Lab {
    fn advance(&self, millis: i64) {
        self.now.fetch_add(millis, Ordering::SeqCst);
        self.moved.send_replace(());
    }
}

#[async_trait]
impl Surroundings for Lab {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }
    async fn sleep_until(&self, at: Timestamp) {
        let mut moved = self.moved.subscribe();
        while self.now() < at {
            moved.changed().await.unwrap();
        }
    }
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.chance.fetch_add(1, Ordering::SeqCst));
    }
}

fn line() -> (SandboxLine, Arc<Memory>, Arc<Lab>) {
    let memory = Arc::new(Memory::default());
    let lab = Arc::new(Lab {
        now: AtomicI64::new(0),
        moved: watch::Sender::new(()),
        chance: AtomicU8::new(0),
    });
    (SandboxLine::new(memory.clone(), lab.clone()), memory, lab)
}

async fn linked() -> (SandboxLine, Arc<Memory>, Arc<Lab>, Vec<u8>) {
    let (line, memory, lab) = line();
    line.connect(None).await.unwrap();
    assert_eq!(line.next().await, LineChange::Linking);
    line.scan(None).await.unwrap();
    let LineChange::Linked(link) = line.next().await else {
        panic!("not linked")
    };
    (line, memory, lab, link.credentials)
}

fn message(id: &str) -> Outgoing {
    Outgoing {
        message_id: id.into(),
        to: Recipient::Number("6281200000001".into()),
        text: Some("halo".into()),
        media: None,
    }
}

fn fault(kind: FaultKind, left: i64, delay_ms: Option<i64>) -> Fault {
    Fault {
        id: FaultId::from_key("00000000000000000000000000000001").unwrap(),
        kind,
        left,
        delay_ms,
    }
}

#[tokio::test]
async fn a_scanned_line_connects_again_with_its_credentials_alone() {
    let (line, memory, _, credentials) = linked().await;
    assert_eq!(line.send(vec![message("A")]).await, [SendOutcome::Sent]);
    assert_eq!(memory.arrived.lock().unwrap().len(), 1);
    assert_eq!(line.disconnect().await, None);
    assert!(matches!(
        line.send(vec![message("B")]).await[..],
        [SendOutcome::Held { .. }]
    ));
    line.connect(Some(&credentials)).await.unwrap();
    assert_eq!(line.next().await, LineChange::Connected);
    line.connect(Some(b"other")).await.unwrap();
    assert!(matches!(line.next().await, LineChange::LoggedOut { .. }));
}

#[tokio::test]
async fn codes_rotate_by_the_clock_and_end_after_160_seconds() {
    let (line, _, lab) = line();
    line.connect(None).await.unwrap();
    assert_eq!(line.next().await, LineChange::Linking);
    let first = line.shown().unwrap().qr.unwrap().text;
    for step in [60_000, 20_000, 20_000, 20_000, 20_000] {
        lab.advance(step);
        assert_eq!(line.next().await, LineChange::Shown);
    }
    assert!(matches!(line.scan(Some(&first)).await, Err(PairError::QrExpired)));
    lab.advance(20_000);
    assert_eq!(line.next().await, LineChange::QrExpired);
    assert!(matches!(line.scan(None).await, Err(PairError::QrExpired)));
    line.refresh_qr().unwrap();
    assert_eq!(line.next().await, LineChange::Linking);
    line.scan(None).await.unwrap();
    assert!(matches!(line.next().await, LineChange::Linked(_)));
    assert!(matches!(line.scan(None).await, Err(PairError::NotLinking)));
}

#[tokio::test]
async fn a_pairing_code_links_the_phone_it_was_asked_for() {
    let (line, _, lab) = line();
    line.connect(None).await.unwrap();
    assert!(matches!(
        line.request_code("4930111111").await,
        Err(PairError::OtherNumber { .. })
    ));
    line.request_code("6289900000001").await.unwrap();
    let old = line.shown().unwrap().code.unwrap().code;
    lab.advance(160_000);
    assert!(matches!(line.enter_code(&old).await, Err(PairError::CodeExpired)));
    line.request_code("6289900000001").await.unwrap();
    let code = line.shown().unwrap().code.unwrap().code;
    assert!(matches!(
        line.enter_code("ZZZZ-ZZZZ").await,
        Err(PairError::CodeWrong)
    ));
    line.enter_code(&code.to_lowercase()).await.unwrap();
    assert!(line.is_online());
}

#[tokio::test]
async fn a_link_that_nobody_heard_of_is_handed_back() {
    let (line, _, _) = line();
    line.connect(None).await.unwrap();
    line.scan(None).await.unwrap();
    let link = line.disconnect().await.expect("the unheard link");
    line.connect(Some(&link.credentials)).await.unwrap();
    assert_eq!(line.next().await, LineChange::Connected);
}

#[tokio::test]
async fn a_lost_answer_is_found_by_lookup() {
    let (line, _, _, _) = linked().await;
    line.arm(fault(FaultKind::Ambiguous, 1, None)).await;
    assert!(matches!(
        line.send(vec![message("A")]).await[..],
        [SendOutcome::Ambiguous { .. }]
    ));
    let found = line.lookup(vec!["A".into(), "B".into()]).await;
    assert_eq!(found, [Lookup::Arrived { at: Timestamp(0) }, Lookup::NotArrived]);
}

#[tokio::test]
async fn a_dropped_message_is_answered_and_nowhere() {
    let (line, memory, _, _) = linked().await;
    line.arm(fault(FaultKind::Drop, 1, None)).await;
    assert_eq!(
        line.send(vec![message("A"), message("B")]).await,
        [SendOutcome::Sent, SendOutcome::Sent]
    );
    assert_eq!(memory.arrived.lock().unwrap().len(), 1);
    assert_eq!(line.lookup(vec!["A".into()]).await, [Lookup::NotArrived]);
}

#[tokio::test]
async fn a_restricted_line_holds_and_recovers_by_itself() {
    let (line, _, lab, _) = linked().await;
    line.restrict(Timestamp(60_000)).await.unwrap();
    assert!(matches!(
        line.next().await,
        LineChange::Restricted {
            until: Timestamp(60_000),
            ..
        }
    ));
    assert!(matches!(
        line.send(vec![message("A")]).await[..],
        [SendOutcome::Held { .. }]
    ));
    lab.advance(60_000);
    assert_eq!(line.next().await, LineChange::Connected);
    assert_eq!(line.send(vec![message("A")]).await, [SendOutcome::Sent]);
}

#[tokio::test]
async fn a_new_link_does_not_end_a_restriction() {
    let (line, _, _, _) = linked().await;
    line.restrict(Timestamp(60_000)).await.unwrap();
    line.log_out().await.unwrap();
    line.connect(None).await.unwrap();
    line.scan(None).await.unwrap();
    assert_eq!(line.next().await, LineChange::Linking);
    assert!(matches!(line.next().await, LineChange::Linked(_)));
    assert!(matches!(line.next().await, LineChange::Restricted { .. }));
}

#[tokio::test]
async fn a_phone_that_logs_out_ends_the_line_at_once() {
    let (line, _, _, credentials) = linked().await;
    line.phone_logs_out().await.unwrap();
    assert!(matches!(line.next().await, LineChange::LoggedOut { .. }));
    assert!(matches!(
        line.send(vec![message("A")]).await[..],
        [SendOutcome::Held { .. }]
    ));
    line.connect(Some(&credentials)).await.unwrap();
    assert!(matches!(line.next().await, LineChange::LoggedOut { .. }));
}

#[tokio::test]
async fn an_answer_comes_late_when_it_should() {
    let (line, memory, lab, _) = linked().await;
    line.arm(fault(FaultKind::Delay, 1, Some(5_000))).await;
    let sending = tokio::spawn({
        let line = line.clone();
        async move { line.send(vec![message("A")]).await }
    });
    while memory.arrived.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!sending.is_finished());
    lab.advance(5_000);
    assert_eq!(sending.await.unwrap(), [SendOutcome::Sent]);
}

#[tokio::test]
async fn a_phone_that_fails_is_told_apart_from_one_that_may_have_it() {
    let (line, memory, _, _) = linked().await;
    let broken = || -> BoxError { "broken".into() };
    *memory.fails.lock().unwrap() = Some(StoreError::Unreachable(broken()));
    assert!(matches!(
        line.send(vec![message("A")]).await[..],
        [SendOutcome::Held { .. }]
    ));
    *memory.fails.lock().unwrap() = Some(StoreError::Unclear(broken()));
    assert!(matches!(
        line.send(vec![message("A")]).await[..],
        [SendOutcome::Ambiguous { .. }]
    ));
}
