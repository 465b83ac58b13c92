//! What the watcher says of sessions, and how it reads on.

use super::*;
use crate::testing::each_engine;
use types::alerts::Resolution;

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
