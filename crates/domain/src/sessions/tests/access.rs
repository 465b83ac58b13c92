//! Who may do what with a session.

use super::*;
use crate::{Ctx, testing::each_engine};
use types::sandbox::{ArmFault, FaultKind, Incoming};

/// Every verb on one session, tried by that caller.
async fn all_verbs(t: &TestDomain, ctx: &Ctx, id: SessionId) -> Vec<AppError> {
    let (sessions, sandbox) = (&t.domain.sessions, &t.domain.sandbox);
    let fault = ArmFault {
        kind: FaultKind::Fail,
        count: None,
        delay_ms: None,
    };
    let incoming = Incoming {
        from: "6281200000001".into(),
        text: Some("x".into()),
        ..Incoming::default()
    };
    vec![
        refused(sessions.get(ctx, id).await),
        refused(sessions.transitions(ctx, id).await),
        refused(sessions.start_session(ctx, id).await),
        refused(sessions.stop_session(ctx, id).await),
        refused(sessions.restart(ctx, id).await),
        refused(sessions.log_out(ctx, id).await),
        refused(sessions.delete(ctx, id).await),
        refused(sessions.pairing(ctx, id).await),
        refused(sessions.refresh_qr(ctx, id).await),
        refused(sessions.request_code(ctx, id, "6281200000001".into()).await),
        refused(sandbox.phone(ctx, id).await),
        refused(sandbox.chats(ctx, id).await),
        refused(
            sandbox
                .messages(ctx, id, "6281200000001", types::PageRequest::default())
                .await,
        ),
        refused(sandbox.latest_messages(ctx, id, "6281200000001", 50).await),
        refused(sandbox.incoming(ctx, id, incoming).await),
        refused(sandbox.pair(ctx, id, Pair::default()).await),
        refused(sandbox.arm(ctx, id, fault).await),
        refused(sandbox.clear_faults(ctx, id).await),
        refused(sandbox.read_all(ctx, id, "6281200000001").await),
    ]
}

#[tokio::test]
async fn strangers_find_nothing_and_nobody_may_do_anything() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        let stranger = t.stranger().await;
        for error in all_verbs(&t, &stranger, t.session).await {
            assert_eq!(error.status(), 404, "{error:?}");
        }
        assert!(t.domain.sessions.list(&stranger).await.unwrap().is_empty());
        for error in all_verbs(&t, &t.nobody(), t.session).await {
            assert!(matches!(error, AppError::Forbidden { .. }), "{error:?}");
        }
        assert_eq!(state(&t, t.session).await, SessionState::Connected);
    })
    .await;
}

#[tokio::test]
async fn a_key_of_one_session_sees_no_other() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        let other = linking(&t).await.id;
        let pinned = Ctx {
            session: Some(t.session),
            ..t.owner()
        };
        for error in all_verbs(&t, &pinned, other).await {
            assert_eq!(error.status(), 404, "{error:?}");
        }
        let seen: Vec<_> = t
            .domain
            .sessions
            .list(&pinned)
            .await
            .unwrap()
            .into_iter()
            .map(|s| s.id)
            .collect();
        assert_eq!(seen, [t.session]);
        let input = CreateSession {
            name: "Another".into(),
        };
        assert_eq!(
            refused(t.domain.sessions.create_sandbox(&pinned, input).await).status(),
            403
        );
    })
    .await;
}
