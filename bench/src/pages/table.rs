//! The times of every page, as a table for people or as JSON.

use super::{list::By, measure::Times};
use serde::Serialize;
use std::fmt::Write as _;

/// What pages that people wait for may take, in milliseconds.
pub const GOAL: f64 = 100.0;

/// One page of one run.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub engine: &'static str,
    /// On a quiet server, or while messages are accepted.
    pub busy: bool,
    pub name: &'static str,
    pub by: &'static str,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub max_ms: f64,
    pub bytes: usize,
    /// Calls that were not answered.
    pub broken: usize,
    /// How many times as long as one that reads nothing, and as one that reads one row.
    pub times_nothing: f64,
    pub times_one_row: f64,
    /// Whether it is one that must keep to the goal.
    pub must: bool,
}

impl Line {
    /// It must keep to the goal and does not; no answer is later than any.
    pub fn is_over(&self) -> bool {
        self.must && (self.p95_ms > GOAL || self.broken > 0)
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Table {
    pub notes: Vec<String>,
    pub lines: Vec<Line>,
}

pub const fn by(by: By) -> &'static str {
    match by {
        By::Nobody => "",
        By::Owner => "owner",
        By::Admin => "super admin",
        By::Key => "key",
    }
}

/// A line of what was measured, beside what takes least.
pub fn line(
    (engine, busy): (&'static str, bool),
    page: &super::list::Page,
    times: Times,
    nothing: f64,
    one_row: f64,
) -> Line {
    Line {
        engine,
        busy,
        name: page.name,
        by: by(page.by),
        p50_ms: times.p50,
        p95_ms: times.p95,
        max_ms: times.max,
        bytes: times.bytes,
        broken: times.broken,
        times_nothing: times.p50 / nothing.max(0.001),
        times_one_row: times.p50 / one_row.max(0.001),
        must: page.must,
    }
}

impl Table {
    pub fn text(&self) -> String {
        let mut text = String::new();
        for note in &self.notes {
            let _ = writeln!(text, "{note}");
        }
        let mut group = None;
        for line in &self.lines {
            if group != Some((line.engine, line.busy)) {
                group = Some((line.engine, line.busy));
                let how = if line.busy {
                    "while messages come in"
                } else {
                    "quiet"
                };
                let _ = writeln!(
                    text,
                    "\n{:<40} {:<11} {:>8} {:>8} {:>8} {:>8} {:>9} {:>9}",
                    format!("{}, {how}", line.engine),
                    "by",
                    "p50 ms",
                    "p95 ms",
                    "max ms",
                    "kB",
                    "× nothing",
                    "× one row"
                );
            }
            let mark = match line {
                Line { broken: 1.., .. } => "  not always answered",
                line if line.is_over() => "  over 100 ms",
                Line { must: true, .. } => "  met",
                _ => "",
            };
            let _ = writeln!(
                text,
                "  {:<38} {:<11} {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>9.0} {:>9.0}{mark}",
                line.name,
                line.by,
                line.p50_ms,
                line.p95_ms,
                line.max_ms,
                line.bytes as f64 / 1e3,
                line.times_nothing,
                line.times_one_row
            );
        }
        text
    }

    /// What must keep to the goal and does not, in a sentence.
    pub fn over(&self) -> Option<String> {
        let over: Vec<String> = self
            .lines
            .iter()
            .filter(|line| line.is_over())
            .map(|line| {
                let how = if line.busy { "busy" } else { "quiet" };
                match line.broken {
                    0 => format!("{} ({}, {how}): {:.0} ms", line.name, line.engine, line.p95_ms),
                    n => format!("{} ({}, {how}): {n} calls not answered", line.name, line.engine),
                }
            })
            .collect();
        (!over.is_empty()).then(|| {
            format!(
                "pages of the queue, the history or the dashboard take more than {GOAL:.0} ms in one of twenty calls: {}",
                over.join("; ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_over_the_goal_is_named() {
        let line = |name, p95_ms, must| Line {
            engine: "SQLite",
            busy: false,
            name,
            by: "owner",
            p50_ms: 1.0,
            p95_ms,
            max_ms: p95_ms,
            bytes: 12_345,
            broken: 0,
            times_nothing: 2.0,
            times_one_row: 1.5,
            must,
        };
        let mut table = Table {
            notes: Vec::new(),
            lines: vec![line("queue", 99.0, true), line("settings", 500.0, false)],
        };
        assert_eq!(table.over(), None);
        table.lines.push(line("history", 120.4, true));
        let over = table.over().unwrap();
        assert!(over.ends_with("history (SQLite, quiet): 120 ms"), "{over}");
        let text = table.text();
        assert!(text.contains("12.3") && text.contains("over 100 ms"), "{text}");
    }
}
