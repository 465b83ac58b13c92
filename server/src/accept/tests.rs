use super::*;
use axum::{
    response::sse::{Event, Sse},
    routing::{get, post},
};
use std::{convert::Infallible, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    task::JoinHandle,
    time::{sleep, timeout},
};

const HEAD: Duration = Duration::from_millis(400);
const IDLE: Duration = Duration::from_millis(1_200);
/// Shorter than a head may take, and by two of these longer.
const STEP: Duration = Duration::from_millis(250);

struct Served {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

async fn served() -> Served {
    let stop = CancellationToken::new();
    let ends = stop.clone();
    let router = Router::new()
        .route(
            "/who",
            get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string()),
        )
        .route("/large", get(async || vec![b'x'; 64 << 20]))
        .route("/slow", get(async || sleep(STEP * 4).await))
        .route("/long", post(async |body: String| body))
        .route(
            "/live",
            get(async move || {
                let ticks = futures::stream::unfold(ends, |ends| async move {
                    let end = timeout(STEP, ends.cancelled()).await;
                    end.is_err()
                        .then(|| (Ok::<_, Infallible>(Event::default().data("tick")), ends))
                });
                Sse::new(ticks)
            }),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let patience = Patience {
        head: HEAD,
        idle: IDLE,
        write: STEP * 2,
    };
    let own = stop.clone();
    let task = tokio::spawn(async move { serve(listener, router, patience, &own).await });
    Served { address, stop, task }
}

impl Served {
    async fn open(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// Writes piece by piece with pauses, however it goes: the other side may have closed.
async fn write(stream: &mut TcpStream, pieces: &[&str]) {
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            sleep(STEP).await;
        }
        let _ = stream.write_all(piece.as_bytes()).await;
    }
}

/// What comes until the other side closes, which it must within three seconds.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(Duration::from_secs(3), stream.read_to_end(&mut bytes))
        .await
        .expect("the connection is closed");
    String::from_utf8(bytes).unwrap()
}

/// One answer whose body is that long.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4_096];
    while !text.contains("\r\n\r\n") {
        let read = timeout(Duration::from_secs(3), stream.read(&mut buffer))
            .await
            .unwrap()
            .unwrap();
        assert!(read > 0, "it ended: {text}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn half_a_head_is_not_waited_for() {
    let served = served().await;
    for pieces in [
        &[][..],
        &["GET /who HTTP/1.1\r\nhost: a\r\n"],
        // Byte by byte is no faster.
        &[
            "GET /who HTTP/1.1\r\n",
            "a: b\r\n",
            "c: d\r\n",
            "e: f\r\n",
            "g: h\r\n",
            "\r\n",
        ],
    ] {
        let mut stream = served.open().await;
        write(&mut stream, pieces).await;
        assert_eq!(rest(&mut stream).await, "", "{pieces:?}");
    }
}

#[tokio::test]
async fn after_an_answer_the_same_holds_from_the_first_byte_on() {
    let served = served().await;
    let mut stream = served.open().await;
    let whole = "GET /who HTTP/1.1\r\nhost: a\r\n\r\n";
    write(&mut stream, &[whole]).await;
    assert!(
        answer(&mut stream)
            .await
            .ends_with(&stream.local_addr().unwrap().to_string())
    );
    // Longer than a head may take, but nothing has begun.
    sleep(STEP * 3).await;
    write(&mut stream, &[whole]).await;
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    let pieces = ["GET /who", " HTTP/1.1\r\n", "host: a\r\n", "\r\n"];
    write(&mut stream, &pieces).await;
    assert_eq!(rest(&mut stream).await, "");

    let mut silent = served.open().await;
    write(&mut silent, &[whole]).await;
    answer(&mut silent).await;
    let asked = Instant::now();
    assert_eq!(rest(&mut silent).await, "");
    assert!(
        asked.elapsed() > HEAD * 2,
        "closed too early: {:?}",
        asked.elapsed()
    );
}

#[tokio::test]
async fn slow_bodies_slow_answers_and_streams_are_not_cut() {
    let served = served().await;
    let mut body = served.open().await;
    let pieces = [
        "POST /long HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 5\r\n\r\n",
        "a",
        "b",
        "c",
        "d",
        "e",
    ];
    write(&mut body, &pieces).await;
    let text = rest(&mut body).await;
    assert!(
        text.starts_with("HTTP/1.1 200") && text.ends_with("abcde"),
        "{text}"
    );

    let mut slow = served.open().await;
    write(
        &mut slow,
        &["GET /slow HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"],
    )
    .await;
    assert!(rest(&mut slow).await.starts_with("HTTP/1.1 200"));

    let mut live = served.open().await;
    write(&mut live, &["GET /live HTTP/1.1\r\nhost: a\r\n\r\n"]).await;
    sleep(STEP * 6).await;
    served.stop.cancel();
    let text = rest(&mut live).await;
    assert!(text.matches("tick").count() >= 4, "{text}");
    assert!(text.ends_with("0\r\n\r\n"), "it ended properly: {text}");
}

#[tokio::test]
async fn the_end_waits_for_what_is_on_the_wire_and_for_nothing_else() {
    let served = served().await;
    let mut idle = served.open().await;
    write(&mut idle, &["GET /who HTTP/1.1\r\nhost: a\r\n\r\n"]).await;
    answer(&mut idle).await;
    let mut slow = served.open().await;
    write(&mut slow, &["GET /slow HTTP/1.1\r\nhost: a\r\n\r\n"]).await;
    sleep(STEP).await;
    served.stop.cancel();
    assert_eq!(rest(&mut idle).await, "");
    assert!(rest(&mut slow).await.starts_with("HTTP/1.1 200"));
    timeout(Duration::from_secs(1), served.task)
        .await
        .expect("it ends")
        .unwrap();
    assert!(
        TcpStream::connect(served.address).await.is_err(),
        "nobody listens"
    );
}

#[tokio::test]
async fn who_takes_none_of_an_answer_is_let_go() {
    let served = served().await;
    let mut stream = served.open().await;
    write(&mut stream, &["GET /large HTTP/1.1\r\nHost: x\r\n\r\n"]).await;
    sleep(STEP * 6).await;
    let mut taken = 0;
    let mut buffer = vec![0; 1 << 20];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        taken += read;
    }
    assert!(taken < 64 << 20, "it was cut off after {taken} bytes");
}

#[tokio::test]
async fn who_takes_an_answer_slowly_gets_all_of_it() {
    let served = served().await;
    let mut stream = served.open().await;
    write(
        &mut stream,
        &["GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    )
    .await;
    let mut taken = 0;
    let mut buffer = vec![0; 8 << 20];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        taken += read;
        if taken % 3 == 0 {
            sleep(STEP / 8).await;
        }
    }
    assert!(taken > 64 << 20, "{taken} bytes came");
}
