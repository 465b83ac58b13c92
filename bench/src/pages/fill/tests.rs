#[path = "tests_lists.rs"]
mod lists;

use super::{First, Size, fill};
use crate::pages::check;
use db::{
    Engine,
    sqlx::{self, Row as _},
};
use domain::{
    Ctx,
    testing::{TestDomain, each_engine},
};
use std::collections::BTreeMap;
use types::{
    OrganizationId, PageRequest, RequestId,
    messages::{Accept, Class, Draft, FieldNames, MessageState, QueueFilter},
};

const SMALL: Size = Size {
    messages: 3_000,
    chats: 300,
    organizations: 20,
    seed: 7,
};

async fn filled(engine: Engine) -> (TestDomain, super::Filled) {
    let t = TestDomain::new(engine).await;
    let first = First {
        organization: t.made.organization.key(),
        session: t.session.key(),
    };
    let shared = &t.domain.shared;
    let filled = fill(&shared.db, &shared.secrets, &first, SMALL, shared.now().0)
        .await
        .unwrap();
    (t, filled)
}

async fn count(t: &TestDomain, sql: &'static str) -> i64 {
    let row = sqlx::query(sql).fetch_one(t.domain.shared.read()).await.unwrap();
    row.try_get(0).unwrap()
}

fn draft(to: &str) -> Accept {
    Accept {
        once: false,
        drafts: vec![Draft {
            to: to.into(),
            text: Some("Still there?".into()),
            attachment: None,
            session: None,
            reference_id: None,
            names: FieldNames::seed_002(""),
        }],
        class: Class::Single,
        idempotency: None,
    }
}

#[tokio::test]
async fn as_much_as_was_asked_for_and_every_number_true() {
    each_engine(|engine| async move {
        let (t, _) = filled(engine).await;
        check::kept_numbers(&t.domain.shared.db).await.unwrap();
        assert_eq!(count(&t, "SELECT COUNT(*) FROM messages").await, 3_000);
        assert_eq!(count(&t, "SELECT COUNT(*) FROM chats").await, 300);
        assert_eq!(count(&t, "SELECT COUNT(*) FROM organizations").await, 20);
        days_are_true(&t).await;
        // A number that is not true is seen.
        let mut tx = t.domain.shared.db.begin().await.unwrap();
        sqlx::query("UPDATE queue_counters SET waiting = waiting + 1 WHERE waiting > 100")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let error = check::kept_numbers(&t.domain.shared.db).await.unwrap_err();
        assert!(error.to_string().contains("what waits"), "{error}");
    })
    .await;
}

/// Each day of each session in the time zone of its organization.
async fn days_are_true(t: &TestDomain) {
    let rows = sqlx::query(
        "SELECT m.organization_id, COALESCE(m.session_id, '') AS session_id, o.time_zone, m.settled_at, m.state \
         FROM messages m JOIN organizations o ON o.id = m.organization_id \
         WHERE m.settled_at IS NOT NULL AND m.state <> 'cancelled'",
    )
    .fetch_all(t.domain.shared.read())
    .await
    .unwrap();
    let mut counted: BTreeMap<(String, String, String), (i64, i64)> = BTreeMap::new();
    for row in &rows {
        let zone: String = row.try_get("time_zone").unwrap();
        let day = domain::time::day_of(&zone, types::Timestamp(row.try_get("settled_at").unwrap()));
        let key = (
            row.try_get("organization_id").unwrap(),
            row.try_get("session_id").unwrap(),
            day,
        );
        let of = counted.entry(key).or_default();
        if row.try_get::<String, _>("state").unwrap() == "failed" {
            of.1 += 1;
        } else {
            of.0 += 1;
        }
    }
    let kept = sqlx::query("SELECT organization_id, session_id, day, sent, failed FROM day_counters")
        .fetch_all(t.domain.shared.read())
        .await
        .unwrap();
    // A day on which all was cancelled has a row of nothing.
    let kept: BTreeMap<(String, String, String), (i64, i64)> = kept
        .iter()
        .map(|row| {
            let text = |name: &str| row.try_get::<String, _>(name).unwrap();
            (
                (text("organization_id"), text("session_id"), text("day")),
                (row.try_get("sent").unwrap(), row.try_get("failed").unwrap()),
            )
        })
        .filter(|(_, counts)| *counts != (0, 0))
        .collect();
    assert_eq!(kept, counted);
}

#[tokio::test]
async fn the_same_seed_makes_the_same() {
    let (one, _) = filled(Engine::Sqlite).await;
    let (other, _) = filled(Engine::Sqlite).await;
    let shape =
        "SELECT CAST(SUM(LENGTH(body) * (queue_id % 97)) AS BIGINT) FROM messages WHERE queue_id IS NOT NULL";
    assert_eq!(count(&one, shape).await, count(&other, shape).await);
}

#[tokio::test]
async fn a_server_goes_on_in_it() {
    each_engine(|engine| async move {
        let (t, filled) = filled(engine).await;
        let t = t.started().await;
        let free = OrganizationId::from_key(&filled.free).unwrap();
        let free = Ctx::system(free, RequestId(t.domain.shared.ids.uuid()));
        let messages = &t.domain.messages;
        // Where nothing holds it, a message leaves.
        let sent = messages.accept(&free, draft("6281200000001")).await.unwrap();
        let id = sent.rows[0].as_ref().unwrap().id.to_string();
        t.until("the message has left", async |_| {
            let state = messages.get(&free, &id).await.unwrap().entry.state;
            !state.is_open()
        })
        .await;
        // Where everything is held, it takes its place at the end.
        let queue = |ctx: Ctx| async move {
            let page = PageRequest::of(1, None);
            messages
                .queue(&ctx, QueueFilter::default(), page)
                .await
                .unwrap()
                .total
        };
        let before = queue(t.owner()).await;
        let waits = messages.accept(&t.owner(), draft("6281200000002")).await.unwrap();
        let row = waits.rows[0].as_ref().unwrap();
        assert_eq!(i64::from(row.queue_id), filled.last_queue_id + 1);
        let entry = messages.get(&t.owner(), &row.id.to_string()).await.unwrap();
        assert_eq!(entry.entry.state, MessageState::Pending);
        assert!(!entry.gates.is_empty() || entry.ahead > 0, "it says why it waits");
        assert_eq!(queue(t.owner()).await, before.map(|total| total + 1));
        check::kept_numbers(&t.domain.shared.db).await.unwrap();
    })
    .await;
}

#[test]
fn sizes_have_bounds() {
    let check = |size: Size| size.check().map(drop).map_err(|error| error.to_string());
    assert_eq!(check(SMALL), Ok(()));
    let many = Size {
        messages: 6_000_000,
        ..SMALL
    };
    assert_eq!(check(many), Err("--messages: write 1000 to 5000000".into()));
    let chats = Size {
        chats: 2_000,
        ..SMALL
    };
    assert!(check(chats).unwrap_err().starts_with("--chats"));
    let organizations = Size {
        organizations: 2,
        ..SMALL
    };
    assert!(check(organizations).unwrap_err().starts_with("--organizations"));
}
