//! Alerts on both engines.

mod failures;
mod life;
mod plans;
mod queues;
mod room;
mod watch;

use super::{Named, NewAlert};
use crate::{Clock, Ctx, Error, NewEvent, Result, testing::TestDomain};
use db::{AssertSqlSafe, Engine};
use sqlx::Row;
use types::{
    AlertId, AppError, MessageId, PageRequest, SessionId, Timestamp,
    alerts::{Alert, AlertFilter, AlertKind, AlertStatus},
    events::EventType,
    sessions::{CreateSession, SessionState},
};

/// A moment in 2026.
const NOW: Timestamp = Timestamp(1_790_000_000_000);

/// Nothing runs in it; the test moves the clock and takes the watcher's steps.
async fn still(engine: Engine) -> TestDomain {
    TestDomain::with_clock(engine, Clock::manual(NOW), true).await
}

fn named(t: &TestDomain) -> Named<'static> {
    Named {
        organization: t.made.organization,
        session: t.session,
        name: "Sandbox",
    }
}

async fn raise(t: &TestDomain, new: NewAlert) -> AlertId {
    let mut tx = t.domain.shared.begin().await.unwrap();
    let id = t.domain.alerts.raise_in(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn list(t: &TestDomain, ctx: &Ctx, filter: AlertFilter) -> Vec<Alert> {
    t.domain
        .alerts
        .list(ctx, filter, PageRequest::of(1_000, None))
        .await
        .unwrap()
        .data
}

/// What stands of a kind, newest first.
async fn standing(t: &TestDomain, kind: AlertKind) -> Vec<Alert> {
    let filter = AlertFilter {
        kind: Some(kind),
        ..AlertFilter::default()
    };
    let mut all = list(t, &t.owner(), filter).await;
    all.retain(|alert| alert.status != AlertStatus::Resolved);
    all
}

fn refused<T>(result: Result<T>) -> AppError {
    match result {
        Err(Error::App(error)) => error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was allowed"),
    }
}

async fn run(t: &TestDomain, sql: &str) {
    let mut tx = t.domain.shared.begin().await.unwrap();
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .persistent(false)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// The kept numbers are what counting would say.
async fn numbers_add_up(t: &TestDomain) {
    let wrong = sqlx::query(
        "SELECT CAST(COUNT(*) AS BIGINT) AS wrong FROM alert_counters c WHERE c.open <> \
         (SELECT COUNT(*) FROM alerts a WHERE a.organization_id = c.organization_id AND a.severity = c.severity \
         AND a.status = 'open') OR c.acknowledged <> \
         (SELECT COUNT(*) FROM alerts a WHERE a.organization_id = c.organization_id AND a.severity = c.severity \
         AND a.status = 'acknowledged')",
    )
    .fetch_one(t.domain.shared.read())
    .await
    .unwrap();
    assert_eq!(wrong.try_get::<i64, _>("wrong").unwrap(), 0, "the kept numbers");
    let standing = list(t, &t.owner(), AlertFilter::default()).await;
    let open = standing
        .iter()
        .filter(|alert| alert.status == AlertStatus::Open)
        .count() as i64;
    assert_eq!(t.domain.alerts.counts(&t.owner()).await.unwrap().open(), open);
}

/// A change of state as the sessions write it down.
async fn becomes(t: &TestDomain, session: SessionId, state: SessionState, reason: Option<&str>) {
    let now = t.domain.shared.now().0;
    let name = state.name();
    run(
        t,
        &format!(
            "UPDATE sessions SET state = '{name}', state_since = {now} WHERE id = '{}'",
            session.key()
        ),
    )
    .await;
    let mut tx = t.domain.shared.begin().await.unwrap();
    tx.record(NewEvent {
        organization: t.made.organization,
        session: Some(session),
        kind: EventType::SessionStatus,
        data: serde_json::json!({"session": session, "name": "Sandbox", "state": state, "reason": reason})
            .to_string(),
    });
    tx.commit().await.unwrap();
}

/// Messages that were sent (`s`) or failed (`f`), as the queue writes them down.
async fn left(t: &TestDomain, session: SessionId, outcomes: &str) {
    for outcome in outcomes.chars() {
        t.domain.shared.clock.advance(1_000);
        let now = t.domain.shared.now().0;
        let id = MessageId(t.domain.shared.ids.uuid());
        let failed = outcome == 'f';
        let state = if failed { "failed" } else { "sent" };
        run(
            t,
            &format!(
                "INSERT INTO messages (id, organization_id, session_id, from_me, recipient, class, state, created_at, settled_at) \
                 VALUES ('{}', '{}', '{}', 1, '6281200000001@s.whatsapp.net', 'single', '{state}', {now}, {now})",
                id.key(),
                t.made.organization.key(),
                session.key()
            ),
        )
        .await;
        if !failed {
            run(
                t,
                &format!(
                    "UPDATE sessions SET last_left_at = {now} WHERE id = '{}'",
                    session.key()
                ),
            )
            .await;
        }
        let mut tx = t.domain.shared.begin().await.unwrap();
        tx.record(NewEvent {
            organization: t.made.organization,
            session: Some(session),
            kind: if failed {
                EventType::MessageFailed
            } else {
                EventType::MessageSent
            },
            data: serde_json::json!({"id": id, "state": state, "error": "No such number."}).to_string(),
        });
        tx.commit().await.unwrap();
    }
}

/// Follows the log to its end; answers how many steps it took.
async fn catch_up(t: &TestDomain) -> u32 {
    let mut steps = 1;
    while t.domain.alerts.follow().await.unwrap() {
        steps += 1;
    }
    steps
}

async fn second_session(t: &TestDomain) -> SessionId {
    let input = CreateSession {
        name: "Second".into(),
    };
    t.domain
        .sessions
        .create_sandbox(&t.owner(), input)
        .await
        .unwrap()
        .id
}
