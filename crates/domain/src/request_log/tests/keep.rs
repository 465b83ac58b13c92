//! How long lines stay, and what becomes of those that do not fit.

use super::*;
use crate::Clock;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const DAY: i64 = 86_400_000;

#[tokio::test]
async fn what_is_too_old_goes() {
    each_engine(|engine| async move {
        let clock = Clock::manual(types::Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true)
            .await
            .started()
            .await;
        let log = &t.domain.request_log;
        let stranger = t.stranger().await;
        let theirs = Whose::Known(owner(stranger.organization.unwrap()));
        for day in 0..10 {
            log.write(call(&t, ours(&t), &format!("/{day}"), 200));
            log.write(call(&t, theirs.clone(), "/theirs", 200));
            log.flush().await;
            clock.advance(DAY);
        }
        log.sweep().await.unwrap();
        let kept = urls(&t, RequestFilter::default()).await;
        assert_eq!(kept, ["/9", "/8", "/7", "/6", "/5", "/4", "/3"], "seven days");
        assert_eq!(log.settings(&t.owner()).await.unwrap().entries, 7);

        let told = log.keep_for(&t.owner(), Some(2)).await.unwrap();
        assert_eq!(
            (told.request_log_days, told.platform_request_log_days),
            (Some(2), 7)
        );
        log.sweep().await.unwrap();
        assert_eq!(urls(&t, RequestFilter::default()).await, ["/9", "/8"]);
        assert_eq!(listed(&t, &stranger, RequestFilter::default()).await.len(), 7);

        log.keep_for(&t.owner(), Some(0)).await.unwrap();
        log.write(call(&t, ours(&t), "/unwanted", 200));
        log.flush().await;
        log.sweep().await.unwrap();
        assert!(urls(&t, RequestFilter::default()).await.is_empty());
        assert_eq!(
            log.keep_for(&t.owner(), None).await.unwrap().request_log_days,
            None
        );
        for days in [-1, 91] {
            let refused = log.keep_for(&t.owner(), Some(days)).await;
            assert!(
                matches!(refused, Err(Error::App(error)) if error.first_field() == Some("request_log_days"))
            );
        }
    })
    .await;
}

#[tokio::test]
async fn who_has_the_most_gives_way_first() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let log = &t.domain.request_log;
        let stranger = t.stranger().await;
        for n in 0..600 {
            log.write(call(&t, ours(&t), &format!("/{n}"), 200));
        }
        for _ in 0..20 {
            log.write(call(
                &t,
                Whose::Known(owner(stranger.organization.unwrap())),
                "/quiet",
                200,
            ));
        }
        log.flush().await;
        let mut tx = t.domain.shared.begin().await.unwrap();
        sqlx::query("INSERT INTO platform (key, value) VALUES ('request_log_entries', '300')")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(log.sweep().await.unwrap(), 500);
        assert_eq!(listed(&t, &stranger, RequestFilter::default()).await.len(), 20);
        let left = urls(&t, RequestFilter::default()).await;
        assert_eq!((left.len(), left[0].as_str()), (100, "/599"), "the newest stay");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_counted_and_the_rest_is_written_at_the_end() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let log =
            RequestLog::with_room_for(std::sync::Arc::clone(&t.domain.shared), t.domain.keys.clone(), 10);
        for n in 0..12 {
            log.write(call(&t, ours(&t), &format!("/{n}"), 200));
        }
        assert!(log.has_room(), "for others");
        log.missed(&ours(&t), t.domain.shared.now());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        log.start(&tasks, stop.clone());
        tasks.close();
        stop.cancel();
        tasks.wait().await;
        assert_eq!(
            urls(&t, RequestFilter::default()).await,
            ["/4", "/3", "/2", "/1", "/0"]
        );
        let told = log.settings(&t.owner()).await.unwrap();
        assert_eq!((told.entries, told.dropped), (5, 8));
        assert!(told.last_dropped_at.is_some());
        assert_eq!(log.inner.places.bytes(), 0);
        log.keep_for(&t.owner(), Some(0)).await.unwrap();
        log.sweep().await.unwrap();
        let told = log.settings(&t.owner()).await.unwrap();
        assert_eq!((told.entries, told.dropped, told.last_dropped_at), (0, 0, None));
    })
    .await;
}

#[tokio::test]
async fn huge_bodies_take_little_room() {
    let t = TestDomain::new(db::Engine::Sqlite).await;
    let huge = Bytes::from(format!(
        "{{\"media\":\"{}\",\"text\":\"a\"}}",
        "QUJD".repeat(1 << 20)
    ));
    for _ in 0..50 {
        let mut record = call(&t, ours(&t), "/", 200);
        record.request.body = Kept::borrowed(&huge);
        t.domain.request_log.write(record);
    }
    assert!(t.domain.request_log.inner.places.bytes() < 100_000);
}
