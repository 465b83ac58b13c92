//! What the witness keeps.

use super::*;
use crate::testing::each_engine;
use transport::Lookup;
use types::{PageRequest, events::EventType, sandbox::Incoming};

#[tokio::test]
async fn a_second_arrival_of_the_same_message_is_a_second_row() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        assert_eq!(send(&t, &["A", "B", "A"]).await, vec![SendOutcome::Sent; 3]);
        t.domain.shared.clock.advance(5);
        send(&t, &["A"]).await;
        let ids: Vec<_> = shown(&t).await.into_iter().map(|m| m.message_id).collect();
        assert_eq!(ids, ["A", "B", "A", "A"]);
        let found = line(&t).lookup(vec!["C".into(), "A".into()]).await;
        assert_eq!(found, [Lookup::NotArrived, Lookup::Arrived { at: NOW }]);
    })
    .await;
}

#[tokio::test]
async fn a_large_batch_arrives_in_its_order_and_is_read_in_pages() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        let ids: Vec<String> = (0..777).map(|n| format!("M{n:04}")).collect();
        let batch = ids.iter().map(|id| message(id)).collect();
        assert!(line(&t).send(batch).await.iter().all(|o| *o == SendOutcome::Sent));
        let (mut cursor, mut seen) = (None, Vec::new());
        loop {
            let page = PageRequest::of(100, cursor);
            let page = t
                .domain
                .sandbox
                .messages(&t.owner(), t.session, CUSTOMER, page)
                .await
                .unwrap();
            seen.extend(page.data.into_iter().map(|m| m.message_id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ids);
        let bad = PageRequest::of(100, Some("later".into()));
        let error = refused(
            t.domain
                .sandbox
                .messages(&t.owner(), t.session, CUSTOMER, bad)
                .await,
        );
        assert_eq!(error.first_field(), Some("cursor"));
        let found = line(&t).lookup(ids).await;
        assert!(found.iter().all(|f| matches!(f, Lookup::Arrived { .. })));
    })
    .await;
}

#[tokio::test]
async fn chats_are_listed_newest_first_and_pages_hear_of_changes() {
    each_engine(|engine| async move {
        let t = paused(engine).await;
        let (sandbox, owner) = (&t.domain.sandbox, t.owner());
        send(&t, &["A"]).await;
        for (from, text, from_me) in [
            ("+62 812-0000-0002", "hai\u{0}", false),
            ("120363000@g.us", "typed", true),
        ] {
            let input = Incoming {
                from: from.into(),
                text: Some(text.into()),
                name: Some("Budi".into()),
                from_me,
            };
            let written = sandbox.incoming(&owner, t.session, input).await.unwrap();
            assert_eq!(
                (written.from_customer, written.from_linked_phone),
                (!from_me, from_me)
            );
        }
        let chats = sandbox.chats(&owner, t.session).await.unwrap();
        let listed: Vec<_> = chats
            .iter()
            .map(|c| (c.number.as_str(), c.last_text.as_deref(), c.last_from_customer))
            .collect();
        let expect = [
            ("120363000@g.us", Some("typed"), false),
            ("6281200000002", Some("hai"), true),
            (CUSTOMER, Some("halo A"), false),
        ];
        assert_eq!(listed, expect);
        t.until("the page is told", async |t: &TestDomain| {
            let (events, _) = t.domain.events.after(&owner, 0, 1_000).await.unwrap();
            events
                .iter()
                .any(|e| e.kind == EventType::SandboxChanged && e.session == Some(t.session))
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn what_a_customer_writes_is_checked() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let cases = [
            ("62", Some("hai".to_owned()), "from"),
            ("", Some("hai".to_owned()), "from"),
            (CUSTOMER, None, "text"),
            (CUSTOMER, Some(" ".into()), "text"),
            (CUSTOMER, Some("x".repeat(4_097)), "text"),
        ];
        for (from, text, field) in cases {
            let input = Incoming {
                from: from.into(),
                text,
                ..Incoming::default()
            };
            let error = refused(t.domain.sandbox.incoming(&t.owner(), t.session, input).await);
            assert_eq!(error.first_field(), Some(field));
        }
        let longest = Incoming {
            from: CUSTOMER.into(),
            text: Some("é".repeat(4_096)),
            ..Incoming::default()
        };
        assert!(
            t.domain
                .sandbox
                .incoming(&t.owner(), t.session, longest)
                .await
                .is_ok()
        );
    })
    .await;
}
