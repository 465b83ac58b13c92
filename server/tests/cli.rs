//! The binary, as scripts and people call it.

use serde_json::Value;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

const BINARY: &str = env!("CARGO_BIN_EXE_switchboard");

fn switchboard(data: &Path) -> Command {
    let mut command = Command::new(BINARY);
    // Nothing of the developer's own settings may leak in.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SWITCHBOARD_")) {
        command.env_remove(name);
    }
    command
        .env("SWITCHBOARD_DATA", data)
        .env("SWITCHBOARD_LOG", "warn");
    command
}

fn init(data: &Path, zone: &str, extra: &[&str]) -> Output {
    let mut child = switchboard(data)
        .args([
            "init",
            "--admin-email",
            "owner@example.com",
            "--admin-password-file",
            "-",
        ])
        .args(["--organization", "Kopi Lestari", "--time-zone", zone])
        .args(extra)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child
        .stdin
        .take()
        .expect("standard input")
        .write_all(b"correct horse battery\n")
        .expect("a password");
    child.wait_with_output().expect("an end")
}

/// A serving child; killed when dropped.
struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Serving {
    fn start(data: &Path) -> Self {
        let mut child = switchboard(data)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut out = BufReader::new(child.stdout.take().expect("standard output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let address = line.trim().rsplit("http://").next().expect("a URL").to_owned();
        Self { child, out, address }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        line
    }

    /// A plain HTTP/1.1 exchange: status and body.
    fn ask(&self, method: &str, path: &str, key: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status");
        let body = answer
            .split_once("\r\n\r\n")
            .map(|(_, body)| body.to_owned())
            .unwrap_or_default();
        (status, body)
    }

    fn terminate(mut self) -> Option<i32> {
        let killed = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .expect("kill");
        assert!(killed.success());
        self.child.wait().expect("an end").code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn init_serve_send_and_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let made = init(&data, "Asia/Jakarta", &["--sandbox", "--no-pacing", "--json"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made: Value = serde_json::from_slice(&made.stdout).expect("JSON and nothing else");
    let keys: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["api_key", "organization", "session", "session_number", "user"]
    );
    let again = init(&data, "Asia/Jakarta", &["--json"]);
    assert!(!again.status.success() && again.stdout.is_empty());
    assert!(String::from_utf8_lossy(&again.stderr).contains("already set up"));

    let mut extra = switchboard(&data);
    let extra = extra.args([
        "key",
        "create",
        "--organization",
        "Kopi Lestari",
        "--name",
        "Till",
    ]);
    let extra = extra
        .args(["--scope", "messages:send", "--json"])
        .output()
        .expect("a key");
    assert!(
        extra.status.success(),
        "{}",
        String::from_utf8_lossy(&extra.stderr)
    );
    let extra: Value = serde_json::from_slice(&extra.stdout).expect("JSON");
    assert_eq!(extra["scopes"], serde_json::json!(["messages:send"]));

    let serving = Serving::start(&data);
    let second = switchboard(&data)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .output()
        .expect("an end");
    assert!(
        !second.status.success(),
        "a SQLite file takes one server at a time"
    );
    assert!(String::from_utf8_lossy(&second.stderr).contains("already runs"));

    let key = made["api_key"].as_str().unwrap();
    let message = r#"{"number":"6282146727409","message":"Hello"}"#;
    let (status, sent) = serving.ask("POST", "/api/send", key, message);
    assert_eq!(status, 200, "{sent}");
    let only_sends = extra["secret"].as_str().unwrap();
    assert_eq!(serving.ask("POST", "/api/send", only_sends, message).0, 200);
    assert_eq!(serving.ask("GET", "/api/queue", only_sends, "").0, 403);
    let session = made["session"].as_str().unwrap();
    let path = format!("/api/v1/sandbox/{session}/phones/6282146727409/messages");
    let arrived = (0..500).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        let (status, shown) = serving.ask("GET", &path, key, "");
        assert_eq!(status, 200, "{shown}");
        (shown.matches("\"Hello\"").count() == 2).then_some(shown)
    });
    assert!(arrived.is_some(), "the phone shows both messages");
    assert_eq!(serving.ask("GET", "/health/ready", "", "").0, 200);
    assert_eq!(serving.terminate(), Some(0));
}

#[test]
fn an_empty_database_gets_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let mut serving = Serving::start(folder.path());
    let line = serving.line();
    let (_, token) = line
        .trim()
        .split_once("/set-up?token=")
        .unwrap_or_else(|| panic!("no link: {line}"));
    assert!(token.len() >= 32, "{line}");
    assert_eq!(serving.terminate(), Some(0));
}

#[test]
fn mistakes_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let bad = init(folder.path(), "Mars", &[]);
    assert!(!bad.status.success());
    assert!(
        String::from_utf8_lossy(&bad.stderr).contains("time_zone: "),
        "the field is named"
    );
    let run = |args: &[&str]| {
        let out = switchboard(folder.path()).args(args).output().expect("an end");
        assert!(!out.status.success(), "{args:?}");
        String::from_utf8_lossy(&out.stderr).into_owned()
    };
    assert!(run(&["key", "create", "--organization", "Nobody", "--name", "a"]).contains("organization"));
    assert!(run(&["serve", "--public-url", "wa.example"]).contains("--public-url"));
    assert!(run(&["serve", "--database-url", "mysql://x"]).contains("postgres://"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(run(&["serve", "--listen", &address]).contains("cannot listen"));
}

#[test]
fn the_description_is_printed_as_it_is_served() {
    let data = tempfile::tempdir().unwrap();
    let serving = Serving::start(data.path());
    let (status, served) = serving.ask("GET", "/openapi.json", "", "");
    assert_eq!(status, 200);
    let out = switchboard(data.path())
        .args(["openapi", "--public-url", &format!("http://{}", serving.address)])
        .output()
        .expect("it runs");
    assert!(out.status.success());
    assert_eq!(String::from_utf8_lossy(&out.stdout).trim(), served.trim());
}
