//! A list from the look to the phone, also over restarts and cancelling.

use super::super::{NewBatch, read::Source};
use crate::{
    Clock,
    testing::{TestDomain, each_engine},
};
use std::{collections::BTreeMap, fmt::Write as _};
use types::{
    AppError, BatchId, PageRequest, Timestamp,
    batches::{BatchDetail, BatchState},
};

pub fn csv(text: &str) -> NewBatch {
    NewBatch {
        name: String::new(),
        file_name: Some("november.csv".into()),
        text: None,
        session: None,
        source: Source::Csv(text.as_bytes().to_vec().into()),
    }
}

pub fn list(rows: usize) -> NewBatch {
    let mut text = String::from("number,message\n");
    for index in 0..rows {
        let _ = writeln!(text, "62812{index:07},Hello {index}");
    }
    csv(&text)
}

pub async fn get(t: &TestDomain, id: BatchId) -> BatchDetail {
    let detail = t.domain.batches.get(&t.owner(), id).await.expect("a batch");
    assert_eq!(
        detail.counts.total(),
        detail.batch.valid,
        "the counts add up: {:?}",
        detail.counts
    );
    detail
}

async fn until_queued(t: &TestDomain, id: BatchId) {
    t.until("the batch is queued", async |t| {
        get(t, id).await.batch.state == BatchState::Queued
    })
    .await;
}

async fn phone(t: &TestDomain, number: &str) -> Vec<String> {
    let page = PageRequest::of(100, None);
    let shown = t
        .domain
        .sandbox
        .messages(&t.owner(), t.session, number, page)
        .await;
    shown
        .map(|page| page.data.into_iter().filter_map(|message| message.text).collect())
        .unwrap_or_default()
}

#[tokio::test]
async fn a_list_is_shown_then_queued_then_read() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await.started().await;
        let text =
            "number,message\n6281234567890,Hi\nnobody,Hi\n6281234567890,Hi\n6281234567891,\"two\nlines\"\n";
        let seen = t
            .domain
            .batches
            .preview(&t.owner(), csv(text))
            .await
            .expect("a look");
        let batch = &seen.batch;
        assert_eq!(
            (batch.rows, batch.valid, batch.duplicates, batch.invalid),
            (4, 2, 1, 1)
        );
        assert_eq!(
            (batch.name.as_str(), batch.state),
            ("november", BatchState::Draft)
        );
        assert_eq!(seen.sample.len(), 2);
        assert_eq!(seen.error_count, 2);
        assert!(
            phone(&t, "6281234567890").await.is_empty(),
            "nothing is queued before"
        );

        let id = batch.id;
        for _ in 0..2 {
            t.domain.batches.confirm(&t.owner(), id).await.expect("confirmed");
        }
        t.until("all are read", async |t| get(t, id).await.counts.read == 2)
            .await;
        assert_eq!(
            phone(&t, "6281234567890").await,
            ["Hi"],
            "confirmed twice, sent once"
        );
        assert_eq!(phone(&t, "6281234567891").await, ["two\nlines"]);
        let after = get(&t, id).await;
        assert_eq!((after.batch.state, after.batch.accepted), (BatchState::Queued, 2));
        assert!(after.sample.is_empty());
        let files = std::fs::read_dir(t.store.folder().join("batches"))
            .unwrap()
            .count();
        assert_eq!(files, 0, "the rows are forgotten once they are queued");
        let errors = t.domain.batches.errors_csv(&t.owner(), id).await.unwrap();
        assert!(
            errors.starts_with(
                "\u{feff}\"row\",\"column\",\"value\",\"error\"\r\n\"3\",\"number\",\"nobody\","
            ),
            "{errors}"
        );
        let page = t
            .domain
            .batches
            .list(&t.owner(), PageRequest::default())
            .await
            .unwrap();
        assert_eq!(page.data.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_restart_goes_on_and_queues_nothing_twice() {
    each_engine(async |engine| {
        let mut t = TestDomain::new(engine).await;
        let seen = t
            .domain
            .batches
            .preview(&t.owner(), list(4_500))
            .await
            .expect("a look");
        let id = seen.batch.id;
        t.domain.batches.confirm(&t.owner(), id).await.expect("confirmed");
        assert!(t.domain.batches.queue_round().await.expect("a chunk"));
        assert_eq!(get(&t, id).await.batch.accepted, 2_000);
        // As if the server had ended after the queue's commit and before the batch's.
        let mut tx = t.domain.shared.begin().await.unwrap();
        sqlx::query("UPDATE batches SET next_row = 0, next_byte = 0, accepted = 0")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        t = t.restarted();
        while t.domain.batches.queue_round().await.expect("a chunk") {}
        let after = get(&t, id).await;
        assert_eq!(
            (after.batch.state, after.batch.accepted, after.counts.pending),
            (BatchState::Queued, 4_500, 4_500)
        );
    })
    .await;
}

#[tokio::test]
async fn after_a_day_the_messages_themselves_tell_what_was_queued() {
    each_engine(async |engine| {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let seen = t.domain.batches.preview(&t.owner(), list(3)).await.expect("a look");
        let id = seen.batch.id;
        t.domain.batches.confirm(&t.owner(), id).await.expect("confirmed");
        t.domain.batches.queue_round().await.expect("a chunk");
        let mut tx = t.domain.shared.begin().await.unwrap();
        for sql in [
            "UPDATE batches SET next_row = 0, next_byte = 0, accepted = 0, state = 'queueing', finished_at = NULL",
            "DELETE FROM idempotency_keys",
        ] {
            sqlx::query(sql).execute(tx.conn()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let rows = t.domain.batches.preview(&t.owner(), list(3)).await.expect("the same list");
        let folder = t.store.folder().join("batches");
        std::fs::copy(folder.join(rows.batch.id.key()), folder.join(id.key())).unwrap();
        clock.advance(24 * 3_600_000);
        t.domain.batches.queue_round().await.expect("a chunk");
        let after = get(&t, id).await;
        assert_eq!((after.batch.state, after.counts.pending), (BatchState::Queued, 3));
    })
    .await;
}

#[tokio::test]
async fn cancelling_stops_what_waits_and_what_is_not_queued_yet() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let seen = t
            .domain
            .batches
            .preview(&t.owner(), list(2_100))
            .await
            .expect("a look");
        let id = seen.batch.id;
        t.domain.batches.confirm(&t.owner(), id).await.expect("confirmed");
        t.domain.batches.queue_round().await.expect("a chunk");
        assert_eq!(get(&t, id).await.counts.waiting(), 2_100);
        assert_eq!(t.domain.batches.cancel(&t.owner(), id).await.unwrap(), 2_100);
        let after = get(&t, id).await;
        assert_eq!((after.counts.cancelled, after.counts.left_out), (2_000, 100));
        assert_eq!(after.batch.state, BatchState::Cancelled);
        assert_eq!(
            t.domain.batches.cancel(&t.owner(), id).await.unwrap(),
            0,
            "said twice"
        );
        assert!(!t.domain.batches.queue_round().await.expect("nothing"));
        let again = t.domain.batches.confirm(&t.owner(), id).await;
        assert!(matches!(again, Err(crate::Error::App(AppError::Conflict { .. }))));
    })
    .await;
}

#[tokio::test]
async fn rows_that_the_queue_refuses_are_listed_too() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await.started().await;
        let mut tx = t.domain.shared.begin().await.unwrap();
        sqlx::query("UPDATE organizations SET allow_list = '6281234567890@s.whatsapp.net'")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let text = "number,message\n6281234567890,Hi\n6281234567891,Hi\n";
        let id = t
            .domain
            .batches
            .preview(&t.owner(), csv(text))
            .await
            .expect("a look")
            .batch
            .id;
        t.domain.batches.confirm(&t.owner(), id).await.expect("confirmed");
        until_queued(&t, id).await;
        let after = get(&t, id).await;
        assert_eq!((after.batch.accepted, after.batch.refused), (1, 1));
        assert_eq!(
            (after.errors[0].row, after.errors[0].column.as_str()),
            (3, "number")
        );
        assert!(after.errors[0].message.contains("allow-list"));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_left_of_a_list_that_nobody_confirms() {
    each_engine(async |engine| {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let id = t
            .domain
            .batches
            .preview(&t.owner(), list(3))
            .await
            .expect("a look")
            .batch
            .id;
        super::super::files::forget(&t.domain.shared).await.unwrap();
        get(&t, id).await;
        clock.advance(25 * 3_600_000);
        super::super::files::forget(&t.domain.shared).await.unwrap();
        let gone = t.domain.batches.get(&t.owner(), id).await;
        assert!(matches!(gone, Err(crate::Error::App(AppError::NotFound { .. }))));
        assert_eq!(
            std::fs::read_dir(t.store.folder().join("batches"))
                .unwrap()
                .count(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn refusals_leave_nothing_and_others_see_nothing() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let batches = &t.domain.batches;
        let big = NewBatch {
            source: Source::Csv(vec![b'a'; (10 << 20) + 1].into()),
            ..csv("")
        };
        let field = async |input: NewBatch| match batches.preview(&t.owner(), input).await {
            Err(crate::Error::App(error)) => {
                format!("{} {}", error.status(), error.first_field().unwrap_or(""))
            }
            _ => "accepted".into(),
        };
        assert_eq!(field(big).await, "413 ");
        assert_eq!(field(csv("phone\n1\n")).await, "422 file");
        let named = NewBatch {
            name: "x".repeat(81),
            ..list(1)
        };
        assert_eq!(field(named).await, "422 name");
        let elsewhere = NewBatch {
            session: Some("ses_00000000000000000000000000000007".into()),
            ..list(1)
        };
        assert_eq!(field(elsewhere).await, "422 session");
        let page = batches.list(&t.owner(), PageRequest::default()).await.unwrap();
        assert!(page.data.is_empty());

        let none = batches
            .preview(&t.owner(), csv("number,message\nx,y\n"))
            .await
            .expect("a look")
            .batch;
        assert!(
            batches.confirm(&t.owner(), none.id).await.is_err(),
            "nothing to send"
        );
        let stranger = t.stranger().await;
        assert!(batches.get(&stranger, none.id).await.is_err());
        assert!(batches.confirm(&stranger, none.id).await.is_err());
        assert!(batches.cancel(&stranger, none.id).await.is_err());
        assert!(batches.errors_csv(&stranger, none.id).await.is_err());
        assert!(
            batches
                .list(&stranger, PageRequest::default())
                .await
                .unwrap()
                .data
                .is_empty()
        );
        let by_state: BTreeMap<_, i64> = BTreeMap::from([(none.state.name(), none.invalid)]);
        assert_eq!(by_state, BTreeMap::from([("draft", 1)]));
    })
    .await;
}
