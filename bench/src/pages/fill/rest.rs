//! Alerts, lists that were sent at once, and where the logs stand.

use super::{
    book::Organization,
    chance::{self, DAY, HOUR, MINUTE},
    log::Log,
    rows::{Rows, run},
    timeline::{List, SPAN},
};
use crate::row;
use anyhow::Result;
use db::Db;
use rand::{Rng as _, rngs::StdRng};
use types::{
    alerts::{AlertKind, Severity},
    batches::{Encoding, Found},
};

pub async fn write(
    db: &Db,
    all: &[Organization],
    lists: &[List],
    batches: &[String],
    log: &Log,
    now: i64,
    random: &mut StdRng,
) -> Result<()> {
    write_batches(db, all, lists, batches, random).await?;
    write_alerts(db, all, now, random).await?;
    let mut numbers = Rows::new("request_log_numbers (organization_id, entries)");
    for (organization, entries) in &log.entries {
        numbers.push(row![organization, *entries]);
    }
    // The calls of the set-up may have been logged before.
    let mut tx = db.begin().await?;
    run(
        tx.conn(),
        "DELETE FROM request_log_numbers WHERE organization_id <> ''".into(),
    )
    .await?;
    // What happened before is nothing to look at now.
    let place =
        "UPDATE alert_places SET seq = (SELECT COALESCE(MAX(seq), 0) FROM events) WHERE name = 'events'";
    run(tx.conn(), place.into()).await?;
    tx.commit().await?;
    numbers.write(db).await
}

async fn write_batches(
    db: &Db,
    all: &[Organization],
    lists: &[List],
    batches: &[String],
    random: &mut StdRng,
) -> Result<()> {
    let mut rows = Rows::new(
        "batches (id, organization_id, name, file_name, made_by, state, found, row_count, valid, duplicates, invalid, \
         next_row, accepted, created_at, confirmed_at, finished_at)",
    );
    let mut errors =
        Rows::new("batch_errors (batch_id, organization_id, row_number, place, column_name, value, message)");
    let found = Found {
        encoding: Encoding::Utf8,
        delimiter: Some(','),
        columns: vec!["number".into(), "message".into()],
        ignored: Vec::new(),
        formulas: 0,
    };
    let found = serde_json::to_string(&found)?;
    for (nth, list) in lists.iter().enumerate() {
        let own = &all[list.organization];
        let valid = i64::from(list.rows);
        let (invalid, duplicates) = (valid / 200, valid / 90);
        rows.push(row![
            &batches[nth],
            &own.key,
            &format!("Customers {}", nth + 1),
            "customers.csv",
            "Owner",
            "queued",
            &found,
            valid + invalid + duplicates,
            valid,
            duplicates,
            invalid,
            valid,
            valid,
            list.at - 2 * MINUTE,
            list.at,
            list.at + valid / 5
        ]);
        for error in 0..invalid {
            errors.push(row![
                &batches[nth],
                &own.key,
                error * 200 + random.random_range(2..200_i64),
                0,
                "number",
                "12",
                "Write a number with its country code, for example 6281234567890"
            ]);
        }
    }
    rows.write(db).await?;
    errors.write(db).await
}

async fn write_alerts(db: &Db, all: &[Organization], now: i64, random: &mut StdRng) -> Result<()> {
    let mut rows = Rows::new(
        "alerts (id, organization_id, session_id, kind, subject, severity, status, happened, means, advice, raised_at, \
         last_seen_at, told_at, times_seen, acknowledged_at, acknowledged_by, resolved_at, resolution)",
    );
    let mut counters = Rows::new("alert_counters (organization_id, severity, open, acknowledged)");
    for (nth, own) in all.iter().enumerate() {
        let mut standing = vec![(0, 0); Severity::ALL.len()];
        for (place, session) in own.sessions.iter().enumerate() {
            let past = if nth == 0 { 150 } else { 3 };
            for count in 0..=past {
                let kind = AlertKind::ALL[(place + count) % AlertKind::ALL.len()];
                let status = match count {
                    0 if nth < 20 => "open",
                    0 if nth < 40 => "acknowledged",
                    _ => "resolved",
                };
                let at = match status {
                    "resolved" => now - random.random_range(DAY..SPAN),
                    _ => now - random.random_range(HOUR..DAY),
                };
                if let Some(of) = Severity::ALL.iter().position(|one| *one == kind.severity()) {
                    standing[of].0 += i64::from(status == "open");
                    standing[of].1 += i64::from(status == "acknowledged");
                }
                let over = (status == "resolved").then_some(at + 20 * MINUTE);
                let seen = (status == "acknowledged").then_some(at + MINUTE);
                rows.push(row![
                    &chance::id(at, random),
                    &own.key,
                    &session.key,
                    kind.name(),
                    &session.key,
                    kind.severity().name(),
                    status,
                    &format!("Something happened to “{}”.", session.name),
                    "Its messages wait meanwhile.",
                    "Look after the session.",
                    at,
                    at + 5 * MINUTE,
                    at,
                    random.random_range(1..20_i64),
                    seen,
                    seen.map(|_| "Owner"),
                    over,
                    over.map(|_| "It is over.")
                ]);
            }
        }
        for (severity, (open, acknowledged)) in Severity::ALL.iter().zip(standing) {
            if open + acknowledged > 0 {
                counters.push(row![&own.key, severity.name(), open, acknowledged]);
            }
        }
    }
    rows.write(db).await?;
    counters.write(db).await
}
