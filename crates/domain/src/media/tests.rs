//! The room on both engines.

use super::*;
use crate::{
    Error,
    testing::{TestDomain, each_engine},
};
use detect::tests::sample;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use types::{Permissions, SessionId, media::MediaKind};

fn gone(result: Result<(Media, Vec<u8>)>) {
    assert!(
        matches!(result, Err(Error::App(AppError::NotFound { .. }))),
        "{:?}",
        result.map(|(media, _)| media)
    );
}

async fn save(t: &TestDomain, bytes: &'static [u8], filename: Option<&str>) -> Media {
    let found = check(bytes, None, None, None).unwrap();
    let mut tx = t.domain.shared.begin().await.unwrap();
    let media = t
        .domain
        .media
        .save_in(&mut tx, t.made.organization, bytes, &found, filename)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    media
}

#[tokio::test]
async fn a_saved_attachment_opens_for_its_organization_alone() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let media = save(&t, sample::PNG, Some("../plan.png")).await;
        assert_eq!(
            (media.kind, media.filename.as_deref()),
            (MediaKind::Image, Some("plan.png"))
        );
        let (opened, bytes) = t.domain.media.open(&t.owner(), media.id).await.unwrap();
        assert_eq!(opened, media);
        assert_eq!(bytes, sample::PNG);

        gone(t.domain.media.open(&t.stranger().await, media.id).await);
        gone(
            t.domain
                .media
                .open(&t.owner(), MediaId(t.domain.shared.ids.uuid()))
                .await,
        );
        let pinned = Ctx {
            session: Some(SessionId(t.domain.shared.ids.uuid())),
            ..t.owner()
        };
        gone(t.domain.media.open(&pinned, media.id).await);
        let refused = t.domain.media.open(&t.nobody(), media.id).await;
        assert!(matches!(refused, Err(Error::App(AppError::Forbidden { .. }))));
        let queue_only = Ctx {
            permissions: Permissions::NONE.with(Permission::QueueView),
            ..t.owner()
        };
        assert!(t.domain.media.open(&queue_only, media.id).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_same_file_under_the_same_name_is_one_row() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let first = save(&t, sample::PDF, Some("invoice.pdf")).await;
        assert_eq!(save(&t, sample::PDF, Some("invoice.pdf")).await, first);
        let other = save(&t, sample::PDF, None).await;
        assert_ne!(other.id, first.id);
        let ids = [first.id, other.id, MediaId(t.domain.shared.ids.uuid())];
        let known = t.domain.media.many(t.made.organization, &ids).await.unwrap();
        assert_eq!(known.len(), 2);
        assert_eq!(known[&first.id], first);
        let strange = t.stranger().await.organization.unwrap();
        assert!(t.domain.media.many(strange, &ids).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_rolled_back_row_leaves_no_attachment() {
    each_engine(async |engine| {
        let t = TestDomain::new(engine).await;
        let stored = t.domain.media.put(sample::TXT).await.unwrap();
        let found = check(sample::TXT, None, None, None).unwrap();
        let mut tx = t.domain.shared.begin().await.unwrap();
        let room = &t.domain.media;
        let media = room
            .record_in(tx.conn(), t.made.organization, &stored, &found, None)
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        gone(room.open(&t.owner(), media.id).await);
    })
    .await;
}

/// A server that answers every request with these bytes, and the address of a file on it.
async fn serve(body: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 2_048]).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), body].concat()).await;
        }
    });
    format!("http://{address}/files/photo.jpg")
}

#[tokio::test]
async fn a_link_is_judged_by_what_lies_behind_it() {
    let t = TestDomain::new(db::Engine::Sqlite).await;
    let room = &t.domain.media;
    let url = serve(sample::PNG).await;
    room.check_url(&url).unwrap();
    let file = room.fetch(&url, None).await.unwrap();
    assert_eq!(
        (file.found.extension, file.filename.as_deref()),
        ("png", Some("photo.jpg"))
    );
    let problem = room.fetch(&url, Some(MediaKind::Video)).await.unwrap_err();
    assert!(
        problem
            .to_string()
            .starts_with("The attachment is not a video: its content is PNG."),
        "{problem}"
    );

    let text = room.fetch(&serve(sample::TXT).await, None).await.unwrap();
    assert_eq!(
        text.found.kind,
        MediaKind::Document,
        "a link's name does not refuse"
    );
    let empty = room.fetch(&serve(b"").await, None).await.unwrap_err();
    assert_eq!(empty, FetchProblem::Media(MediaProblem::Empty));
    assert!(room.check_url("http://10.0.0.1/photo.jpg").is_err());
}

fn files(t: &TestDomain, folder: &str) -> usize {
    let Ok(entries) = std::fs::read_dir(t.store.folder().join(folder)) else {
        return 0;
    };
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                std::fs::read_dir(path).unwrap().count()
            } else {
                1
            }
        })
        .sum()
}

#[tokio::test]
async fn a_refused_form_lays_one_file_aside_for_each_member() {
    each_engine(async |engine| {
        let clock = crate::Clock::manual(types::Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let (media, owner, other) = (&t.domain.media, t.owner(), t.stranger().await);
        let first = media.keep(&owner, Bytes::from_static(b"first")).await.unwrap();
        assert_eq!(media.kept(&owner, &first).await.unwrap(), "first");
        assert!(media.kept(&other, &first).await.is_err());
        let second = media.keep(&owner, Bytes::from_static(b"second")).await.unwrap();
        assert!(media.kept(&owner, &first).await.is_err(), "it was replaced");
        assert_eq!(media.kept(&owner, &second).await.unwrap(), "second");
        assert_eq!((files(&t, "kept"), files(&t, "media")), (1, 0));
        clock.advance(25 * 3_600_000);
        media.sweep_folders(0, 1).await.unwrap();
        assert_eq!(files(&t, "kept"), 0);
    })
    .await;
}

#[tokio::test]
async fn old_files_that_no_message_names_are_removed() {
    each_engine(async |engine| {
        let clock = crate::Clock::manual(types::Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let media = &t.domain.media;
        let named = save(&t, sample::PNG, None).await;
        for bytes in ["left", "left too"] {
            media.put(bytes).await.unwrap();
        }
        let sweep = async || {
            for hour in 0..24 {
                media.sweep_folders(hour * 11, hour * 11 + 11).await.unwrap();
            }
        };
        sweep().await;
        assert_eq!(files(&t, "media"), 3, "young files may get their row yet");
        clock.advance(25 * 3_600_000);
        media.put("left too").await.unwrap();
        sweep().await;
        assert_eq!(files(&t, "media"), 2, "one is young again");
        assert_eq!(media.open(&t.owner(), named.id).await.unwrap().1, sample::PNG);
    })
    .await;
}
