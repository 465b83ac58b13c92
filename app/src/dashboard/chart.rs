//! Seven days as bars, with the table behind them.

use super::text::text;
use crate::{format, i18n::fill, ui::Table};
use leptos::prelude::*;
use types::dashboard::DayCount;

/// The drawing's own units; it grows and shrinks with its card.
const WIDTH: i64 = 640;
const LEFT: i64 = 40;
const TOP: i64 = 12;
const BOTTOM: i64 = 228;
const BAR: i64 = 22;

/// Lines of the scale: the highest number and the distance between lines, both round.
fn scale(max: i64) -> (i64, i64) {
    const LINES: i64 = 4;
    let mut step = 1;
    // 1, 2, 5, 10, 20, 50 …
    for factor in [2, 5, 10].into_iter().cycle() {
        if step * LINES >= max {
            break;
        }
        let decade = 10_i64.pow(step.ilog10());
        step = decade * factor;
    }
    let top = ((max + step - 1) / step).max(1) * step;
    (top, step)
}

fn height(n: i64, top: i64) -> i64 {
    // What is there at all must be seen.
    if n <= 0 {
        0
    } else {
        ((BOTTOM - TOP) * n / top).max(2)
    }
}

/// A bar that stands on the base line, its upper corners round.
fn bar(x: i64, height: i64) -> String {
    let round = height.min(3);
    let (side, width) = (height - round, BAR - 2 * round);
    format!("M{x} {BOTTOM}v-{side}q0-{round} {round}-{round}h{width}q{round} 0 {round} {round}v{side}z")
}

#[component]
pub fn Chart(days: Vec<DayCount>) -> impl IntoView {
    let t = text();
    let max = days.iter().map(|day| day.sent.max(day.failed)).max().unwrap_or(0);
    let (top, step) = scale(max);
    let lines = (0..=top / step).map(|n| {
        let y = BOTTOM - (BOTTOM - TOP) * n * step / top;
        view! {
            <path class="rule" d=format!("M{LEFT} {y}H{WIDTH}")></path>
            <text x=(LEFT - 8).to_string() y=(y + 4).to_string() text-anchor="end">{format::number(n * step)}</text>
        }
    });
    let slot = (WIDTH - LEFT) / (days.len() as i64).max(1);
    let last = days.len().saturating_sub(1);
    let bars = days.iter().enumerate().map(|(place, day)| {
        let middle = LEFT + slot * place as i64 + slot / 2;
        let (sent, failed) = (height(day.sent, top), height(day.failed, top));
        let word = if place == last {
            t.today.to_string()
        } else {
            format::short_day(&day.day)
        };
        view! {
            {(sent > 0).then(|| view! { <path class="out" d=bar(middle - BAR - 1, sent)></path> })}
            {(failed > 0).then(|| view! { <path class="failed" d=bar(middle + 1, failed)></path> })}
            <text x=middle.to_string() y=(BOTTOM + 18).to_string() text-anchor="middle">{word}</text>
        }
    });
    let label = fill(
        t.chart_label,
        &[
            (
                "from",
                &days
                    .first()
                    .map(|day| format::short_day(&day.day))
                    .unwrap_or_default(),
            ),
            (
                "until",
                &days
                    .last()
                    .map(|day| format::short_day(&day.day))
                    .unwrap_or_default(),
            ),
            ("sent", &format::number(days.iter().map(|day| day.sent).sum())),
            ("failed", &format::number(days.iter().map(|day| day.failed).sum())),
        ],
    );
    view! {
        <div class="body">
            <svg class="chart" viewBox=format!("0 0 {WIDTH} 252") role="img" aria-label=label>
                {lines.collect_view()}
                {bars.collect_view()}
            </svg>
        </div>
    }
}

/// The same numbers as a table.
#[component]
pub fn Days(days: Vec<DayCount>) -> impl IntoView {
    let t = text();
    let rows = days.into_iter().rev().map(|day| {
        view! {
            <tr>
                <td>{format::short_day(&day.day)}</td>
                <td class="number">{format::number(day.sent)}</td>
                <td class="number">{format::number(day.failed)}</td>
            </tr>
        }
    });
    view! {
        <Table label=t.days_table plain=true>
            <thead>
                <tr>
                    <th scope="col">{t.day}</th>
                    <th scope="col" class="number">{t.sent}</th>
                    <th scope="col" class="number">{t.failed_column}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </Table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_hold_the_highest_day() {
        for (max, expect) in [
            (0, (1, 1)),
            (1, (1, 1)),
            (4, (4, 1)),
            (5, (6, 2)),
            (9, (10, 5)),
            (40, (40, 10)),
            (41, (60, 20)),
            (1_420, (1_500, 500)),
        ] {
            assert_eq!(scale(max), expect, "{max}");
        }
    }

    #[test]
    fn small_days_are_still_seen() {
        assert_eq!(height(0, 1_000_000), 0);
        assert_eq!(height(1, 1_000_000), 2);
        assert_eq!(height(10, 10), BOTTOM - TOP);
        assert_eq!(bar(10, 2), "M10 228v-0q0-2 2-2h18q2 0 2 2v0z");
    }
}
