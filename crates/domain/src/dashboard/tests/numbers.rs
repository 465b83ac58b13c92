//! The numbers of a period, and whose they are.

use super::*;
use crate::testing::each_engine;
use types::{
    Permission, Permissions,
    dashboard::{DayCount, Problem},
    sessions::CreateSession,
};

/// Eleven at night in Berlin, where it is the 9th; in Jakarta the 10th has begun.
const NOW: &str = "2026-11-09T22:00:00Z";

async fn filled(t: &TestDomain) {
    let (organization, session) = (t.made.organization, t.session.key());
    for (day, counts) in [
        ("2026-11-01", [900, 900, 900, 900, 900]),
        ("2026-11-03", [40, 30, 20, 2, 7]),
        ("2026-11-04", [10, 10, 5, 0, 0]),
        ("2026-11-09", [50, 40, 25, 0, 3]),
        ("2026-11-10", [100, 80, 60, 1, 9]),
    ] {
        keep(t, organization, &session, day, counts).await;
    }
    // Failed before a session was chosen.
    keep(t, organization, "", "2026-11-09", [0, 0, 0, 4, 0]).await;
}

#[tokio::test]
async fn a_period_has_its_own_numbers_and_those_before_it() {
    each_engine(|engine| async move {
        let t = still(engine, NOW).await;
        filled(&t).await;
        let owner = t.owner();
        let week = read(&t, &owner, &Asked::default()).await;
        assert_eq!(
            (week.period.from.as_str(), week.period.until.as_str()),
            ("2026-11-04", "2026-11-10")
        );
        let n = week.numbers;
        assert_eq!(
            (n.sent, n.delivered, n.read, n.failed, n.received),
            (160, 130, 90, 5, 12)
        );
        assert_eq!(n.sent_before, Some(940), "28 October to 3 November");
        assert_eq!((n.sessions, n.connected), (1, 0));
        assert_eq!(week.days.len(), 7);
        let last = DayCount {
            day: "2026-11-10".into(),
            until: "2026-11-10".into(),
            sent: 100,
            received: 9,
            failed: 1,
        };
        assert_eq!(week.days.last(), Some(&last));
        assert_eq!(week.days.iter().map(|day| day.sent).sum::<i64>(), n.sent);

        let today = read(&t, &owner, &named(PeriodName::Today)).await;
        assert_eq!((today.numbers.sent, today.numbers.sent_before), (100, Some(50)));
        assert_eq!(today.days.len(), 7, "one bar would say nothing");
        let past = read(&t, &owner, &days("2026-11-03", "2026-11-04")).await;
        assert_eq!(
            (past.numbers.sent, past.numbers.failed, past.numbers.sent_before),
            (50, 2, Some(900))
        );
        assert!(past.problems.contains(&Problem::Failed {
            count: 1,
            day: "2026-11-10".into()
        }));
        let long = read(&t, &owner, &days("2026-09-01", "2026-11-10")).await;
        assert_eq!((long.numbers.sent, long.numbers.sent_before), (1_100, None));
        assert_eq!(long.days.iter().map(|week| week.sent).sum::<i64>(), 1_100);
        assert_eq!(
            fields(
                t.domain
                    .dashboard
                    .get(&owner, &days("2026-11-03", "2026-11-11"))
                    .await
            ),
            ["until"]
        );

        // What no present session did stands last, so that the parts make the whole.
        let parts: Vec<_> = week
            .by_session
            .iter()
            .map(|part| (part.session, part.sent, part.failed))
            .collect();
        assert_eq!(parts, [(Some(t.session), 160, 1), (None, 0, 4)]);
    })
    .await;
}

#[tokio::test]
async fn the_day_is_the_organizations() {
    each_engine(|engine| async move {
        let t = still(engine, NOW).await;
        filled(&t).await;
        let owner = t.owner();
        assert_eq!(
            read(&t, &owner, &named(PeriodName::Today)).await.period.from,
            "2026-11-10"
        );
        move_to(&t, "Europe/Berlin").await;
        let today = read(&t, &owner, &named(PeriodName::Today)).await;
        assert_eq!(
            (today.period.from.as_str(), today.numbers.sent),
            ("2026-11-09", 50)
        );
        let tomorrow = t
            .domain
            .dashboard
            .get(&owner, &days("2026-11-09", "2026-11-10"))
            .await;
        assert_eq!(fields(tomorrow), ["until"], "it has not come there");
    })
    .await;
}

#[tokio::test]
async fn what_people_write_is_counted_once_on_its_day() {
    each_engine(|engine| async move {
        // A day of 25 hours: 25 October 2026 in Berlin.
        let t = still(engine, "2026-10-25T22:30:00Z").await;
        move_to(&t, "Europe/Berlin").await;
        let (session, organization) = (t.session, t.made.organization);
        let incoming = async |messages| {
            t.domain
                .messages
                .incoming(session, organization, messages)
                .await
                .unwrap();
        };
        let first = written("A", at("2026-10-24T22:10:00Z"), false);
        incoming(vec![
            first.clone(),
            written("B", at("2026-10-24T21:50:00Z"), false),
            written("C", at("2026-10-25T22:20:00Z"), false),
            written("D", at("2026-10-25T12:00:00Z"), true),
        ])
        .await;
        // WhatsApp repeats what it is not sure of.
        incoming(vec![first.clone(), first]).await;
        let day = async |day: &str| read(&t, &t.owner(), &days(day, day)).await.numbers.received;
        assert_eq!((day("2026-10-24").await, day("2026-10-25").await), (1, 2));
        let today = read(&t, &t.owner(), &named(PeriodName::Today)).await;
        assert_eq!(
            (today.period.from.as_str(), today.numbers.received),
            ("2026-10-25", 2)
        );
        assert_eq!(today.by_session[0].received, 2);
    })
    .await;
}

#[tokio::test]
async fn nobody_sees_the_numbers_of_others() {
    each_engine(|engine| async move {
        let t = still(engine, NOW).await;
        filled(&t).await;
        let stranger = t.stranger().await;
        let theirs = read(&t, &stranger, &Asked::default()).await;
        assert_eq!(theirs.numbers, types::dashboard::Numbers::default());
        assert!(theirs.by_session.is_empty() && theirs.problems.is_empty());
        keep(
            &t,
            stranger.organization.unwrap(),
            "",
            "2026-11-09",
            [7, 7, 7, 0, 7],
        )
        .await;
        assert_eq!(read(&t, &t.owner(), &Asked::default()).await.numbers.sent, 160);
        assert!(
            t.domain
                .dashboard
                .get(&t.nobody(), &Asked::default())
                .await
                .is_err()
        );

        // A key of one session hears of that session alone.
        let second = CreateSession {
            name: "Second".into(),
        };
        let second = t
            .domain
            .sessions
            .create_sandbox(&t.owner(), second)
            .await
            .unwrap()
            .id;
        keep(
            &t,
            t.made.organization,
            &second.key(),
            "2026-11-10",
            [3, 2, 1, 0, 1],
        )
        .await;
        let pinned = Ctx {
            session: Some(second),
            permissions: [Permission::QueueView].into_iter().collect::<Permissions>(),
            ..t.owner()
        };
        let own = read(&t, &pinned, &Asked::default()).await;
        let n = own.numbers;
        assert_eq!(
            (n.sessions, n.sent, n.received, n.failed, n.sent_before),
            (1, 3, 1, 0, None)
        );
        assert_eq!((n.sent_ever, n.in_queue), (0, 0));
        assert_eq!(own.by_session.len(), 1);
        assert_eq!(own.problems, []);
    })
    .await;
}
