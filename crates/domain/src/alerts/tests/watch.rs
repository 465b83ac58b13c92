//! What the watcher says of what it reads.

use super::*;
use crate::{alerts::watch::Looks, testing::each_engine};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    alerts::Resolution,
    messages::{Accept, Class, Draft, FieldNames},
};

#[tokio::test]
async fn a_session_that_was_logged_out_is_told_at_once_and_ends_when_it_is_back() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        becomes(&t, t.session, SessionState::Connected, None).await;
        becomes(
            &t,
            t.session,
            SessionState::LoggedOut,
            Some("The phone ended the link."),
        )
        .await;
        catch_up(&t).await;
        let told = standing(&t, AlertKind::SessionLoggedOut).await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            told[0].details.happened,
            "“Sandbox” was logged out. The phone ended the link."
        );
        // Reading on repeats nothing, nor does a new server over the same data.
        catch_up(&t).await;
        let t = t.restarted();
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::SessionLoggedOut).await, told);
        for state in [SessionState::Connecting, SessionState::Linking] {
            becomes(&t, t.session, state, None).await;
        }
        catch_up(&t).await;
        assert_eq!(
            standing(&t, AlertKind::SessionLoggedOut).await,
            told,
            "not linked yet"
        );
        // What happens while nobody watches is read afterwards.
        becomes(&t, t.session, SessionState::Connected, None).await;
        let t = t.restarted();
        catch_up(&t).await;
        let over = t.domain.alerts.get(&t.owner(), told[0].id).await.unwrap();
        assert_eq!(
            (over.status, over.resolved_how),
            (AlertStatus::Resolved, Some(Resolution::ByItself))
        );
        assert_eq!(over.resolution.as_deref(), Some("It is connected again."));
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_is_down_after_a_minute() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let clock = t.domain.shared.clock.clone();
        becomes(
            &t,
            t.session,
            SessionState::Reconnecting,
            Some("The line broke; trying again in 1 s."),
        )
        .await;
        clock.advance(30_000);
        becomes(&t, t.session, SessionState::Connecting, None).await;
        clock.advance(29_000);
        catch_up(&t).await;
        t.domain.alerts.look_at_downs().await.unwrap();
        assert_eq!(standing(&t, AlertKind::SessionDown).await, []);
        clock.advance(1_000);
        // The place is in the database: a new server knows since when.
        let t = t.restarted();
        for _ in 0..3 {
            t.domain.alerts.look_at_downs().await.unwrap();
            becomes(
                &t,
                t.session,
                SessionState::Reconnecting,
                Some("Trying again in 30 s."),
            )
            .await;
            catch_up(&t).await;
            clock.advance(70_000);
        }
        let told = standing(&t, AlertKind::SessionDown).await;
        assert_eq!(
            (told.len(), told[0].times_seen),
            (1, 1),
            "one outage is one alert"
        );
        // Resolved by hand while it is still down, it does not come back by itself.
        t.domain.alerts.resolve(&t.owner(), told[0].id).await.unwrap();
        t.domain.alerts.look_at_downs().await.unwrap();
        assert_eq!(standing(&t, AlertKind::SessionDown).await, []);
        becomes(&t, t.session, SessionState::Connected, None).await;
        becomes(&t, t.session, SessionState::Reconnecting, None).await;
        catch_up(&t).await;
        clock.advance(60_000);
        t.domain.alerts.look_at_downs().await.unwrap();
        assert_eq!(
            standing(&t, AlertKind::SessionDown).await.len(),
            1,
            "the next outage is a new one"
        );
        becomes(&t, t.session, SessionState::Connected, None).await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::SessionDown).await, []);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_person_does_here_is_no_alert() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        becomes(&t, t.session, SessionState::Restricted, Some("For a day.")).await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::SessionRestricted).await.len(), 1);
        becomes(&t, t.session, SessionState::Stopped, Some("Stopped here.")).await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::SessionRestricted).await, []);
        run(
            &t,
            &format!("UPDATE sessions SET wanted = 0 WHERE id = '{}'", t.session.key()),
        )
        .await;
        for state in [SessionState::Reconnecting, SessionState::LoggedOut] {
            becomes(&t, t.session, state, None).await;
            catch_up(&t).await;
            t.domain.shared.clock.advance(120_000);
            t.domain.alerts.look_at_downs().await.unwrap();
        }
        assert_eq!(standing(&t, AlertKind::SessionLoggedOut).await, []);
        assert_eq!(standing(&t, AlertKind::SessionDown).await, []);
        // With a session everything about it ends.
        raise(&t, NewAlert::repeated_text(named(&t), 30, "Promo")).await;
        run(
            &t,
            &format!(
                "UPDATE sessions SET deleted_at = 1 WHERE id = '{}'",
                t.session.key()
            ),
        )
        .await;
        becomes(&t, t.session, SessionState::Stopped, Some("Deleted here.")).await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::RepeatedText).await, []);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn five_failures_in_a_row_are_told_and_a_sent_message_ends_it() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        left(&t, t.session, "ssffff").await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        left(&t, t.session, "f").await;
        catch_up(&t).await;
        let told = standing(&t, AlertKind::Failures).await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            told[0].details.happened,
            "The last 5 messages through “Sandbox” all failed. No such number."
        );
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await.len(), 1);
        left(&t, t.session, "s").await;
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn a_high_share_of_failures_is_told_until_it_is_low_again() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        left(&t, t.session, "sssfsssfsssfsssfssf").await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        left(&t, t.session, "f").await;
        catch_up(&t).await;
        let told = standing(&t, AlertKind::Failures).await;
        assert_eq!(
            told[0].details.happened,
            "6 of the last 20 messages through “Sandbox” failed. No such number."
        );
        left(&t, t.session, "s").await;
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await.len(), 1, "still as many");
        left(&t, t.session, "sss").await;
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_quiet_session_is_seen_beside_a_busy_one() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let quiet = second_session(&t).await;
        let busy = async || {
            let now = t.domain.shared.now().0;
            run(
                &t,
                &format!(
                    "INSERT INTO messages (id, organization_id, session_id, from_me, recipient, class, state, created_at, settled_at) \
                     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) \
                     SELECT 'busy' || {now} || '-' || i, '{}', '{}', 1, 'x', 'single', 'sent', {now}, {now} FROM n",
                    t.made.organization.key(),
                    t.session.key()
                ),
            )
            .await;
        };
        left(&t, quiet, "sffff").await;
        busy().await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        left(&t, quiet, "f").await;
        busy().await;
        catch_up(&t).await;
        let told = standing(&t, AlertKind::Failures).await;
        assert_eq!((told.len(), told[0].session), (1, Some(quiet)));
        left(&t, quiet, "s").await;
        busy().await;
        t.domain.alerts.look_at_failures(&mut Looks::default()).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_long_backlog_is_read_in_bounded_steps_and_once() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        catch_up(&t).await;
        let mut tx = t.domain.shared.begin().await.unwrap();
        for n in 0..350 {
            let (kind, state) = if n % 10 == 0 {
                (EventType::SessionStatus, "logged_out")
            } else {
                (EventType::MessageFailed, "failed")
            };
            tx.record(NewEvent {
                organization: t.made.organization,
                session: Some(t.session),
                kind,
                data: format!(r#"{{"state":"{state}"}}"#),
            });
            // What nobody watches is not read, and no session at all is no trouble.
            tx.record(NewEvent {
                organization: t.made.organization,
                session: None,
                kind: if n % 2 == 0 {
                    EventType::MessageFailed
                } else {
                    EventType::MessageSent
                },
                data: "{}".into(),
            });
        }
        tx.commit().await.unwrap();
        let steps = catch_up(&t).await;
        assert_eq!(steps, 6, "525 watched events, 100 in a step");
        let told = standing(&t, AlertKind::SessionLoggedOut).await;
        assert_eq!((told.len(), told[0].times_seen), (1, 35));
        // Two watchers over one database do the work once.
        becomes(&t, t.session, SessionState::LoggedOut, None).await;
        let twice = futures::future::join_all((0..8).map(|_| {
            let domain = t.domain.clone();
            tokio::spawn(async move { domain.alerts.follow().await.unwrap() })
        }));
        twice.await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::SessionLoggedOut).await[0].times_seen, 36);
    })
    .await;
}

/// Connects the sessions, while nothing sends.
async fn connected(t: &TestDomain) {
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    t.domain.sessions.start(t.domain.messages.clone(), &tasks, stop);
    t.until("the session is connected", async |t: &TestDomain| {
        t.domain.sessions.line(t.session).is_some()
    })
    .await;
}

#[tokio::test]
async fn a_queue_that_stands_still_is_told() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        let mut look = async |minutes: i64| {
            t.domain.shared.clock.advance(minutes * 60_000);
            t.domain
                .alerts
                .look_at_queues(&t.domain.messages, &mut looks)
                .await
                .unwrap();
            assert_eq!(looks.queues, None, "one page is enough here");
            standing(&t, AlertKind::StalledQueue).await
        };
        connected(&t).await;
        // Nobody sends here, so it waits although nothing holds it.
        let draft = Draft {
            to: "6281200000001".into(),
            text: Some("Hello".into()),
            attachment: None,
            session: Some(t.session.to_string()),
            reference_id: None,
            names: FieldNames::native(),
        };
        let accept = Accept {
            drafts: vec![draft],
            once: false,
            class: Class::Single,
            idempotency: None,
        };
        let made = t.domain.messages.accept(&t.owner(), accept).await.unwrap();
        assert!(made.rows[0].is_ok());
        assert_eq!(look(9).await, [], "it waits for nine minutes");
        assert_eq!(look(1).await, [], "from here on it is known to be due");
        assert_eq!(look(9).await, []);
        let told = look(1).await;
        assert_eq!(told.len(), 1);
        assert!(
            told[0].details.happened.contains("due for 10 minutes"),
            "{told:?}"
        );
        assert_eq!(look(1).await[0].times_seen, 1);
        // Something leaves.
        left(&t, t.session, "s").await;
        assert_eq!(look(0).await, []);
        for _ in 0..20 {
            assert_eq!(look(1).await, []);
        }
        assert_eq!(look(1).await.len(), 1);
        // Without a line it is another alert's business.
        becomes(&t, t.session, SessionState::Reconnecting, None).await;
        assert_eq!(look(0).await, []);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn a_queue_that_is_held_on_purpose_is_no_alert() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        connected(&t).await;
        let draft = Draft {
            to: "6281200000001".into(),
            text: Some("Hello".into()),
            attachment: None,
            session: None,
            reference_id: None,
            names: FieldNames::native(),
        };
        let accept = Accept {
            drafts: vec![draft],
            once: false,
            class: Class::Single,
            idempotency: None,
        };
        t.domain.messages.accept(&t.owner(), accept).await.unwrap();
        // WhatsApp asked it to wait.
        let until = t.domain.shared.now().0 + 3 * 3_600_000;
        run(&t, &format!("UPDATE sessions SET held_until = {until}")).await;
        for _ in 0..170 {
            t.domain.shared.clock.advance(60_000);
            t.domain
                .alerts
                .look_at_queues(&t.domain.messages, &mut looks)
                .await
                .unwrap();
        }
        assert_eq!(standing(&t, AlertKind::StalledQueue).await, []);
        // The hold is over, and it still waits: also what any session may take.
        for _ in 0..30 {
            t.domain.shared.clock.advance(60_000);
            t.domain
                .alerts
                .look_at_queues(&t.domain.messages, &mut looks)
                .await
                .unwrap();
        }
        assert_eq!(standing(&t, AlertKind::StalledQueue).await.len(), 1);
    })
    .await;
}
