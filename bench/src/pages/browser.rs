//! Asks for pages as a browser does, one at a time, and takes the time until the last byte.

use anyhow::{Context as _, Result, ensure};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Who asks.
#[derive(Clone, Debug)]
pub enum Who {
    Nobody,
    /// A login's cookie.
    Login(String),
    Key(String),
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: &'static str,
    pub path: String,
    pub body: String,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            body: String::new(),
        }
    }

    pub fn post(path: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            method: "POST",
            path: path.into(),
            body: body.into(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
    pub took: Duration,
}

/// The password that a measurement sets up with, as forms write it.
const PASSWORD: &str = "only+for+a+measurement";
const PATIENCE: Duration = Duration::from_mins(2);

/// A connection for each call: the answer ends where the connection does. `None`: there was none.
pub async fn ask(address: SocketAddr, who: &Who, ask: &Ask) -> Result<Option<Answer>> {
    let (accept, kind) = match who {
        Who::Key(_) => ("application/json", "application/json"),
        _ => ("text/html", "application/x-www-form-urlencoded"),
    };
    let whose = match who {
        Who::Nobody => String::new(),
        Who::Login(cookie) => format!("Cookie: {cookie}\r\n"),
        Who::Key(key) => format!("X-API-Key: {key}\r\n"),
    };
    let request = format!(
        "{} {} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nAccept: {accept}\r\n{whose}\
         Content-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        ask.method,
        ask.path,
        ask.body.len(),
        ask.body
    );
    let begin = Instant::now();
    let mut bytes = Vec::with_capacity(65_536);
    let call = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        stream.write_all(request.as_bytes()).await?;
        stream.read_to_end(&mut bytes).await
    };
    tokio::time::timeout(PATIENCE, call)
        .await
        .with_context(|| format!("{} was not answered within two minutes", ask.path))??;
    let took = begin.elapsed();
    if bytes.is_empty() {
        return Ok(None);
    }
    let end = bytes
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .with_context(|| format!("{} was answered with something that is no HTTP", ask.path))?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head
        .get(9..12)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0);
    Ok(Some(Answer {
        status,
        head,
        body: bytes.split_off(end + 4),
        took,
    }))
}

/// Logs in; everybody has the password of the set-up.
pub async fn log_in(address: SocketAddr, email: &str) -> Result<Who> {
    let form = format!("email={}&password={PASSWORD}&next=", email.replace('@', "%40"));
    let answer = ask(address, &Who::Nobody, &Ask::post("/fn/log_in", form)).await?;
    let answer = answer.context("the log-in was not answered")?;
    let cookie = answer.head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let cookie = value.split(';').next()?;
        (name.eq_ignore_ascii_case("set-cookie") && !cookie.ends_with('=')).then(|| cookie.to_owned())
    });
    ensure!(
        answer.status < 400,
        "{email} could not log in: {}",
        String::from_utf8_lossy(&answer.body)
    );
    Ok(Who::Login(cookie.context("the log-in gave no cookie")?))
}
