//! A server that listens and keeps a record, and programs that call it.

use crate::app::{Answer, Call, TestApp};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::Engine;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, process::Command, time::timeout};

/// One call as it came over the wire, and what it got.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub status: u16,
    pub answer: Value,
}

#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<Seen>>>);

/// A listening server over a domain that sends.
pub struct Server {
    pub app: TestApp,
    pub url: String,
    record: Record,
    folder: PathBuf,
}

impl Server {
    pub async fn start(engine: Engine) -> Self {
        let app = TestApp::started(engine).await;
        let record = Record::default();
        let router = app
            .router
            .clone()
            .layer(middleware::from_fn_with_state(record.clone(), keep));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = app.t.store.folder().join("snippets");
        std::fs::create_dir_all(&folder).expect("a folder");
        let pdf = STANDARD.decode(crate::compat_message::PDF).expect("base64");
        std::fs::write(folder.join("document.pdf"), pdf).expect("a document");
        Self {
            app,
            url,
            record,
            folder,
        }
    }

    /// Puts the address and the key where the seed leaves them open.
    pub fn fill(&self, text: &str) -> String {
        text.replace("https://your-domain.com", &self.url)
            .replace("{{ baseUrl }}", &self.url)
            .replace("your_api_key_here", &self.app.key)
            .replace("{{ apiKeyValue }}", &self.app.key)
            .replace("YOUR_API_KEY", &self.app.key)
            .replace("YOUR_REFERENCE_ID", "order-12345")
    }

    /// Runs a program text; answers what it printed and the calls it made.
    pub async fn run(&self, program: Program, text: &str) -> (String, Vec<Seen>) {
        self.record.0.lock().expect("the record").clear();
        let file = self.folder.join(format!("snippet.{}", program.extension()));
        std::fs::write(&file, self.fill(text)).expect("a file");
        let mut command = program.command(&file);
        command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let out = match timeout(Duration::from_mins(1), command.output())
            .await
            .expect("an end within a minute")
        {
            Ok(out) => out,
            Err(error) => panic!("{error}: {}", program.remedy()),
        };
        let printed = String::from_utf8_lossy(&out.stdout).into_owned();
        let told = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(
            out.status.success(),
            "{program:?} failed: {printed}{told}\n{}",
            program.remedy()
        );
        let seen = self.record.0.lock().expect("the record").clone();
        assert!(
            !seen.is_empty(),
            "{program:?} called nobody: {printed}{told}\n{}",
            program.remedy()
        );
        (printed, seen)
    }

    /// Waits until that entry is settled and answers its status.
    pub async fn settled(&self, id: &str) -> Value {
        let path = format!("/api/message-status/{id}");
        self.app
            .t
            .until("it is settled", async |_| {
                let state = self.app.get(&path).await.json()["state"].clone();
                state == "read" || state == "failed"
            })
            .await;
        self.app.get(&path).await.json()
    }

    pub async fn set_main_number(&self, number: &str) {
        let call = Call::new(http::Method::PATCH, "/api/v1/settings").json(json!({"main_number": number}));
        assert_eq!(self.app.call(call.key(&self.app.key)).await.status, 200);
    }
}

async fn keep(State(record): State<Record>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, body) = next.run(request).await.into_parts();
    let body = body.collect().await.expect("a whole answer").to_bytes();
    let answer = Answer {
        status: parts.status,
        headers: parts.headers.clone(),
        body: body.clone(),
    };
    let seen = Seen {
        path,
        status: answer.status.as_u16(),
        answer: answer.json(),
    };
    record.0.lock().expect("the record").push(seen);
    Response::from_parts(parts, Body::from(body))
}

/// What runs a snippet.
#[derive(Clone, Copy, Debug)]
pub enum Program {
    Shell,
    Node,
    Php,
    Python,
}

impl Program {
    fn extension(self) -> &'static str {
        match self {
            Self::Shell => "sh",
            Self::Node => "cjs",
            Self::Php => "php",
            Self::Python => "py",
        }
    }

    fn command(self, file: &Path) -> Command {
        let mut command = Command::new(match self {
            Self::Shell => "sh",
            Self::Node => "node",
            Self::Php => "php",
            Self::Python => "python3",
        });
        if matches!(self, Self::Node) {
            command.env(
                "NODE_PATH",
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/node_modules"),
            );
        }
        command.arg(file);
        command
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Shell => "install the Debian package curl",
            Self::Node => "install the Debian package nodejs, and run `npm ci` in end2end for axios",
            Self::Php => "install the Debian packages php-cli and php-curl",
            Self::Python => "install the Debian packages python3 and python3-requests",
        }
    }
}

/// The parts of a file that are divided by lines like `=== name`.
pub fn parts(text: &'static str) -> Vec<(&'static str, &'static str)> {
    text.split("=== ")
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.split_once('\n'))
        .collect()
}
