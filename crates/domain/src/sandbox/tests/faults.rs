//! Faults hit the next messages, and only as many as they were armed for.

use super::*;
use crate::testing::each_engine;
use transport::Lookup;

#[tokio::test]
async fn each_fault_does_what_it_says() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        arm(&t, FaultKind::Fail, None, None).await;
        assert!(matches!(
            send(&t, &["A"]).await[..],
            [SendOutcome::Failed { retry: false, .. }]
        ));
        arm(&t, FaultKind::Drop, None, None).await;
        assert_eq!(send(&t, &["B"]).await, [SendOutcome::Sent]);
        arm(&t, FaultKind::Ambiguous, None, None).await;
        assert!(matches!(
            send(&t, &["C"]).await[..],
            [SendOutcome::Ambiguous { .. }]
        ));
        arm(&t, FaultKind::Ambiguous, None, Some(0)).await;
        assert!(matches!(
            send(&t, &["D"]).await[..],
            [SendOutcome::Ambiguous { .. }]
        ));
        let ids = ["A", "B", "C", "D"].map(String::from).to_vec();
        let gone = Lookup::NotArrived;
        assert_eq!(
            line(&t).lookup(ids).await,
            [gone, gone, Lookup::Arrived { at: NOW }, gone]
        );
        assert_eq!(shown(&t).await.len(), 1, "only C is on the phone");
        arm(&t, FaultKind::DuplicateReceipt, None, None).await;
        send(&t, &["E"]).await;
        until_ticks(&t, &[Tick::Delivered, Tick::Delivered]).await;
        assert!(
            t.domain
                .sandbox
                .phone(&t.owner(), t.session)
                .await
                .unwrap()
                .faults
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_left_of_a_fault_survives_a_restart() {
    each_engine(|engine| async move {
        let mut t = paused(engine).await;
        arm(&t, FaultKind::Fail, Some(3), None).await;
        send(&t, &["A"]).await;
        let faults = t
            .domain
            .sandbox
            .phone(&t.owner(), t.session)
            .await
            .unwrap()
            .faults;
        assert_eq!((faults[0].kind, faults[0].left), (FaultKind::Fail, 2));
        t.stop().await;
        let t = t.restarted().started().await;
        let outcomes = send(&t, &["B", "C", "D"]).await;
        let failed = outcomes
            .iter()
            .filter(|o| matches!(o, SendOutcome::Failed { .. }))
            .count();
        assert_eq!((failed, &outcomes[2]), (2, &SendOutcome::Sent));
        arm(&t, FaultKind::Fail, Some(5), None).await;
        t.domain
            .sandbox
            .clear_faults(&t.owner(), t.session)
            .await
            .unwrap();
        assert_eq!(send(&t, &["E"]).await, [SendOutcome::Sent]);
    })
    .await;
}

#[tokio::test]
async fn a_late_answer_holds_up_no_other_line() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        arm(&t, FaultKind::Delay, None, Some(5_000)).await;
        let slow = line(&t);
        let sending = tokio::spawn(async move { slow.send(vec![message("A")]).await });
        t.until("it is on the phone", async |t: &TestDomain| {
            shown(t).await.len() == 1
        })
        .await;
        assert!(!sending.is_finished());
        assert_eq!(send(&t, &["B"]).await, [SendOutcome::Sent]);
        t.domain.shared.clock.advance(5_000);
        assert_eq!(sending.await.unwrap(), [SendOutcome::Sent]);
    })
    .await;
}

#[tokio::test]
async fn faults_are_checked() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let cases = [
            (FaultKind::Fail, Some(0), None, "count"),
            (FaultKind::Fail, Some(1_000_001), None, "count"),
            (FaultKind::Logout, Some(1), None, "count"),
            (FaultKind::Delay, None, None, "delay_ms"),
            (FaultKind::Read, None, Some(-1), "delay_ms"),
            (FaultKind::Restrict, None, Some(86_400_001), "delay_ms"),
        ];
        for (kind, count, delay_ms, field) in cases {
            let fault = ArmFault {
                kind,
                count,
                delay_ms,
            };
            let error = refused(t.domain.sandbox.arm(&t.owner(), t.session, fault).await);
            assert_eq!(error.first_field(), Some(field), "{kind:?}");
        }
    })
    .await;
}
