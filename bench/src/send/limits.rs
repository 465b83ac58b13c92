//! What this machine can do at best: the limits that the product's figures are held against.

use super::{CONNECTIONS, Setting};
use crate::{
    http::request,
    load::{Load, Template, drive},
    place::Place,
    report::Line,
};
use anyhow::{Context, Result};
use axum::{Json, Router, routing::post};
use db::{AssertSqlSafe, Db, Engine, Options, insert_sql, sqlx};
use serde::{Deserialize, Serialize};
use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    os::unix::fs::FileExt as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Rates per second.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Bare axum, at each number of [`CONNECTIONS`].
    pub bare: Vec<f64>,
    pub sync: f64,
    pub sqlite: Commits,
    pub postgres: Commits,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Commits {
    /// One row per commit, one client after the other's answer.
    pub single: f64,
    /// One row per commit, 32 clients; on SQLite there is one writer.
    pub many: f64,
    /// Rows in commits of 200.
    pub grouped: f64,
}

impl Limits {
    pub fn of(&self, engine: Engine) -> Commits {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

const GROUP: &str = "Limits of this machine";

pub async fn measure(setting: &Setting, lines: &mut Vec<Line>) -> Result<Limits> {
    let mut limits = Limits::default();
    for connections in CONNECTIONS {
        let (rate, line) = bare(setting, connections).await?;
        limits.bare.push(rate);
        lines.push(line);
    }
    std::fs::create_dir_all(&setting.below)?;
    limits.sync = syncs(&setting.below, setting.short())?;
    lines.push(Line::new(GROUP, "write 4 KiB and fdatasync", limits.sync, "/s"));
    for engine in &setting.engines {
        let place = Place::fresh(*engine, &setting.below).await?;
        let commits = commits(&place, setting.short()).await;
        place.remove().await?;
        let commits = commits?;
        let name = if *engine == Engine::Sqlite {
            "SQLite"
        } else {
            "PostgreSQL"
        };
        let mut line = |what: &str, rate: f64, unit| {
            lines.push(
                Line::new(GROUP, format!("{name}, {what}"), rate, unit).against("fdatasync", limits.sync),
            );
        };
        line("one row per commit, 1 client", commits.single, "/s");
        if *engine == Engine::Postgres {
            line("one row per commit, 32 clients", commits.many, "/s");
        }
        line("200 rows per commit, 1 client", commits.grouped, "rows/s");
        match engine {
            Engine::Sqlite => limits.sqlite = commits,
            Engine::Postgres => limits.postgres = commits,
        }
    }
    Ok(limits)
}

#[derive(Deserialize)]
struct Asked {
    number: String,
    message: String,
}

#[derive(Serialize)]
struct Answered {
    success: bool,
    message: &'static str,
    #[serde(rename = "queueId")]
    queue_id: usize,
    status: &'static str,
}

/// A server that reads the same body, does nothing, and answers: the process behind [`bare`].
pub async fn serve_bare() -> Result<()> {
    async fn send(Json(asked): Json<Asked>) -> Json<Answered> {
        let queue_id = asked.number.len() + asked.message.len();
        Json(Answered {
            success: true,
            message: "Message queued successfully",
            queue_id,
            status: "pending",
        })
    }
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    // The one line that the other process waits for.
    eprintln!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, Router::new().route("/api/send", post(send))).await?)
}

async fn bare(setting: &Setting, connections: usize) -> Result<(f64, Line)> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("bare")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut first = String::new();
    if let Some(output) = child.stderr.take() {
        BufReader::new(output).read_line(&mut first)?;
    }
    let measured = async {
        let address: SocketAddr = first.trim().parse().context("the bare server did not start")?;
        let load = Load {
            address,
            connections,
            time: setting.short(),
            most: setting.most,
        };
        drive(load, template("none")?).await
    };
    let measured = measured.await;
    child.kill()?;
    child.wait()?;
    let measured = measured?;
    anyhow::ensure!(measured.bad == 0, "the bare server refused calls");
    let line = Line::new(
        GROUP,
        format!("bare axum, {connections} connections"),
        measured.rate(),
        "/s",
    )
    .times(measured.percentile(0.5), measured.percentile(0.99));
    Ok((measured.rate(), line))
}

/// The call that is measured: another text each time, to two hundred recipients.
pub fn template(key: &str) -> Result<Template> {
    let body = r#"{"number":"62812NNNNNN","message":"Your order TTTTTTTT has left our house."}"#;
    Template::new(request("POST", "/api/send", key, None, body))
        .counting("NNNNNN", super::RECIPIENTS)?
        .counting("TTTTTTTT", 100_000_000)
}

/// How often the file system of that folder can be made to keep 4 KiB for certain.
fn syncs(folder: &Path, time: Duration) -> Result<f64> {
    let path = folder.join("sync-probe");
    let file = File::create(&path)?;
    let page = [7_u8; 4_096];
    let (begin, mut count) = (Instant::now(), 0_u32);
    while begin.elapsed() < time {
        // Walking through 4 MiB, as a log does that is written again from its beginning.
        file.write_all_at(&page, u64::from(count % 1_024) * 4_096)?;
        file.sync_data()?;
        count += 1;
    }
    let rate = f64::from(count) / begin.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}

const ROWS: usize = 200;

async fn commits(place: &Place, time: Duration) -> Result<Commits> {
    let url = place
        .url()
        .unwrap_or_else(|| format!("sqlite://{}", place.folder().join("probe.db").display()));
    let db = Db::connect(&Options {
        url,
        readers: 1,
        writers: 32,
    })
    .await?;
    let mut tx = db.begin().await?;
    sqlx::query("CREATE TABLE probe (id TEXT PRIMARY KEY, body TEXT NOT NULL, at BIGINT NOT NULL)")
        .execute(tx.conn())
        .await?;
    tx.commit().await?;
    let single = rate(&db, 1, 1, 0, time).await?;
    let many = if db.engine() == Engine::Sqlite {
        single
    } else {
        rate(&db, 32, 1, 1, time).await?
    };
    let grouped = rate(&db, 1, ROWS, 2, time).await?;
    db.close().await;
    Ok(Commits {
        single,
        many,
        grouped,
    })
}

/// Rows per second of that many clients, each committing that many rows at a time.
async fn rate(db: &Db, clients: usize, rows: usize, run: usize, time: Duration) -> Result<f64> {
    let begin = Instant::now();
    let work = (0..clients).map(|client| {
        let db = db.clone();
        tokio::spawn(async move {
            let sql = insert_sql(db.engine(), "probe (id, body, at)", 3, rows, "");
            let mut count = 0_usize;
            while begin.elapsed() < time {
                let mut tx = db.begin().await?;
                let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
                for row in 0..rows {
                    query = query
                        .bind(format!("{run:04x}{client:04x}{:024x}", count + row))
                        .bind("Your order 00000000 has left our house.")
                        .bind(count as i64);
                }
                query.execute(tx.conn()).await?;
                tx.commit().await?;
                count += rows;
            }
            Ok::<_, db::Error>(count)
        })
    });
    let mut sum = 0;
    for task in work.collect::<Vec<_>>() {
        sum += task.await??;
    }
    Ok(sum as f64 / begin.elapsed().as_secs_f64())
}
