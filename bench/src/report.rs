//! What was measured, as a table for people or as JSON.

use serde::Serialize;
use std::fmt::Write as _;

/// One figure.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Line {
    pub group: String,
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ms: Option<f64>,
    /// How it stands to a limit of this machine: the limit's name and the factor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ratios: Vec<(String, f64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What the project wants of a figure.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Goal {
    pub value: f64,
    /// Less is better.
    pub at_most: bool,
    pub met: bool,
}

impl Line {
    pub fn new(group: impl Into<String>, name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            group: group.into(),
            name: name.into(),
            value,
            unit,
            ..Self::default()
        }
    }

    #[must_use]
    pub fn times(mut self, p50: f64, p99: f64) -> Self {
        (self.p50_ms, self.p99_ms) = (Some(p50), Some(p99));
        self
    }

    #[must_use]
    pub fn against(mut self, limit: impl Into<String>, rate: f64) -> Self {
        if rate > 0.0 {
            self.ratios.push((limit.into(), self.value / rate));
        }
        self
    }

    #[must_use]
    pub fn at_least(mut self, goal: f64) -> Self {
        self.goal = Some(Goal {
            value: goal,
            at_most: false,
            met: self.value >= goal,
        });
        self
    }

    #[must_use]
    pub fn at_most(mut self, goal: f64) -> Self {
        self.goal = Some(Goal {
            value: goal,
            at_most: true,
            met: self.value <= goal,
        });
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The machine, as far as it matters.
    pub machine: Vec<String>,
    pub lines: Vec<Line>,
    /// Why figures do not count; empty when they do.
    pub void: Vec<String>,
}

impl Report {
    /// The table, groups in the order in which they came.
    pub fn table(&self) -> String {
        let mut text = String::new();
        for line in &self.machine {
            let _ = writeln!(text, "{line}");
        }
        let mut group = "";
        for line in &self.lines {
            if line.group != group {
                group = &line.group;
                let _ = writeln!(
                    text,
                    "\n{group:<46} {:>11} {:<9} {:>8} {:>8}   ratios, goals",
                    "", "", "p50 ms", "p99 ms"
                );
            }
            let time = |time: Option<f64>| time.map(|ms| format!("{ms:.2}")).unwrap_or_default();
            let _ = write!(
                text,
                "  {:<44} {:>11} {:<9} {:>8} {:>8}  ",
                line.name,
                number(line.value),
                line.unit,
                time(line.p50_ms),
                time(line.p99_ms)
            );
            for (limit, ratio) in &line.ratios {
                let _ = write!(
                    text,
                    " {} × {limit};",
                    if *ratio < 10.0 {
                        format!("{ratio:.2}")
                    } else {
                        number(*ratio)
                    }
                );
            }
            if let Some(Goal { value, at_most, met }) = line.goal {
                let (sign, word) = (
                    if at_most { '≤' } else { '≥' },
                    if met { "met" } else { "NOT MET" },
                );
                let _ = write!(text, " goal {sign} {}: {word};", number(value));
            }
            if let Some(note) = &line.note {
                let _ = write!(text, " {note}");
            }
            let end = text.trim_end_matches([' ', ';']).len();
            text.truncate(end);
            text.push('\n');
        }
        for void in &self.void {
            let _ = writeln!(text, "\nVOID: {void}");
        }
        text
    }
}

/// Thousands set apart; decimals only where they say something.
fn number(value: f64) -> String {
    if value.abs() < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(number(1_234_567.4), "1,234,567");
        assert_eq!(number(999.6), "1,000");
        assert_eq!(number(9.26), "9.3");
    }

    #[test]
    fn a_line_says_how_it_stands() {
        let line = Line::new("Accept", "32 connections", 21_000.0, "/s")
            .times(1.5, 3.25)
            .against("bare axum", 84_000.0)
            .at_least(20_000.0);
        let report = Report {
            lines: vec![line],
            void: vec!["a row is missing".into()],
            ..Report::default()
        };
        let table = report.table();
        assert!(table.contains("21,000 /s"), "{table}");
        assert!(
            table.contains("0.25 × bare axum; goal ≥ 20,000: met\n"),
            "{table}"
        );
        assert!(table.contains("VOID: a row is missing"), "{table}");
    }
}
