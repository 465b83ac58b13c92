//! The whole server over a long simulated time, with a sandbox phone that logs out, is restricted
//! and refuses messages.

use super::*;
use crate::testing::each_engine;
use types::sandbox::{ArmFault, FaultKind, Pair};

const HOUR_MS: i64 = 3_600_000;

async fn arm(t: &TestDomain, kind: FaultKind, delay_ms: Option<i64>) {
    let fault = ArmFault {
        kind,
        count: None,
        delay_ms,
    };
    t.domain
        .sandbox
        .arm(&t.owner(), t.session, fault)
        .await
        .expect("an armed fault");
}

/// Moves the clock second by second until so many of that kind stand.
async fn until_standing(t: &TestDomain, kind: AlertKind, count: usize) {
    t.until(
        &format!("{count} of {} stand", kind.name()),
        async |t: &TestDomain| {
            t.domain.shared.clock.advance(1_000);
            standing(t, kind).await.len() == count
        },
    )
    .await;
}

#[tokio::test]
async fn months_of_trouble_come_and_go() {
    each_engine(|engine| async move {
        let t = TestDomain::with_clock(engine, Clock::manual(NOW), true)
            .await
            .started()
            .await;
        for month in 1..=4 {
            arm(&t, FaultKind::Restrict, Some(600_000)).await;
            until_standing(&t, AlertKind::SessionRestricted, 1).await;
            t.domain.shared.clock.advance(600_000);
            until_standing(&t, AlertKind::SessionRestricted, 0).await;

            arm(&t, FaultKind::Logout, None).await;
            until_standing(&t, AlertKind::SessionLoggedOut, 1).await;
            t.domain.shared.clock.advance(12 * HOUR_MS);
            until_standing(&t, AlertKind::SessionLoggedOut, 1).await;
            t.domain
                .sessions
                .start_session(&t.owner(), t.session)
                .await
                .unwrap();
            t.domain
                .sandbox
                .pair(&t.owner(), t.session, Pair { qr: None, code: None })
                .await
                .unwrap();
            until_standing(&t, AlertKind::SessionLoggedOut, 0).await;
            assert_eq!(
                standing(&t, AlertKind::SessionDown).await,
                [],
                "it waited for a person"
            );

            for _ in 0..30 {
                t.domain.shared.clock.advance(24 * HOUR_MS);
                tokio::task::yield_now().await;
            }
            let all = list(&t, &t.owner(), AlertFilter::default()).await;
            let of = |kind| all.iter().filter(|alert| alert.kind == kind).count();
            assert_eq!(
                (of(AlertKind::SessionRestricted), of(AlertKind::SessionLoggedOut)),
                (month, month)
            );
            assert!(all.iter().all(|alert| alert.times_seen == 1), "{all:?}");
            numbers_add_up(&t).await;
        }
    })
    .await;
}
