//! From the first call until everything is on the phones, and what the server needs for it.

use super::{Limits, RECIPIENTS, Setting, limits, name};
use crate::{
    http::request,
    load::{Load, Measured, Template, drive, percentile},
    process,
    report::{Line, Report},
    server::{Installation, Server},
};
use anyhow::{Result, ensure};
use db::Engine;
use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

/// Rows in one call of `/api/send-bulk`.
const ROWS: usize = 1_000;
const MEGABYTE: f64 = 1_048_576.0;

pub async fn measure(setting: &Setting, engine: Engine, limits: &Limits, report: &mut Report) -> Result<()> {
    for way in [Way::Calls, Way::Bulk] {
        let installation = Installation::make(&setting.binary, engine, &setting.below).await?;
        let done = run(setting, &installation, way, limits, report).await;
        installation.place.remove().await?;
        done?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Calls,
    Bulk,
}

async fn run(
    setting: &Setting,
    installation: &Installation,
    way: Way,
    limits: &Limits,
    report: &mut Report,
) -> Result<()> {
    let engine = installation.place.engine;
    let mut server = installation.start()?;
    installation.ready(&mut server).await?;
    server.rests(Duration::from_secs(10)).await;
    let idle = process::memory(server.pid());
    let group = format!("{}: end to end through the sandbox", name(engine));

    let begin = Instant::now();
    let before = process::cpu(server.pid());
    let (measured, rows) = send(setting, installation, way).await?;
    let sent = measured.good * rows;
    installation.drained(Duration::from_mins(2)).await?;
    let took = begin.elapsed();
    on_the_phones(installation, sent).await?;
    server.rests(Duration::from_mins(1)).await;
    let cpu = process::cpu(server.pid()).saturating_sub(before);

    let rate = sent as f64 / took.as_secs_f64();
    let what = if way == Way::Calls {
        "by /api/send, 32 connections"
    } else {
        "by /api/send-bulk, 4 connections"
    };
    if way == Way::Bulk {
        let rows_rate = measured.rate() * rows as f64;
        report.lines.push(
            Line::new(&group, "bulk rows accepted, 1,000 per call", rows_rate, "rows/s")
                .times(measured.percentile(0.5), measured.percentile(0.99))
                .against("200 rows per commit", limits.of(engine).grouped),
        );
    }
    let mut ways = installation.place.ways().await?;
    ways.sort_unstable();
    let way_of = |share| percentile(&ways, share).unwrap_or_default() as f64;
    let mut line = Line::new(&group, what, rate, "msg/s")
        .times(way_of(0.5), way_of(0.99))
        .note(format!(
            "{sent} messages; the times are from acceptance to the tick"
        ));
    if way == Way::Calls {
        line = line.against("Evolution API's 690/s", 690.0);
    }
    report.lines.push(line.at_least(10_000.0));
    let each = cpu.as_secs_f64() * 1e6 / sent.max(1) as f64;
    report.lines.push(Line::new(
        &group,
        "  server CPU per message, ticks included",
        each,
        "µs",
    ));
    if way == Way::Calls {
        memory(&group, idle, &server, report);
    }
    server.kill()
}

/// Sends what a phase sends; answers how many rows each call had.
async fn send(setting: &Setting, installation: &Installation, way: Way) -> Result<(Measured, u64)> {
    let key = &installation.access.key;
    let (template, connections, rows) = match way {
        Way::Calls => (limits::template(key)?, 32, 1),
        Way::Bulk => (bulk(key), 4, ROWS as u64),
    };
    let most = setting.messages / rows;
    let load = Load {
        address: installation.address,
        connections,
        time: Duration::from_secs(10),
        most,
    };
    let measured = drive(load, template).await?;
    ensure!(
        measured.bad == 0,
        "{} calls were refused or broke:\n{}",
        measured.bad,
        installation.last_words()
    );
    Ok((measured, rows))
}

fn bulk(key: &str) -> Template {
    let rows: Vec<String> = (0..ROWS)
        .map(|row| {
            let to = row as u64 % RECIPIENTS;
            format!(r#"{{"number":"62812{to:06}","message":"Your order {row:08} has left our house."}}"#)
        })
        .collect();
    let body = format!(r#"{{"messages":[{}]}}"#, rows.join(","));
    Template::new(request("POST", "/api/send-bulk", key, None, &body))
}

/// A rate of messages that are not on the phones, or twice, would be worth nothing.
async fn on_the_phones(installation: &Installation, sent: u64) -> Result<()> {
    let (mut arrived, mut ids) = (0, HashSet::new());
    for to in 0..RECIPIENTS {
        let path = format!(
            "/api/v1/sandbox/{}/phones/62812{to:06}/messages",
            installation.access.session
        );
        for row in installation.pages(&path).await? {
            arrived += 1;
            ids.insert(row["message_id"].as_str().unwrap_or_default().to_owned());
        }
    }
    ensure!(
        arrived == sent && ids.len() as u64 == sent,
        "{sent} messages were accepted, the phones show {arrived}, {} of them different",
        ids.len()
    );
    Ok(())
}

fn memory(group: &str, idle: u64, server: &Server, report: &mut Report) {
    let after = process::memory(server.pid()) as f64 / MEGABYTE;
    report
        .lines
        .push(Line::new(group, "  memory, idle", idle as f64 / MEGABYTE, "MB").at_most(50.0));
    report
        .lines
        .push(Line::new(group, "  memory, afterwards", after, "MB"));
}
