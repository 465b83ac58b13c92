//! What is accepted, what is refused, and that a refusal leaves nothing behind.

use super::*;
use crate::{
    Clock, Error,
    testing::{TestDomain, each_engine},
};
use types::{AppError, Timestamp, media::MediaKind, messages::AttachmentInput};

fn fields(error: &AppError) -> Vec<(&str, &str)> {
    match error {
        AppError::Invalid { fields } => fields
            .iter()
            .map(|f| (f.field.as_str(), f.code.as_str()))
            .collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_bad_draft_names_its_field_and_queues_nothing() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let ok = || draft("6281200000001", "Hello");
        let image = |bytes: Vec<u8>, mime: &str| {
            Some(AttachmentInput::Bytes {
                data: bytes.into(),
                mime: mime.into(),
                filename: Some("photo.jpg".into()),
            })
        };
        let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe0];
        jpeg.resize(6 << 20, 0);
        let table: Vec<(&str, Draft, &str)> = vec![
            ("letters", draft("628xxx", "Hello"), "number"),
            ("no number", draft("", "Hello"), "number"),
            ("blank text", draft("6281200000001", "  \n "), "message"),
            ("long text", draft("6281200000001", &"x".repeat(4_097)), "message"),
            (
                "no such session",
                Draft {
                    session: Some("nonsense".into()),
                    ..ok()
                },
                "sessionId",
            ),
            (
                "long reference",
                Draft {
                    reference_id: Some("r".repeat(129)),
                    ..ok()
                },
                "reference_id",
            ),
            (
                "6 MB image",
                Draft {
                    attachment: image(jpeg, "image/jpeg"),
                    ..ok()
                },
                "mediaUrl",
            ),
            (
                "text named .jpg",
                Draft {
                    attachment: image(b"just text".to_vec(), "image/jpeg"),
                    ..ok()
                },
                "media",
            ),
            (
                "private address",
                Draft {
                    attachment: Some(AttachmentInput::Url {
                        url: "http://10.0.0.1/a.png".into(),
                        kind: None,
                    }),
                    ..ok()
                },
                "mediaUrl",
            ),
        ];
        for (what, draft, field) in table {
            let accepted = t.domain.messages.accept(&t.owner(), single(draft)).await.unwrap();
            let error = accepted.rows[0].as_ref().expect_err(what);
            assert!(fields(error)[0].0.starts_with(field), "{what}: {error:?}");
        }
        numbers_add_up(&t).await;
        let queue = t
            .domain
            .messages
            .queue(&t.owner(), QueueFilter::default(), PageRequest::default())
            .await
            .unwrap();
        assert!(queue.data.is_empty());
    })
    .await;
}

#[tokio::test]
async fn good_rows_of_a_bulk_are_queued_beside_bad_ones() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let drafts = vec![
            draft("6281200000001", "one"),
            draft("12", "two"),
            draft("6281200000003", "three"),
        ];
        let accepted = t
            .domain
            .messages
            .accept(
                &t.owner(),
                Accept {
                    once: false,
                    drafts,
                    class: Class::Bulk,
                    idempotency: None,
                },
            )
            .await
            .unwrap();
        let ids: Vec<_> = accepted
            .rows
            .iter()
            .map(|row| row.as_ref().ok().map(|row| row.queue_id))
            .collect();
        assert_eq!(ids, [Some(1), None, Some(2)]);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_another_body_a_conflict() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let call = || keyed(draft("6281200000001", "Hello"), "order-1", "body-1");
        let both = futures::future::join_all((0..20).map(|_| {
            let (messages, ctx) = (t.domain.messages.clone(), t.owner());
            async move { messages.accept(&ctx, call()).await.unwrap() }
        }))
        .await;
        let ids: std::collections::HashSet<_> = both.iter().map(|a| a.rows[0].as_ref().unwrap().queue_id).collect();
        assert_eq!(ids.len(), 1, "twenty calls at once, one message");
        assert_eq!(both.iter().filter(|a| !a.replayed).count(), 1);
        let other = t.domain.messages.accept(&t.owner(), keyed(draft("6281200000001", "Bye"), "order-1", "body-2")).await;
        assert!(matches!(other, Err(Error::App(AppError::Conflict { code, .. })) if code == "IDEMPOTENCY_KEY_REUSED"));
        let refused = t.domain.messages.accept(&t.owner(), keyed(draft("x", "Hello"), "order-2", "body-3")).await.unwrap();
        assert!(refused.rows[0].is_err());
        let mended = t.domain.messages.accept(&t.owner(), keyed(draft("6281200000001", "Hello"), "order-2", "body-4")).await.unwrap();
        assert!(mended.rows[0].is_ok(), "a refusal is not remembered");
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn main_number_and_allow_list_decide_at_accept() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let ctx = t.owner();
        let code = async |to: &str| {
            let accepted = t
                .domain
                .messages
                .accept(&ctx, single(draft(to, "Hello")))
                .await
                .unwrap();
            accepted.rows[0]
                .as_ref()
                .err()
                .map(|error| error.code().to_owned())
        };
        assert_eq!(code("main").await.as_deref(), Some("MAIN_NUMBER_NOT_SET"));
        let patch = types::settings::PatchSettings {
            main_number: Some(Some("6281200000009".into())),
            allow_list: Some(vec!["6281200000009".into(), "120363xxx@g.us".into()]),
            ..Default::default()
        };
        t.domain.settings.patch(&ctx, patch).await.unwrap();
        assert_eq!(code("main").await, None);
        assert_eq!(code("120363xxx@g.us").await, None);
        assert_eq!(
            code("6281200000001").await.as_deref(),
            Some("RECIPIENT_NOT_ALLOWED")
        );
    })
    .await;
}

#[tokio::test]
async fn another_organizations_session_is_as_unknown_as_any() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let stranger = t.stranger().await;
        let named = |id: String| {
            single(Draft {
                session: Some(id),
                ..draft("6281200000001", "Hello")
            })
        };
        let theirs = t
            .domain
            .messages
            .accept(&stranger, named(t.session.to_string()))
            .await
            .unwrap();
        let nobodys = t
            .domain
            .messages
            .accept(
                &stranger,
                named(SessionId(t.domain.shared.ids.uuid()).to_string()),
            )
            .await
            .unwrap();
        assert_eq!(
            theirs.rows[0].as_ref().unwrap_err(),
            nobodys.rows[0].as_ref().unwrap_err()
        );
        let refused = t
            .domain
            .messages
            .accept(&t.nobody(), named(t.session.to_string()))
            .await;
        assert!(matches!(refused, Err(Error::App(AppError::Forbidden { .. }))));
    })
    .await;
}

#[tokio::test]
async fn the_estimate_of_a_fresh_queue_is_the_setting() {
    each_engine(|engine| async move {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), false)
            .await
            .started()
            .await;
        let one = send(&t, "6281200000001", "Hello").await;
        assert_eq!(one.estimate.seconds, Some((5, 20)));
        let two = send(&t, "6281200000002", "Hello again").await;
        let (earliest, latest) = two.estimate.seconds.unwrap();
        assert!(
            (10..=25).contains(&earliest) && (25..=41).contains(&latest),
            "{earliest}-{latest}"
        );
        let detail = t
            .domain
            .messages
            .get(&t.owner(), &two.queue_id.to_string())
            .await
            .unwrap();
        let (told, now) = (detail.entry.leaves_at.unwrap(), clock.now());
        assert!(
            (told - now) / 1_000 >= 5 && (told - now) / 1_000 <= 41,
            "{}",
            told - now
        );
        // A second one to the same person also waits for the recipient's gap of an hour.
        let again = send(&t, "6281200000001", "Hello again").await;
        assert!(again.estimate.seconds.unwrap().0 >= 3_600, "{:?}", again.estimate);
        assert!(
            detail
                .gates
                .iter()
                .any(|gate| gate.gate == types::pacing::GateKind::Delay && !gate.open)
        );
        assert_eq!(MediaKind::Image.max_bytes(), 5_242_880);
    })
    .await;
}
