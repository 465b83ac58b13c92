//! What people settle by hand.

use super::*;
use crate::{
    Error,
    testing::{TestDomain, each_engine},
};
use types::{AppError, messages::Settled};

/// A message whose answer was lost, on a session that is not there to be asked.
async fn uncertain(t: &TestDomain, to: &str) -> String {
    let id = send(t, to, "Hello").await.id;
    t.domain
        .messages
        .reassign(&t.owner(), &id.to_string(), Some(t.session))
        .await
        .unwrap();
    let mut tx = t.store.db.begin().await.unwrap();
    let changed = db::sqlx::query(
        "UPDATE messages SET state = 'uncertain', wire_at = 1, attempts = 1, error = 'The line broke' WHERE id = $1",
    )
    .bind(id.key())
    .execute(tx.conn())
    .await
    .unwrap();
    assert_eq!(changed.rows_affected(), 1);
    tx.commit().await.unwrap();
    id.to_string()
}

fn code(result: Result<QueueEntry, Error>) -> String {
    match result {
        Err(Error::App(AppError::Conflict { code, .. })) => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_uncertain_message_is_settled_by_hand() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let (first, second) = (
            uncertain(&t, "6281200000001").await,
            uncertain(&t, "6281200000002").await,
        );
        let settle = async |id: &str, outcome| t.domain.messages.settle(&t.owner(), id, outcome).await;
        let sent = settle(&first, Settled::Sent).await.unwrap();
        assert_eq!((sent.state, &sent.error), (MessageState::Sent, &None));
        assert!(sent.sent_at.is_some() && sent.settled_at.is_some());
        let failed = settle(&second, Settled::Failed).await.unwrap();
        assert_eq!(failed.state, MessageState::Failed);
        assert_eq!(
            failed.error.as_deref(),
            Some("A member settled it by hand: it did not arrive")
        );
        numbers_add_up(&t).await;
        for id in [&first, &second] {
            assert_eq!(code(settle(id, Settled::Sent).await), "NOT_UNCERTAIN");
        }
        // It may be tried again like any other that failed.
        let again = t.domain.messages.retry(&t.owner(), &second).await.unwrap();
        assert_eq!(again.state, MessageState::Pending);
        assert_eq!(code(settle(&second, Settled::Failed).await), "NOT_UNCERTAIN");
    })
    .await;
}

#[tokio::test]
async fn who_settled_it_is_written_down() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let id = uncertain(&t, "6281200000001").await;
        t.domain
            .messages
            .settle(&t.owner(), &id, Settled::Sent)
            .await
            .unwrap();
        let mut tx = t.store.db.begin().await.unwrap();
        let rows = db::sqlx::query("SELECT type, data FROM events ORDER BY seq")
            .fetch_all(tx.conn())
            .await
            .unwrap();
        let all: Vec<(String, serde_json::Value)> = rows
            .iter()
            .map(|row| {
                use db::sqlx::Row;
                let data: String = row.get("data");
                (row.get("type"), serde_json::from_str(&data).unwrap())
            })
            .collect();
        let (kind, data) = &all[all.len() - 2];
        assert_eq!(kind, "message.uncertain");
        assert_eq!(data["change"], "settled as sent");
        assert_eq!(data["by"], t.made.user.to_string());
        assert_eq!(all[all.len() - 1].0, "message.sent");
    })
    .await;
}

#[tokio::test]
async fn only_who_manages_the_queue_settles_and_only_their_own() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let id = uncertain(&t, "6281200000001").await;
        let messages = &t.domain.messages;
        let elsewhere = messages.settle(&t.stranger().await, &id, Settled::Failed).await;
        assert!(matches!(elsewhere, Err(Error::App(AppError::NotFound { .. }))));
        let nobody = messages.settle(&t.nobody(), &id, Settled::Failed).await;
        assert!(matches!(nobody, Err(Error::App(AppError::Forbidden { .. }))));
        let still = messages.get(&t.owner(), &id).await.unwrap().entry;
        assert_eq!(still.state, MessageState::Uncertain);
    })
    .await;
}
