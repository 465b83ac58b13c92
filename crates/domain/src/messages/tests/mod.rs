//! The queue on both engines, with a sandbox phone as the witness of what arrived.

mod accept;
mod drive;
mod edges;
mod faults;
mod foretold;
mod gates;
mod life;
mod moved;
mod others;
mod people;
mod settle;
mod shared_out;
mod told;
mod warn;

use crate::{dashboard::Asked, testing::TestDomain};
use types::{
    PageRequest, SessionId,
    dashboard::{Numbers, PeriodName},
    messages::{
        Accept, Accepted, AcceptedRow, Class, Draft, FieldNames, HistoryFilter, Idempotency, MessageState,
        QueueEntry, QueueFilter,
    },
    sandbox::PhoneMessage,
};

pub fn draft(to: &str, text: &str) -> Draft {
    Draft {
        to: to.into(),
        text: Some(text.into()),
        attachment: None,
        session: None,
        reference_id: None,
        names: FieldNames::seed_002(""),
    }
}

pub fn single(draft: Draft) -> Accept {
    Accept {
        once: false,
        drafts: vec![draft],
        class: Class::Single,
        idempotency: None,
    }
}

pub fn keyed(draft: Draft, key: &str, fingerprint: &str) -> Accept {
    Accept {
        once: false,
        idempotency: Some(Idempotency {
            key: key.into(),
            fingerprint: fingerprint.into(),
        }),
        ..single(draft)
    }
}

pub async fn send(t: &TestDomain, to: &str, text: &str) -> AcceptedRow {
    first(
        t.domain
            .messages
            .accept(&t.owner(), single(draft(to, text)))
            .await
            .expect("accepted"),
    )
}

pub fn first(accepted: Accepted) -> AcceptedRow {
    accepted
        .rows
        .into_iter()
        .next()
        .expect("a row")
        .expect("a queued row")
}

pub async fn entry(t: &TestDomain, queue_id: i32) -> QueueEntry {
    t.domain
        .messages
        .get(&t.owner(), &queue_id.to_string())
        .await
        .expect("an entry")
        .entry
}

pub async fn until_state(t: &TestDomain, queue_id: i32, state: MessageState) {
    t.until(&format!("entry {queue_id} is {}", state.name()), async |t| {
        entry(t, queue_id).await.state == state
    })
    .await;
}

/// Everything on the screen of that number's phone, oldest first.
pub async fn screen(t: &TestDomain, session: SessionId, number: &str) -> Vec<PhoneMessage> {
    let mut all = Vec::new();
    let mut cursor = None;
    loop {
        let page = t
            .domain
            .sandbox
            .messages(&t.owner(), session, number, PageRequest::of(1_000, cursor))
            .await
            .expect("the phone's screen");
        all.extend(page.data);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return all,
        }
    }
}

/// The kept numbers are what counting would say.
pub async fn numbers_add_up(t: &TestDomain) {
    let open = t
        .domain
        .messages
        .queue(&t.owner(), QueueFilter::default(), PageRequest::of(1_000, None))
        .await
        .unwrap();
    assert_eq!(
        open.total,
        Some(open.data.len() as i64),
        "the kept number of waiting messages"
    );
    let history = t
        .domain
        .messages
        .history(&t.owner(), HistoryFilter::default(), PageRequest::of(1_000, None))
        .await
        .unwrap();
    let sent = history
        .data
        .iter()
        .filter(|e| e.state != MessageState::Failed)
        .count() as i64;
    let numbers = today(t).await;
    assert_eq!((numbers.sent_ever, numbers.sent), (sent, sent));
    assert_eq!(numbers.failed, history.data.len() as i64 - sent);
}

/// The kept numbers of today.
pub async fn today(t: &TestDomain) -> Numbers {
    let asked = Asked::named(PeriodName::Today);
    t.domain.dashboard.get(&t.owner(), &asked).await.unwrap().numbers
}
