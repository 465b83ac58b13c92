//! The real program: set up, started, killed, and started again at the same address.

use crate::{
    http::{Connection, request},
    place::Place,
    process,
};
use anyhow::{Context, Result, anyhow, bail};
use db::Engine;
use serde_json::Value;
use std::{
    fs::{self, File},
    io::Write as _,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A set-up Switchboard, running or not.
#[derive(Debug)]
pub struct Installation {
    binary: PathBuf,
    pub place: Place,
    pub address: SocketAddr,
    pub access: Access,
}

/// What `init` made.
#[derive(Clone, Debug)]
pub struct Access {
    pub key: String,
    pub session: String,
}

/// A running server. Dropping it kills it.
#[derive(Debug)]
pub struct Server(Child);

impl Installation {
    /// An empty database, set up with product defaults but for the pacing.
    pub async fn make(binary: &Path, engine: Engine, below: &Path) -> Result<Self> {
        let place = Place::fresh(engine, below).await?;
        match set_up(binary, &place) {
            Ok(access) => Ok(Self {
                binary: binary.into(),
                place,
                address: free_address()?,
                access,
            }),
            Err(error) => {
                place.remove().await?;
                Err(error)
            }
        }
    }

    /// Starts the server; it may not be ready yet.
    pub fn start(&self) -> Result<Server> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = program(&self.binary, "serve", &self.place);
        command.args(["--listen", &self.address.to_string()]);
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} does not start", self.binary.display()))?;
        Ok(Server(child))
    }

    /// Waits until the API answers and the session is connected.
    pub async fn ready(&self, server: &mut Server) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = server.0.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.last_words());
            }
            if let Ok(session) = self
                .get(&format!("/api/v1/sessions/{}", self.access.session))
                .await
                && session["state"] == "connected"
            {
                return Ok(());
            }
            if Instant::now() > until {
                bail!("the server is not ready after 30 s:\n{}", self.last_words());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, "").await
    }

    /// One call on a connection of its own; anything but 2xx is an error.
    pub async fn call(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        let bytes = request(method, path, &self.access.key, None, body);
        let call = async {
            let mut connection = Connection::open(self.address).await?;
            let answer = connection.call(&bytes).await?;
            let value = serde_json::from_slice(answer.body).unwrap_or_default();
            if (200..300).contains(&answer.status) {
                Ok(value)
            } else {
                Err(anyhow!(
                    "{method} {path} was answered with {}: {value}",
                    answer.status
                ))
            }
        };
        tokio::time::timeout(Duration::from_secs(10), call)
            .await
            .with_context(|| format!("{method} {path} was not answered within 10 s"))?
    }

    /// Every page of a list.
    pub async fn pages(&self, path: &str) -> Result<Vec<Value>> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut page = self.get(&format!("{path}{mark}limit=1000{cursor}")).await?;
            match page["data"].take() {
                Value::Array(data) => rows.extend(data),
                _ => bail!("{path} has no data"),
            }
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(rows),
            }
        }
    }

    /// How many messages wait or are on the wire.
    pub async fn waiting(&self) -> Result<i64> {
        self.get("/api/v1/queue?limit=1").await?["total"]
            .as_i64()
            .context("the queue has no total")
    }

    /// Waits until everything has left.
    pub async fn drained(&self, patience: Duration) -> Result<()> {
        let until = Instant::now() + patience;
        loop {
            let waiting = self.waiting().await?;
            if waiting == 0 {
                return Ok(());
            }
            if Instant::now() > until {
                bail!(
                    "{waiting} messages still wait after {} s:\n{}",
                    patience.as_secs(),
                    self.last_words()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn log(&self) -> PathBuf {
        self.place.folder().join("server.log")
    }

    /// The end of what the server wrote, for errors.
    pub fn last_words(&self) -> String {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Server {
    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    /// SIGKILL: no handler runs, nothing is finished.
    pub fn kill(mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Waits until the server has had nothing to do for a second: the ticks of what was sent
    /// come in after it was sent, and their work belongs to the message.
    pub async fn rests(&self, patience: Duration) {
        let until = Instant::now() + patience;
        let mut before = process::cpu(self.pid());
        while Instant::now() < until {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let now = process::cpu(self.pid());
            if now.saturating_sub(before) <= Duration::from_millis(30) {
                return;
            }
            before = now;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn set_up(binary: &Path, place: &Place) -> Result<Access> {
    let mut init = program(binary, "init", place)
        .args([
            "--admin-email",
            "bench@switchboard.example",
            "--admin-password-file",
            "-",
        ])
        .args(["--organization", "Bench", "--sandbox", "--no-pacing", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} does not start", binary.display()))?;
    if let Some(mut input) = init.stdin.take() {
        input.write_all(b"only for a measurement\n")?;
    }
    let output = init.wait_with_output()?;
    if !output.status.success() {
        bail!(
            "`switchboard init` failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let made: Value =
        serde_json::from_slice(&output.stdout).context("`switchboard init --json` printed no JSON")?;
    let text = |name: &str| {
        made[name]
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("init made no {name}"))
    };
    Ok(Access {
        key: text("api_key")?,
        session: text("session")?,
    })
}

/// The program with its data; what the environment says otherwise does not reach it.
fn program(binary: &Path, verb: &str, place: &Place) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        let ours = name.to_str().is_some_and(|name| name.starts_with("SWITCHBOARD_"));
        if ours && name != "SWITCHBOARD_SITE_DIR" && name != "SWITCHBOARD_LOG" {
            command.env_remove(name);
        }
    }
    command.args([verb, "--data"]).arg(place.folder());
    if let Some(url) = place.url() {
        command.args(["--database-url", &url]);
    }
    command
}

/// A port below those that the kernel hands to clients: a client that calls again and again
/// while the server is down could otherwise be given that very port and be connected to itself.
fn free_address() -> Result<SocketAddr> {
    let first = 12_000 + (std::process::id() % 1_000) as u16 * 15;
    let address = (first..28_000).chain(12_000..first).find_map(|port| {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        TcpListener::bind(address).is_ok().then_some(address)
    });
    address.context("no free port")
}
