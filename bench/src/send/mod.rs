//! `bench send`: how fast messages are accepted and delivered, beside what the machine can do.

mod accept;
pub mod limits;
mod through;

use crate::{
    process,
    report::{Line, Report},
};
use anyhow::Result;
use db::Engine;
use limits::Limits;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// The numbers of connections that accepting is measured with.
const CONNECTIONS: [usize; 3] = [1, 32, 256];
/// How many customers the messages go to.
const RECIPIENTS: u64 = 200;
/// The most calls of a phase, and the longest that one takes.
const MOST: u64 = 200_000;
const LONGEST: Duration = Duration::from_secs(10);

/// What is to be measured.
#[derive(Clone, Debug)]
pub struct Setting {
    pub binary: PathBuf,
    pub engines: Vec<Engine>,
    /// Where the data folders are made.
    pub below: PathBuf,
    /// Per accept phase.
    pub time: Duration,
    /// Sent end to end.
    pub messages: u64,
    most: u64,
}

impl Setting {
    pub fn new(binary: PathBuf, engines: Vec<Engine>, below: PathBuf, time: Duration, messages: u64) -> Self {
        Self {
            binary,
            engines,
            below,
            time: time.min(LONGEST),
            messages: messages.min(MOST),
            most: MOST,
        }
    }

    /// The limits are steadier than the product and need less time.
    fn short(&self) -> Duration {
        self.time.min(Duration::from_secs(3))
    }
}

pub async fn run(setting: &Setting) -> Result<Report> {
    let mut report = Report {
        machine: machine(&setting.below),
        ..Report::default()
    };
    let limits = limits::measure(setting, &mut report.lines).await?;
    for engine in &setting.engines {
        accept::measure(setting, *engine, &limits, &mut report).await?;
        through::measure(setting, *engine, &limits, &mut report).await?;
    }
    browser_part(&setting.binary, &mut report.lines);
    Ok(report)
}

fn machine(below: &Path) -> Vec<String> {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let _ = fs::create_dir_all(below);
    vec![
        format!(
            "{cores} cores, {}; clients and server share them",
            model.unwrap_or("unknown processor")
        ),
        format!(
            "data on {}; every phase with a fresh database and product defaults, without pacing",
            process::file_system(below)
        ),
    ]
}

const fn name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    }
}

/// Each accepted message must be a row that survived the kill.
fn void_if_lost(report: &mut Report, what: &str, good: u64, bad: u64, rows: i64) {
    let rows = rows.max(0) as u64;
    if rows < good {
        report.void.push(format!(
            "{what}: {good} messages were accepted, {rows} were there after the kill"
        ));
    } else if bad == 0 && rows > good {
        report.void.push(format!(
            "{what}: {good} messages were accepted, but there are {rows} rows"
        ));
    }
}

/// What a browser loads for the first page.
fn browser_part(binary: &Path, lines: &mut Vec<Line>) {
    let site = std::env::var_os("SWITCHBOARD_SITE_DIR").map_or_else(
        || {
            binary
                .parent()
                .and_then(Path::parent)
                .unwrap_or(Path::new("."))
                .join("site-release")
        },
        PathBuf::from,
    );
    let files = fs::read_dir(site.join("pkg")).into_iter().flatten().flatten();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.ends_with(".wasm.br") {
            let size = file.metadata().map_or(0, |data| data.len()) as f64 / 1_000.0;
            lines.push(
                Line::new("Browser part", "WASM of the first route, brotli", size, "kB").at_most(250.0),
            );
        }
    }
}
