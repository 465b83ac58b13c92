use super::*;
use std::net::IpAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const LIMITS: Limits = Limits {
    max_bytes: 1_000,
    timeout: Duration::from_secs(5),
};

/// A server of raw bytes: what a path answers is written as it stands, then the line is closed.
async fn serve(answer: fn(&str, u16) -> Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, port, answer));
        }
    });
    port
}

async fn talk(mut stream: TcpStream, port: u16, answer: fn(&str, u16) -> Vec<u8>) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        request.push(byte);
    }
    let request = String::from_utf8(request).unwrap();
    let _ = stream.write_all(&answer(&request, port)).await;
    if request.starts_with("GET /slow") {
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
}

fn ok(headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

fn site(request: &str, port: u16) -> Vec<u8> {
    match request.split_whitespace().nth(1).unwrap() {
        "/file" => ok(
            "Content-Type: IMAGE/PNG; q=1\r\nContent-Disposition: attachment; filename=a.png\r\n",
            "bytes",
        ),
        "/request" => ok("", request),
        "/empty" => ok("", ""),
        "/large" => ok("", &"x".repeat(1_001)),
        "/exact" => ok("", &"x".repeat(1_000)),
        "/unannounced" => [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &b"x".repeat(100_000)].concat(),
        "/chunked" => {
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".to_vec()
        }
        "/broken" | "/slow" => b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf".to_vec(),
        "/relative" => redirect("file"),
        "/metadata" => redirect("http://169.254.169.254/latest/meta-data/"),
        "/private" => redirect("http://10.0.0.1/"),
        "/scheme" => redirect("file:///etc/passwd"),
        "/credentials" => redirect(&format!("http://me:secret@127.0.0.1:{port}/file")),
        "/by-name" => redirect(&format!("http://localhost:{port}/file")),
        "/loop" => redirect("/loop"),
        "/4" => redirect("/3"),
        "/3" => redirect("/2"),
        "/2" => redirect("/1"),
        "/1" => redirect("/file"),
        "/nowhere" => b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone".to_vec(),
    }
}

fn allowing(nets: &[&str]) -> Outbound {
    Outbound::new(Config {
        allow: nets.iter().map(|net| net.parse().unwrap()).collect(),
    })
}

async fn get(path: &str) -> Result<Fetched, FetchError> {
    let port = serve(site).await;
    allowing(&["127.0.0.0/8"])
        .fetch(&format!("http://127.0.0.1:{port}{path}"), LIMITS)
        .await
}

async fn body(path: &str) -> String {
    String::from_utf8(get(path).await.unwrap().bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_file_arrives_with_its_claims() {
    let file = get("/file").await.unwrap();
    assert_eq!(&file.bytes[..], b"bytes");
    assert_eq!(file.content_type.as_deref(), Some("image/png"));
    assert_eq!(file.filename.as_deref(), Some("a.png"));
    assert_eq!(body("/chunked").await, "hello");
    assert_eq!(body("/empty").await, "");
}

#[tokio::test]
async fn the_request_gives_nothing_away() {
    let request = body("/request").await.to_lowercase();
    assert!(request.contains("user-agent: switchboard\r\n"), "{request}");
    for header in ["cookie", "referer", "authorization", "x-forwarded"] {
        assert!(!request.contains(header), "{request}");
    }
}

#[tokio::test]
async fn sizes_end_at_the_limit() {
    assert_eq!(body("/exact").await.len(), 1_000);
    for path in ["/large", "/unannounced"] {
        assert_eq!(
            get(path).await.unwrap_err(),
            FetchError::TooLarge { max_bytes: 1_000 },
            "{path}"
        );
    }
}

#[tokio::test]
async fn time_ends_even_while_bytes_are_awaited() {
    let port = serve(site).await;
    let limits = Limits {
        timeout: Duration::from_millis(200),
        ..LIMITS
    };
    let error = allowing(&["127.0.0.0/8"])
        .fetch(&format!("http://127.0.0.1:{port}/slow"), limits)
        .await;
    assert_eq!(error.unwrap_err(), FetchError::TooSlow { seconds: 1 });
}

#[tokio::test]
async fn failures_are_told_apart() {
    let host = String::from("127.0.0.1");
    assert_eq!(
        get("/nothing").await.unwrap_err(),
        FetchError::Status {
            host: host.clone(),
            status: 404
        }
    );
    assert_eq!(
        get("/nowhere").await.unwrap_err(),
        FetchError::Status {
            host: host.clone(),
            status: 302
        }
    );
    assert_eq!(
        get("/broken").await.unwrap_err(),
        FetchError::Broken { host: host.clone() }
    );
    let unused = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let error = allowing(&["127.0.0.0/8"])
        .fetch(&format!("http://{unused}/"), LIMITS)
        .await
        .unwrap_err();
    assert_eq!(error, FetchError::Unreachable { host });
}

#[tokio::test]
async fn redirects_are_followed_a_few_times() {
    for path in ["/relative", "/1", "/4", "/by-name"] {
        assert_eq!(body(path).await, "bytes", "{path}");
    }
    assert_eq!(get("/loop").await.unwrap_err(), FetchError::TooManyRedirects);
}

#[tokio::test]
async fn each_hop_is_checked_again() {
    for (path, expect) in [
        ("/metadata", UrlError::Private),
        ("/private", UrlError::Private),
        ("/scheme", UrlError::Scheme),
        ("/credentials", UrlError::Credentials),
    ] {
        assert_eq!(
            get(path).await.unwrap_err(),
            FetchError::Redirect(expect),
            "{path}"
        );
    }
}

#[tokio::test]
async fn without_an_opened_network_nothing_local_is_reached() {
    let port = serve(site).await;
    let outbound = allowing(&[]);
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"] {
        let error = outbound
            .fetch(&format!("http://{host}:{port}/file"), LIMITS)
            .await
            .unwrap_err();
        assert_eq!(error, FetchError::Url(UrlError::Private), "{host}");
    }
}

fn scripted(allow: &[&str], answers: &[&[&str]]) -> Outbound {
    let answers: Vec<Vec<IpAddr>> = answers
        .iter()
        .map(|list| list.iter().map(|ip| ip.parse().unwrap()).collect())
        .collect();
    let config = Config {
        allow: allow.iter().map(|net| net.parse().unwrap()).collect(),
    };
    Outbound::with_names(config, Names::Script(answers.into()))
}

#[tokio::test]
async fn a_public_name_with_a_private_address_is_refused() {
    let port = serve(site).await;
    for answer in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1"] {
        let outbound = scripted(&[], &[&[answer]]);
        let error = outbound
            .fetch(&format!("http://files.example:{port}/file"), LIMITS)
            .await
            .unwrap_err();
        assert_eq!(
            error,
            FetchError::Private {
                host: "files.example".into()
            },
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_gains_nothing() {
    let port = serve(site).await;
    // The first hop is allowed; the redirect asks again and is told a private address.
    let outbound = scripted(&["127.0.0.1/32"], &[&["127.0.0.1"], &["10.0.0.1"]]);
    let fetched = outbound
        .fetch(&format!("http://files.example:{port}/file"), LIMITS)
        .await;
    assert!(fetched.is_ok());
    let error = outbound
        .fetch(&format!("http://other.example:{port}/file"), LIMITS)
        .await
        .unwrap_err();
    assert_eq!(
        error,
        FetchError::Private {
            host: "other.example".into()
        }
    );
}

#[tokio::test]
async fn private_answers_among_public_ones_are_never_tried() {
    let port = serve(site).await;
    let outbound = scripted(&["127.0.0.2/32"], &[&["10.255.255.1", "127.0.0.1", "127.0.0.2"]]);
    let error = outbound
        .fetch(&format!("http://files.example:{port}/file"), LIMITS)
        .await
        .unwrap_err();
    assert_eq!(
        error,
        FetchError::Unreachable {
            host: "files.example".into()
        },
        "the server is at 127.0.0.1"
    );
}

#[tokio::test]
async fn an_unknown_name_is_said_to_be_unknown() {
    let error = scripted(&[], &[&[]])
        .fetch("http://files.example/", LIMITS)
        .await
        .unwrap_err();
    assert_eq!(
        error,
        FetchError::UnknownHost {
            host: "files.example".into()
        }
    );
    assert_eq!(
        error.to_string(),
        "The link's host files.example was not found. Check the link and send again."
    );
}
