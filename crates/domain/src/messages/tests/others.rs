//! What organizations and sessions do that must not touch others.

use super::{
    super::record::Lane,
    drive::{MORNING, accept, paced},
    shared_out::another,
    *,
};
use crate::testing::each_engine;
use std::collections::BTreeMap;
use types::{
    pacing::LimitValue,
    settings::{PatchSettings, Settings},
};

async fn patch(t: &TestDomain, ctx: &crate::Ctx, json: &str) -> Settings {
    let patch: PatchSettings = serde_json::from_str(json).unwrap();
    t.domain.settings.patch(ctx, patch).await.unwrap()
}

#[tokio::test]
async fn what_is_set_aside_is_looked_at_again_only_when_it_may_leave_now() {
    each_engine(|engine| async move {
        let (mut t, clock) = paced(engine, "{}").await;
        let second = another(&t, &clock, "Second").await;
        t.stop().await;
        let lane = Lane {
            organization: t.made.organization,
            session: t.session,
        };
        let messages = &t.domain.messages;
        let mut state = messages.load_state(lane).await.unwrap().unwrap();
        let mut reopens = async || {
            state.reopen = false;
            messages.refresh(lane, &mut state).await.unwrap();
            state.reopen
        };
        let (owner, stranger) = (t.owner(), t.stranger().await);
        assert!(!reopens().await);
        for theirs in [
            r#"{"hourly_limit":1}"#,
            r#"{"allow_list":["6281200000001"]}"#,
            r#"{"opt_outs":["6281200000001"]}"#,
        ] {
            patch(&t, &stranger, theirs).await;
            assert!(!reopens().await, "{theirs} of another organization");
        }
        for nothing in [
            "{}",
            r#"{"allow_list":["*"]}"#,
            r#"{"name":"Other","main_number":"6281200000001"}"#,
        ] {
            patch(&t, &owner, nothing).await;
            assert!(!reopens().await, "{nothing}");
        }
        let limit = |value| BTreeMap::from([("hourly_limit".to_owned(), LimitValue::Number(value))]);
        let settings = &t.domain.settings;
        settings.patch_session(&owner, second, limit(5)).await.unwrap();
        assert!(!reopens().await, "another session's limit");
        for ours in [
            r#"{"allow_list":["6281200000001"]}"#,
            r#"{"opt_outs":["6281200000001","6281200000002"]}"#,
            r#"{"opt_outs":["6281200000002"]}"#,
            r#"{"hourly_limit":7}"#,
            r#"{"time_zone":"UTC"}"#,
        ] {
            patch(&t, &owner, ours).await;
            assert!(reopens().await, "{ours}");
            patch(&t, &owner, ours).await;
            assert!(!reopens().await, "the same again: {ours}");
        }
        settings.patch_session(&owner, t.session, limit(5)).await.unwrap();
        assert!(reopens().await, "its own limit");
        let mut admin = owner.clone();
        admin.super_admin = true;
        settings
            .patch_platform(&admin, [("daily_limit".to_owned(), LimitValue::Number(9))].into())
            .await
            .unwrap();
        assert!(reopens().await, "the platform's limit");
    })
    .await;
}

/// What the deleted sessions still have.
async fn left_behind(t: &TestDomain, session: SessionId) -> i64 {
    use db::sqlx::Row;
    db::sqlx::query(
        "SELECT COUNT(*) AS left_behind FROM messages WHERE session_id = $1 AND state = 'pending'",
    )
    .bind(session.key())
    .fetch_one(t.store.db.read())
    .await
    .unwrap()
    .get("left_behind")
}

async fn fill(t: &TestDomain, session: SessionId, count: usize) {
    let to = |n: usize| Draft {
        session: Some(session.to_string()),
        ..draft(&format!("62812{n:08}"), "hi")
    };
    accept(t, Class::Bulk, (0..count).map(to).collect()).await;
}

#[tokio::test]
async fn the_thousands_of_a_deleted_session_are_taken_over_at_once() {
    each_engine(|engine| async move {
        let limits = r#"{"delay_min_ms":60000,"delay_max_ms":60000}"#;
        let (t, clock) = paced(engine, limits).await;
        let (second, third) = (
            another(&t, &clock, "Second").await,
            another(&t, &clock, "Third").await,
        );
        fill(&t, second, 5_000).await;
        fill(&t, third, 1_200).await;
        for session in [second, third] {
            t.domain.sessions.delete(&t.owner(), session).await.unwrap();
        }
        // The clock stands still: nothing waits for the next look.
        t.until("all is in the pool", async |t| {
            left_behind(t, second).await + left_behind(t, third).await == 0
        })
        .await;
        assert!(clock.now() < MORNING + 60_000);
    })
    .await;
}

#[tokio::test]
async fn no_deleted_session_waits_for_the_thousands_of_another() {
    each_engine(|engine| async move {
        let (mut t, clock) = paced(engine, r#"{"delay_min_ms":60000,"delay_max_ms":60000}"#).await;
        let (second, third) = (
            another(&t, &clock, "Second").await,
            another(&t, &clock, "Third").await,
        );
        t.stop().await;
        fill(&t, second, 1_100).await;
        fill(&t, third, 1_100).await;
        let mut tx = t.store.db.begin().await.unwrap();
        db::sqlx::query("UPDATE sessions SET deleted_at = 1 WHERE id IN ($1, $2)")
            .bind(second.key())
            .bind(third.key())
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut seen = Vec::new();
        loop {
            let more = t.domain.messages.take_from_deleted().await.unwrap();
            seen.push((left_behind(&t, second).await, left_behind(&t, third).await));
            if !more {
                break;
            }
        }
        assert_eq!(seen, [(600, 600), (100, 100), (0, 0)]);
    })
    .await;
}
