//! Who wrote back.

use super::*;
use crate::testing::each_engine;

/// Noon in Jakarta.
const NOW: &str = "2026-11-10T05:00:00Z";

#[tokio::test]
async fn a_chat_counts_when_both_wrote_in_the_period() {
    each_engine(|engine| async move {
        let t = still(engine, NOW).await;
        let (of, session) = (t.made.organization, t.session);
        let (today, before) = (Some("2026-11-10T02:00:00Z"), Some("2026-11-09T10:00:00Z"));
        let long_ago = Some("2026-10-01T10:00:00Z");
        chat(&t, of, session, 1, today, today).await;
        chat(&t, of, session, 2, today, before).await;
        chat(&t, of, session, 3, today, None).await;
        chat(&t, of, session, 4, before, today).await;
        chat(&t, of, session, 5, None, today).await;
        chat(&t, of, session, 6, long_ago, long_ago).await;
        let stranger = t.stranger().await;
        chat(
            &t,
            stranger.organization.unwrap(),
            SessionId(t.domain.shared.ids.uuid()),
            7,
            today,
            today,
        )
        .await;

        let ask = async |asked: &Asked| {
            let told = t.domain.dashboard.engagement(&t.owner(), asked).await.unwrap();
            told.map(|told| (told.written, told.replied, told.newest_only))
        };
        assert_eq!(ask(&named(PeriodName::Today)).await, Some((3, 1, None)));
        assert_eq!(
            ask(&Asked::default()).await,
            Some((4, 3, None)),
            "since 4 November"
        );
        assert_eq!(ask(&days("2026-09-01", "2026-11-10")).await, Some((5, 4, None)));
        assert_eq!(
            ask(&days("2026-11-01", "2026-11-09")).await,
            None,
            "that is not known any more"
        );
        assert_eq!(
            fields(t.domain.dashboard.engagement(&t.owner(), &days("x", "")).await),
            ["from"]
        );
        assert!(
            t.domain
                .dashboard
                .engagement(&t.nobody(), &Asked::default())
                .await
                .is_err()
        );
        let theirs = t
            .domain
            .dashboard
            .engagement(&stranger, &Asked::default())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(theirs.written, 0, "a session that is not there");

        // Good enough for a minute.
        chat(&t, of, session, 8, today, today).await;
        assert_eq!(ask(&named(PeriodName::Today)).await, Some((3, 1, None)));
        t.domain.shared.clock.advance(60_000);
        assert_eq!(ask(&named(PeriodName::Today)).await, Some((4, 2, None)));
    })
    .await;
}

#[tokio::test]
async fn it_begins_with_the_organizations_day() {
    each_engine(|engine| async move {
        // Half past midnight of a day of 25 hours.
        let t = still(engine, "2026-10-24T22:30:00Z").await;
        move_to(&t, "Europe/Berlin").await;
        let (of, session) = (t.made.organization, t.session);
        chat(
            &t,
            of,
            session,
            1,
            Some("2026-10-24T22:10:00Z"),
            Some("2026-10-24T22:20:00Z"),
        )
        .await;
        chat(
            &t,
            of,
            session,
            2,
            Some("2026-10-24T21:50:00Z"),
            Some("2026-10-24T22:20:00Z"),
        )
        .await;
        t.domain.shared.clock.advance(24 * 3_600_000);
        let told = t
            .domain
            .dashboard
            .engagement(&t.owner(), &named(PeriodName::Today))
            .await
            .unwrap();
        let told = told.expect("it is still the same day");
        assert_eq!((told.written, told.replied), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn too_many_chats_are_shared_out_fairly() {
    each_engine(|engine| async move {
        let t = still(engine, NOW).await;
        let of_us = t.made.organization;
        let second = types::sessions::CreateSession {
            name: "Second".into(),
        };
        let second = t
            .domain
            .sessions
            .create_sandbox(&t.owner(), second)
            .await
            .unwrap()
            .id;
        let today = Some("2026-11-10T02:00:00Z");
        for number in 0..10 {
            chat(&t, of_us, t.session, number, today, None).await;
        }
        for number in 0..2 {
            chat(&t, of_us, second, number, today, today).await;
        }
        let count = async |most| {
            let (since, now) = (at("2026-11-09T17:00:00Z"), at(NOW));
            let told = t
                .domain
                .dashboard
                .count_replies(of(&t), since, now, most)
                .await
                .unwrap();
            (told.written, told.replied, told.newest_only)
        };
        assert_eq!(count(12).await, (12, 2, None));
        assert_eq!(
            count(6).await,
            (6, 2, Some(6)),
            "the small one wholly, the rest of the large one"
        );
        assert_eq!(count(2).await, (2, 1, Some(2)));
    })
    .await;
}
