//! The dashboard on both engines.

mod engagement;
mod numbers;
mod period;
mod recent;

use super::{Asked, store::Of};
use crate::{Clock, Ctx, Error, testing::TestDomain};
use db::Engine;
use transport::IncomingMessage;
use types::{
    AppError, OrganizationId, SessionId, Timestamp,
    dashboard::{Dashboard, PeriodName},
};

fn at(text: &str) -> Timestamp {
    let moment: jiff::Timestamp = text.parse().expect("a moment");
    Timestamp(moment.as_millisecond())
}

/// Nothing runs in it and its clock stands at that moment.
async fn still(engine: Engine, now: &str) -> TestDomain {
    TestDomain::with_clock(engine, Clock::manual(at(now)), true).await
}

fn days(from: &str, until: &str) -> Asked {
    Asked {
        period: None,
        from: Some(from.into()),
        until: Some(until.into()),
    }
}

fn of(t: &TestDomain) -> Of {
    Of {
        organization: t.made.organization,
        session: None,
    }
}

async fn read(t: &TestDomain, ctx: &Ctx, asked: &Asked) -> Dashboard {
    t.domain.dashboard.get(ctx, asked).await.expect("a dashboard")
}

/// Numbers as sending would have kept them: sent, delivered, read, failed, received.
async fn keep(t: &TestDomain, of: OrganizationId, session: &str, day: &str, counts: [i64; 5]) {
    let mut tx = t.domain.shared.begin().await.expect("a transaction");
    let mut query = sqlx::query(
        "INSERT INTO day_counters (organization_id, session_id, day, sent, delivered, read, failed, received) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(of.key())
    .bind(session)
    .bind(day);
    for count in counts {
        query = query.bind(count);
    }
    query.execute(tx.conn()).await.expect("a row");
    tx.commit().await.expect("a commit");
}

/// A chat as sending and receiving would have left it.
async fn chat(
    t: &TestDomain,
    of: OrganizationId,
    session: SessionId,
    number: u32,
    left: Option<&str>,
    came: Option<&str>,
) {
    let (left, came) = (left.map(at), came.map(at));
    let mut tx = t.domain.shared.begin().await.expect("a transaction");
    let jid = format!("62812000{number:05}@s.whatsapp.net");
    sqlx::query(
        "INSERT INTO chats (id, organization_id, session_id, jid, last_text, last_from_me, last_at, left_at, in_at) \
         VALUES ($1, $2, $3, $4, 'Hello', 1, $5, $6, $7)",
    )
    .bind(crate::chats::id_of(session, &jid).key())
    .bind(of.key())
    .bind(session.key())
    .bind(jid)
    .bind(left.max(came).unwrap_or_default().0)
    .bind(left.map(|at| at.0))
    .bind(came.map(|at| at.0))
    .execute(tx.conn())
    .await
    .expect("a row");
    tx.commit().await.expect("a commit");
}

async fn move_to(t: &TestDomain, zone: &str) {
    let patch = serde_json::from_value(serde_json::json!({ "time_zone": zone })).expect("a patch");
    t.domain.settings.patch(&t.owner(), patch).await.expect("a zone");
}

fn written(id: &str, at: Timestamp, from_me: bool) -> IncomingMessage {
    IncomingMessage {
        message_id: id.into(),
        from: "6281200000001".parse().expect("a number"),
        name: None,
        text: Some("Hi".into()),
        media_kind: None,
        at,
        from_me,
    }
}

fn fields(refused: Result<impl Sized, Error>) -> Vec<String> {
    match refused {
        Err(Error::App(AppError::Invalid { fields })) => fields.into_iter().map(|bad| bad.field).collect(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => Vec::new(),
    }
}

fn named(name: PeriodName) -> Asked {
    Asked::named(name)
}
