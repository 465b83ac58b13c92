//! Start, stop, restart, log out, delete.

use super::*;
use crate::testing::each_engine;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn people_switch_a_session_off_and_on() {
    each_engine(|engine| async move {
        let mut t = started(engine).await;
        let (sessions, owner, id) = (t.domain.sessions.clone(), t.owner(), t.session);
        let seen = sessions.watch();
        let stopped = sessions.stop_session(&owner, id).await.unwrap();
        assert_eq!(stopped.state, SessionState::Stopped);
        assert!(stopped.reason.unwrap().contains("Start"));
        assert!(sessions.line(id).is_none() && sessions.connected().is_empty());
        assert!(seen.has_changed().unwrap());
        t.stop().await;
        let t = t.restarted();
        let stop = CancellationToken::new();
        t.domain.start(stop.clone());
        let _stop = stop.drop_guard();
        let sessions = t.domain.sessions.clone();
        assert_eq!(
            state(&t, id).await,
            SessionState::Stopped,
            "a stopped session stays so"
        );
        assert_eq!(
            sessions.start_session(&owner, id).await.unwrap().state,
            SessionState::Connected
        );
        assert_eq!(
            sessions.start_session(&owner, id).await.unwrap().state,
            SessionState::Connected
        );
        assert_eq!(
            sessions.restart(&owner, id).await.unwrap().state,
            SessionState::Connected
        );
        assert!(sessions.line(id).is_some());
    })
    .await;
}

#[tokio::test]
async fn logging_out_here_means_linking_again() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        let (sessions, owner, id) = (&t.domain.sessions, t.owner(), t.session);
        let out = sessions.log_out(&owner, id).await.unwrap();
        assert_eq!(out.state, SessionState::LoggedOut);
        assert!(out.number.is_some(), "which phone it was is still known");
        assert_eq!(
            sessions.restart(&owner, id).await.unwrap().state,
            SessionState::Linking
        );
        t.domain.sandbox.pair(&owner, id, Pair::default()).await.unwrap();
        assert_eq!(state(&t, id).await, SessionState::Connected);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_session_is_gone() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        let (sessions, owner, id) = (&t.domain.sessions, t.owner(), t.session);
        sessions.delete(&owner, id).await.unwrap();
        assert!(sessions.line(id).is_none());
        assert!(sessions.list(&owner).await.unwrap().is_empty());
        assert_eq!(refused(sessions.get(&owner, id).await).status(), 404);
        assert_eq!(refused(sessions.start_session(&owner, id).await).status(), 404);
        assert_eq!(refused(t.domain.sandbox.phone(&owner, id).await).status(), 404);
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_fifty_changes_are_kept() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        for _ in 0..20 {
            t.domain.sessions.restart(&t.owner(), t.session).await.unwrap();
            t.domain
                .sessions
                .stop_session(&t.owner(), t.session)
                .await
                .unwrap();
        }
        let kept = t
            .domain
            .sessions
            .transitions(&t.owner(), t.session)
            .await
            .unwrap();
        assert_eq!((kept.len(), kept[0].state), (50, SessionState::Stopped));
        let row = sqlx::query("SELECT COUNT(*) FROM session_transitions")
            .fetch_one(t.domain.shared.read())
            .await
            .unwrap();
        assert_eq!(sqlx::Row::get::<i64, _>(&row, 0), 50);
    })
    .await;
}
