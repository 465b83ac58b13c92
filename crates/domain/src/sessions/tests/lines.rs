//! Lines that end, break and come back.

use super::*;
use crate::testing::each_engine;
use tokio_util::sync::CancellationToken;
use types::sandbox::{ArmFault, FaultKind};

#[tokio::test]
async fn after_a_restart_sessions_connect_and_linking_ones_show_a_new_code() {
    each_engine(|engine| async move {
        let mut t = started(engine).await;
        let waiting = linking(&t).await.id;
        let sealed = sqlx::query("SELECT credentials FROM sessions WHERE id = $1")
            .bind(t.session.key())
            .fetch_one(t.domain.shared.read())
            .await
            .map(|row| sqlx::Row::get::<String, _>(&row, 0))
            .unwrap();
        assert!(sealed.len() > 60, "credentials are stored, and sealed");
        let before = t
            .domain
            .sessions
            .pairing(&t.owner(), waiting)
            .await
            .unwrap()
            .qr
            .unwrap()
            .text;
        t.stop().await;
        assert!(t.domain.sessions.line(t.session).is_none());
        let t = t.restarted().started().await;
        let owner = t.owner();
        t.until("a code is shown", async |t: &TestDomain| {
            t.domain
                .sessions
                .pairing(&owner, waiting)
                .await
                .unwrap()
                .qr
                .is_some()
        })
        .await;
        let after = t
            .domain
            .sessions
            .pairing(&t.owner(), waiting)
            .await
            .unwrap()
            .qr
            .unwrap()
            .text;
        assert_ne!(before, after);
        let reasons: Vec<_> = t
            .domain
            .sessions
            .transitions(&t.owner(), t.session)
            .await
            .unwrap();
        assert_eq!(reasons[1].reason.as_deref(), Some("The server was started"));
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_logs_out_ends_the_link_for_good() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        let (sessions, owner) = (&t.domain.sessions, t.owner());
        let fault = ArmFault {
            kind: FaultKind::Logout,
            count: None,
            delay_ms: None,
        };
        t.domain.sandbox.arm(&owner, t.session, fault).await.unwrap();
        assert!(sessions.line(t.session).is_none());
        until_state(&t, t.session, SessionState::LoggedOut).await;
        let session = sessions.get(&owner, t.session).await.unwrap();
        assert!(session.reason.unwrap().contains("logged this session out"));
        assert!(!t.domain.sandbox.phone(&owner, t.session).await.unwrap().linked);
        let again = sessions.start_session(&owner, t.session).await.unwrap();
        assert_eq!(again.state, SessionState::Linking);
        t.domain
            .sandbox
            .pair(&owner, t.session, Pair::default())
            .await
            .unwrap();
        assert_eq!(state(&t, t.session).await, SessionState::Connected);
    })
    .await;
}

#[tokio::test]
async fn a_phone_that_logged_out_meanwhile_refuses_the_old_credentials() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        let (sessions, owner) = (&t.domain.sessions, t.owner());
        sessions.stop_session(&owner, t.session).await.unwrap();
        let fault = ArmFault {
            kind: FaultKind::Logout,
            count: None,
            delay_ms: None,
        };
        t.domain.sandbox.arm(&owner, t.session, fault).await.unwrap();
        let session = sessions.start_session(&owner, t.session).await.unwrap();
        assert_eq!(session.state, SessionState::LoggedOut);
        assert!(session.reason.unwrap().contains("has ended this link"));
    })
    .await;
}

#[tokio::test]
async fn a_restriction_passes_by_itself_and_survives_a_restart() {
    each_engine(|engine| async move {
        let mut t = paused(engine).await;
        let fault = ArmFault {
            kind: FaultKind::Restrict,
            count: None,
            delay_ms: None,
        };
        t.domain.sandbox.arm(&t.owner(), t.session, fault).await.unwrap();
        until_state(&t, t.session, SessionState::Restricted).await;
        assert!(t.domain.sessions.line(t.session).is_none());
        t.stop().await;
        // A new server's ids rise above the old one's with the clock.
        t.domain.shared.clock.advance(1);
        let t = t.restarted();
        let stop = CancellationToken::new();
        t.domain.start(stop.clone());
        let _stop = stop.drop_guard();
        let owner = t.owner();
        t.until("it is restricted again", async |t: &TestDomain| {
            let changes = t.domain.sessions.transitions(&owner, t.session).await.unwrap();
            (changes[0].state, changes[1].state) == (SessionState::Restricted, SessionState::Connecting)
        })
        .await;
        let reason = t
            .domain
            .sessions
            .get(&owner, t.session)
            .await
            .unwrap()
            .reason
            .unwrap();
        assert!(reason.contains("until 2026-"), "{reason}");
        t.domain.shared.clock.advance(60_000);
        t.until("it may send", async |t: &TestDomain| {
            t.domain.sessions.line(t.session).is_some()
        })
        .await;
        assert_eq!(state(&t, t.session).await, SessionState::Connected);
    })
    .await;
}
