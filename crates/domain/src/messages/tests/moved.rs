//! Messages that a person gave to another session, and what the first one still says of them.

use super::{
    super::{
        record::{Back, Lane},
        store,
    },
    drive::{MORNING, accept, left, paced, set, settle},
    shared_out::another,
    *,
};
use crate::testing::each_engine;
use types::{Timestamp, messages::Settled, pacing::GateKind};

async fn change(t: &TestDomain, sql: &str, id: types::MessageId) {
    let mut tx = t.store.db.begin().await.unwrap();
    db::sqlx::query(db::AssertSqlSafe(sql.to_owned()))
        .bind(id.key())
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_answer_about_an_earlier_try_leaves_another_sessions_try_alone() {
    each_engine(|engine| async move {
        let (mut t, clock) = paced(engine, "{}").await;
        let second = another(&t, &clock, "Second").await;
        t.stop().await;
        let messages = &t.domain.messages;
        let lane = |session| Lane {
            organization: t.made.organization,
            session,
        };
        let (a, b) = (lane(t.session), lane(second));
        let named = Draft {
            session: Some(t.session.to_string()),
            ..draft("6281200000001", "Hello")
        };
        let queue_id = accept(&t, Class::Single, vec![named]).await[0];
        let id = entry(&t, queue_id).await.id;
        change(
            &t,
            "UPDATE messages SET state = 'uncertain', wire_at = 1, attempts = 1 WHERE id = $1",
            id,
        )
        .await;
        // While the first session asks for it, a person settles it and another session sends it.
        let text = id.to_string();
        messages.settle(&t.owner(), &text, Settled::Failed).await.unwrap();
        messages.retry(&t.owner(), &text).await.unwrap();
        messages.reassign(&t.owner(), &text, Some(second)).await.unwrap();
        let mut tx = t.domain.shared.begin().await.unwrap();
        let marked = store::claim::mark(&mut tx, b.organization, second, &[id], Timestamp(2))
            .await
            .unwrap();
        assert_eq!(marked, 1);
        tx.commit().await.unwrap();
        // Whatever the first one is told now, the message is on the other's wire.
        for arrived in [false, true] {
            let mut tx = t.domain.shared.begin().await.unwrap();
            if arrived {
                messages
                    .sent_by_id_in(&mut tx, a, &[id], Timestamp(3))
                    .await
                    .unwrap();
            } else {
                messages
                    .back_in(&mut tx, a, &[id], Back::Lost, None)
                    .await
                    .unwrap();
            }
            tx.commit().await.unwrap();
            let now = entry(&t, queue_id).await;
            assert_eq!(
                (now.state, now.session),
                (MessageState::Processing, Some(second)),
                "{arrived}"
            );
        }
        // Nor does its own line take back what is on the wire again.
        let mut tx = t.domain.shared.begin().await.unwrap();
        messages
            .back_in(&mut tx, b, &[id], Back::Lost, None)
            .await
            .unwrap();
        messages
            .sent_by_id_in(&mut tx, b, &[id], clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(entry(&t, queue_id).await.state, MessageState::Sent);
    })
    .await;
}

#[tokio::test]
async fn another_session_counts_a_message_that_was_tried_before() {
    each_engine(|engine| async move {
        let (t, clock) = paced(engine, "{}").await;
        let second = another(&t, &clock, "Second").await;
        set(&t, r#"{"daily_limit":1}"#).await;
        let to = |session: SessionId, number: &str| Draft {
            session: Some(session.to_string()),
            ..draft(number, "Hello")
        };
        let first = accept(&t, Class::Single, vec![to(second, "6281200000001")]).await[0];
        left(&t, &clock, first, MORNING + 3_600_000).await;
        t.domain
            .sessions
            .stop_session(&t.owner(), t.session)
            .await
            .unwrap();
        let tried = accept(&t, Class::Single, vec![to(t.session, "6281200000002")]).await[0];
        let id = entry(&t, tried).await.id;
        let sql = format!(
            "UPDATE messages SET attempts = 1, wire_at = {} WHERE id = $1",
            MORNING.0
        );
        change(&t, &sql, id).await;
        t.domain
            .messages
            .reassign(&t.owner(), &id.to_string(), Some(second))
            .await
            .unwrap();
        settle(&t, &clock).await;
        let detail = t.domain.messages.get(&t.owner(), &id.to_string()).await.unwrap();
        assert_eq!(
            (detail.entry.state, detail.entry.attempts),
            (MessageState::Pending, 1)
        );
        let shut: Vec<GateKind> = detail
            .gates
            .iter()
            .filter(|gate| !gate.open)
            .map(|gate| gate.gate)
            .collect();
        assert!(shut.contains(&GateKind::DailyLimit), "{shut:?}");
        let at = left(&t, &clock, tried, MORNING + 48 * 3_600_000).await;
        assert!(at > MORNING + 12 * 3_600_000, "{}", at.rfc3339());
    })
    .await;
}
