//! Linking a phone.

use super::*;
use crate::testing::each_engine;
use types::{events::EventType, sandbox::Pair};

#[tokio::test]
async fn a_phone_links_by_the_qr_code_that_is_shown() {
    each_engine(|engine| async move {
        let t = started(engine).await;
        let (sessions, owner) = (&t.domain.sessions, t.owner());
        let made = linking(&t).await;
        assert_eq!(
            (made.name.as_str(), made.state, made.number),
            ("Sales", SessionState::Linking, None)
        );
        let pairing = sessions.pairing(&owner, made.id).await.unwrap();
        let qr = pairing.qr.expect("a QR code");
        assert!(qr.path.starts_with("M0 0h7v1h-7z") && qr.size >= 21 && !qr.last);
        assert!((59_000..=60_000).contains(&(qr.expires_at - pairing.as_of)));

        let wrong = refused(t.domain.sandbox.pair(&owner, made.id, by_qr("elsewhere")).await);
        assert_eq!(wrong.first_field(), Some("qr"));
        let phone = t
            .domain
            .sandbox
            .pair(&owner, made.id, by_qr(&qr.text))
            .await
            .unwrap();
        assert!(phone.linked && phone.state == SessionState::Connected);
        assert!(phone.number.starts_with("62899") && phone.number.len() == 13);

        let session = sessions.get(&owner, made.id).await.unwrap();
        assert_eq!(session.number, Some(phone.number));
        assert!(session.linked_at.is_some() && session.reason.is_none());
        assert!(sessions.line(made.id).is_some());
        assert!(sessions.connected().contains(&(t.made.organization, made.id)));
        assert_eq!(sessions.pairing(&owner, made.id).await.unwrap().qr, None);
        let again = refused(t.domain.sandbox.pair(&owner, made.id, Pair::default()).await);
        assert_eq!(again.code(), "NOT_LINKING");

        let states: Vec<_> = sessions
            .transitions(&owner, made.id)
            .await
            .unwrap()
            .into_iter()
            .map(|t| t.state)
            .collect();
        assert_eq!(
            states,
            [
                SessionState::Connected,
                SessionState::Linking,
                SessionState::Connecting
            ]
        );
        let (events, _) = t.domain.events.after(&owner, 0, 1_000).await.unwrap();
        let own = |kind| {
            events
                .iter()
                .filter(move |e| e.kind == kind && e.session == Some(made.id))
        };
        assert_eq!(own(EventType::SessionQr).count(), 1);
        let last = own(EventType::SessionStatus).next_back().expect("an event");
        assert_eq!(last.data["state"], "connected");
        assert_eq!(last.data["session"], made.id.to_string());
    })
    .await;
}

#[tokio::test]
async fn a_phone_links_by_the_code_that_was_asked_for() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        let (sessions, sandbox, owner) = (&t.domain.sessions, &t.domain.sandbox, t.owner());
        let id = linking(&t).await.id;
        let number = sandbox.phone(&owner, id).await.unwrap().number;
        for bad in ["12", "120363@g.us", "4930123456"] {
            let error = refused(sessions.request_code(&owner, id, bad.into()).await);
            assert_eq!(error.first_field(), Some("number"), "{bad}");
        }
        assert_eq!(
            refused(sandbox.pair(&owner, id, by_code("ABCD-EFGH")).await).first_field(),
            Some("code")
        );
        let shown = sessions
            .request_code(&owner, id, format!("+{number}"))
            .await
            .unwrap();
        let first = shown.code.unwrap();
        assert_eq!((first.code.len(), first.expires_at - shown.as_of), (9, 160_000));
        t.domain.shared.clock.advance(160_000);
        let late = refused(sandbox.pair(&owner, id, by_code(&first.code)).await);
        assert!(late.for_field("code").unwrap().contains("expired"), "{late:?}");
        assert_eq!(sessions.pairing(&owner, id).await.unwrap().code, None);

        let code = sessions
            .request_code(&owner, id, number)
            .await
            .unwrap()
            .code
            .unwrap()
            .code;
        let wrong = refused(sandbox.pair(&owner, id, by_code("1111-1111")).await);
        assert!(wrong.for_field("code").unwrap().contains("not the pairing code"));
        let both = Pair {
            qr: Some("x".into()),
            code: Some(code.clone()),
        };
        assert_eq!(
            refused(sandbox.pair(&owner, id, both).await).first_field(),
            Some("code")
        );
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(
            sandbox.pair(&owner, id, by_code(&typed)).await.unwrap().state,
            SessionState::Connected
        );
    })
    .await;
}

#[tokio::test]
async fn qr_codes_rotate_and_end_until_somebody_asks() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        let (sessions, owner) = (&t.domain.sessions, t.owner());
        let id = linking(&t).await.id;
        let first = sessions.pairing(&owner, id).await.unwrap().qr.unwrap().text;
        for step in [60_000, 20_000, 20_000, 20_000, 20_000] {
            t.domain.shared.clock.advance(step);
        }
        let last = sessions.pairing(&owner, id).await.unwrap().qr.unwrap();
        assert!(last.text != first);
        let late = refused(t.domain.sandbox.pair(&owner, id, by_qr(&first)).await);
        assert!(late.for_field("qr").unwrap().contains("expired"));
        // The steps above may be seen as one by the line; go on until the series has ended.
        t.until("the series ends", async |t: &TestDomain| {
            t.domain.shared.clock.advance(20_000);
            sessions.pairing(&owner, id).await.unwrap().qr.is_none()
        })
        .await;
        t.until("the reason says so", async |t: &TestDomain| {
            let session = t.domain.sessions.get(&owner, id).await.unwrap();
            session.state == SessionState::Linking && session.reason.unwrap().contains("expired")
        })
        .await;
        assert!(
            refused(t.domain.sandbox.pair(&owner, id, Pair::default()).await)
                .for_field("qr")
                .is_some()
        );
        assert!(sessions.refresh_qr(&owner, id).await.unwrap().qr.is_some());
        until_reason(&t, id, "Scan").await;
        t.domain.sandbox.pair(&owner, id, Pair::default()).await.unwrap();
        assert_eq!(
            refused(sessions.refresh_qr(&owner, id).await).code(),
            "ALREADY_LINKED"
        );
    })
    .await;
}

async fn until_reason(t: &TestDomain, id: SessionId, begins: &str) {
    t.until(begins, async |t: &TestDomain| {
        t.domain
            .sessions
            .get(&t.owner(), id)
            .await
            .unwrap()
            .reason
            .is_some_and(|r| r.starts_with(begins))
    })
    .await;
}

#[tokio::test]
async fn names_are_checked() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        for name in [String::new(), " \u{7} ".into(), "x".repeat(81)] {
            let input = CreateSession { name };
            let error = refused(t.domain.sessions.create_sandbox(&t.owner(), input).await);
            assert_eq!(error.first_field(), Some("name"));
        }
    })
    .await;
}
