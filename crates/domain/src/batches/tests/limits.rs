//! What one organization can take from others: room, turns and time.

use super::life::{csv, get, list};
use crate::{
    Clock, Error,
    batches::{NewBatch, files, read::Source, store_open},
    testing::{TestDomain, each_engine},
};
use types::{AppError, Timestamp, batches::BatchState};

fn code(answer: Result<impl std::fmt::Debug, Error>) -> String {
    match answer {
        Err(Error::App(error)) => error.code().to_owned(),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn drafts_have_an_end_and_old_ones_make_room() {
    each_engine(async |engine| {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let batches = &t.domain.batches;
        let first = batches.preview(&t.owner(), list(1)).await.expect("a look").batch;
        batches.confirm(&t.owner(), first.id).await.expect("confirmed");
        clock.advance(1_000);
        let mut drafts = Vec::new();
        for _ in 0..20 {
            drafts.push(
                batches
                    .preview(&t.owner(), list(1))
                    .await
                    .expect("a look")
                    .batch
                    .id,
            );
        }
        let refused = batches.preview(&t.owner(), list(1)).await;
        assert_eq!(code(refused), "TOO_MANY_DRAFTS");
        get(&t, drafts[0]).await;
        batches.confirm(&t.owner(), drafts[1]).await.expect("confirmed");
        batches.preview(&t.owner(), list(1)).await.expect("one is queued");
        assert_eq!(
            code(batches.preview(&t.owner(), list(1)).await),
            "TOO_MANY_DRAFTS"
        );
        clock.advance(3_600_001);
        batches
            .preview(&t.owner(), list(1))
            .await
            .expect("old ones make room");
        let gone = batches.get(&t.owner(), drafts[0]).await;
        assert_eq!(code(gone), "NOT_FOUND");
        get(&t, first.id).await;
        let files = std::fs::read_dir(t.store.folder().join("batches"))
            .unwrap()
            .count();
        assert_eq!(files, 3, "two that are being queued and the new one");
    })
    .await;
}

#[tokio::test]
async fn a_text_for_all_is_on_disk_once() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let text = format!("Hi {{number}} {}", "x".repeat(4_000));
        let look = NewBatch {
            text: Some(text),
            source: Source::Csv(
                ["number\n".into()]
                    .into_iter()
                    .chain((0..2_500).map(|n| format!("62812{n:07}\n")))
                    .collect::<String>()
                    .into_bytes()
                    .into(),
            ),
            ..csv("")
        };
        let look = t.domain.batches.preview(&t.owner(), look).await.expect("a look");
        assert_eq!((look.batch.valid, look.found.common), (2_500, 2_500));
        assert!(
            look.sample[0]
                .text
                .as_deref()
                .unwrap()
                .starts_with("Hi 628120000000 xxx")
        );
        let data = &t.domain.shared.config.data;
        let bytes = files::bytes_of(data, vec![look.batch.id]).await.unwrap();
        assert!(bytes < 400_000, "{bytes} bytes instead of ten millions");
        let (rows, next) = files::read(data, look.batch.id, 0, 2_000).await.unwrap();
        assert_eq!(rows.len(), 2_000);
        let (rest, _) = files::read(data, look.batch.id, next, 2_000).await.unwrap();
        assert_eq!(rest.len(), 500);
        assert!(
            rest[499]
                .text
                .as_deref()
                .unwrap()
                .starts_with("Hi 628120002499 xxx")
        );
    })
    .await;
}

#[tokio::test]
async fn organizations_take_turns() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let batches = &t.domain.batches;
        let mut mine = Vec::new();
        for _ in 0..3 {
            let id = batches
                .preview(&t.owner(), list(1))
                .await
                .expect("a look")
                .batch
                .id;
            batches.confirm(&t.owner(), id).await.expect("confirmed");
            mine.push(id);
        }
        let stranger = t.stranger().await;
        let other = batches
            .preview(&stranger, list(1))
            .await
            .expect("a look")
            .batch
            .id;
        batches.confirm(&stranger, other).await.expect("confirmed");
        let open = store_open::queueing(t.domain.shared.read()).await.unwrap();
        let ids: Vec<_> = open.iter().map(|open| open.id).collect();
        assert_eq!(ids, [mine[0], other, mine[1], mine[2]]);

        assert!(batches.queue_round().await.unwrap());
        let state = async |id| get(&t, id).await.batch.state;
        assert_eq!(state(mine[0]).await, BatchState::Queued);
        assert_eq!(state(mine[1]).await, BatchState::Queueing, "one chunk of each");
        assert_eq!(
            batches.get(&stranger, other).await.unwrap().batch.state,
            BatchState::Queued
        );

        // One that cannot go on does not keep the others waiting.
        std::fs::write(t.store.folder().join("batches").join(mine[1].key()), b"nonsense").unwrap();
        assert!(batches.queue_round().await.unwrap());
        assert_eq!(state(mine[2]).await, BatchState::Queued);
        assert!(get(&t, mine[1]).await.batch.problem.is_some());
        let mut tx = t.domain.shared.begin().await.unwrap();
        sqlx::query("UPDATE organizations SET suspended_at = 1")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(
            store_open::queueing(t.domain.shared.read())
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn cancelling_waits_for_rows_on_their_way_and_counts_them() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let batches = t.domain.batches.clone();
        let id = batches
            .preview(&t.owner(), list(10))
            .await
            .expect("a look")
            .batch
            .id;
        batches.confirm(&t.owner(), id).await.expect("confirmed");
        let open = store_open::queueing(t.domain.shared.read()).await.unwrap();
        let turn = batches.turn.clone().lock_owned().await;
        let (owner, stopping) = (t.owner(), batches.clone());
        let cancel = tokio::spawn(async move { stopping.cancel(&owner, id).await });
        t.until("it is cancelled", async |t| {
            get(t, id).await.batch.state == BatchState::Cancelled
        })
        .await;
        assert!(!cancel.is_finished(), "it waits for its turn");
        drop(turn);
        assert_eq!(cancel.await.unwrap().unwrap(), 10);
        // A chunk that was read from the list of open ones before does not begin any more.
        batches.queue_chunk(&open[0]).await.unwrap();
        let after = get(&t, id).await;
        assert_eq!(
            (
                after.counts.left_out,
                after.counts.pending,
                after.counts.cancelled
            ),
            (10, 0, 0)
        );
        assert!(matches!(
            batches.confirm(&t.owner(), id).await,
            Err(Error::App(AppError::Conflict { .. }))
        ));
    })
    .await;
}

#[tokio::test]
async fn a_draft_says_when_it_would_end() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await.started().await;
        let look = t
            .domain
            .batches
            .preview(&t.owner(), list(3))
            .await
            .expect("a look");
        let ends_at = look.ends_at.expect("the sandbox can send");
        assert!(ends_at >= look.as_of);
        assert_eq!((look.found.through.len(), look.found.through[0].rows), (1, 3));
        let none = t
            .domain
            .batches
            .preview(&t.owner(), csv("number,message\nx,y\n"))
            .await;
        assert_eq!(none.expect("a look").ends_at, None);
    })
    .await;
}
