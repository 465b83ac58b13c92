//! The days of a period as bars, with the table behind them.

use super::{period::span, text::text};
use crate::{format, i18n::fill, ui::Table};
use leptos::prelude::*;
use types::dashboard::DayCount;

/// The drawing's own units, in tenths; it grows and shrinks with its card.
const WIDTH: i64 = 6_400;
const LEFT: i64 = 400;
const TOP: i64 = 120;
const BOTTOM: i64 = 2_280;
/// More words than these do not fit under the bars of a narrow screen.
const WORDS: usize = 8;

/// The bars of the chart, and what they are called.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    pub days: Vec<DayCount>,
    /// The day it is, `YYYY-MM-DD`.
    pub today: String,
}

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
        ((BOTTOM - TOP) * n / top).max(20)
    }
}

/// How wide a bar is, and how far it is to the next one of the same day.
fn widths(slot: i64) -> (i64, i64) {
    let gap = if slot > 400 { 15 } else { 5 };
    let bar = ((slot * 8 / 10 - 2 * gap) / 3).clamp(10, 160);
    (bar, gap)
}

/// `57.8` of 578.
fn units(tenths: i64) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{}", tenths / 10, rest.abs()),
    }
}

/// A bar that stands on the base line, its upper corners round.
fn bar(x: i64, width: i64, height: i64) -> String {
    let round = height.min(width / 3).min(30);
    let (side, flat) = (units(height - round), units(width - 2 * round));
    let (x, base, round) = (units(x), units(BOTTOM), units(round));
    format!("M{x} {base}v-{side}q0-{round} {round}-{round}h{flat}q{round} 0 {round} {round}v{side}z")
}

/// Which bars have a word: the last, and as many before it as fit.
fn has_word(place: usize, count: usize) -> bool {
    let every = count.div_ceil(WORDS).max(1);
    (count - 1 - place).is_multiple_of(every)
}

/// `7 Nov`, or the days of a week.
fn day_word(day: &DayCount) -> String {
    if day.day == day.until {
        format::short_day(&day.day)
    } else {
        span(&day.day, &day.until)
    }
}

#[component]
pub fn Chart(bars: Bars) -> impl IntoView {
    let Bars { days, today } = bars;
    let max = days
        .iter()
        .map(|day| day.sent.max(day.received).max(day.failed))
        .max();
    let (top, step) = scale(max.unwrap_or(0));
    let room = (WIDTH - LEFT) / (days.len() as i64).max(1);
    let all = days.iter().enumerate().map(|(place, day)| {
        let middle = LEFT + room * place as i64 + room / 2;
        let word = if day.until == today && day.day == today {
            text().today.to_string()
        } else {
            format::short_day(&day.day)
        };
        view! {
            <DayBars day=day.clone() middle=middle room=room top=top/>
            {has_word(place, days.len())
                .then(|| {
                    view! { <text x=units(middle) y=units(BOTTOM + 180) text-anchor="middle">{word}</text> }
                })}
        }
    });
    view! {
        <div class="body">
            <svg class="chart" viewBox=format!("0 0 {} 252", WIDTH / 10) role="img" aria-label=label(&days)>
                {lines(top, step)}
                {all.collect_view()}
            </svg>
        </div>
    }
}

/// The lines of the scale with their numbers.
fn lines(top: i64, step: i64) -> impl IntoView {
    (0..=top / step)
        .map(|n| {
            let y = BOTTOM - (BOTTOM - TOP) * n * step / top;
            view! {
                <path class="rule" d=format!("M{} {}H{}", units(LEFT), units(y), WIDTH / 10)></path>
                <text x=units(LEFT - 80) y=units(y + 40) text-anchor="end">{format::number(n * step)}</text>
            }
        })
        .collect_view()
}

/// The bars of one day; what they say is told where the pointer rests.
#[component]
fn DayBars(day: DayCount, middle: i64, room: i64, top: i64) -> impl IntoView {
    let (width, gap) = widths(room);
    let first = middle - width - width / 2 - gap;
    let told = fill(
        text().day_told,
        &[
            ("day", &day_word(&day)),
            ("sent", &format::number(day.sent)),
            ("received", &format::number(day.received)),
            ("failed", &format::number(day.failed)),
        ],
    );
    let bars = [("out", day.sent), ("in", day.received), ("failed", day.failed)];
    let drawn = bars.into_iter().enumerate().map(|(place, (class, n))| {
        let x = first + place as i64 * (width + gap);
        let height = height(n, top);
        (height > 0).then(|| view! { <path class=class d=bar(x, width, height)></path> })
    });
    view! {
        <g>
            <title>{told}</title>
            <rect
                class="slot"
                x=units(middle - room / 2)
                y=units(TOP)
                width=units(room)
                height=units(BOTTOM - TOP)
            ></rect>
            {drawn.collect_view()}
        </g>
    }
}

/// The whole drawing in a sentence.
fn label(days: &[DayCount]) -> String {
    let sum = |of: fn(&DayCount) -> i64| format::number(days.iter().map(of).sum());
    let (first, last) = (days.first(), days.last());
    fill(
        text().chart_label,
        &[
            (
                "from",
                &first.map(|day| format::short_day(&day.day)).unwrap_or_default(),
            ),
            (
                "until",
                &last.map(|day| format::short_day(&day.until)).unwrap_or_default(),
            ),
            ("sent", &sum(|day| day.sent)),
            ("received", &sum(|day| day.received)),
            ("failed", &sum(|day| day.failed)),
        ],
    )
}

/// The same numbers as a table, newest first.
#[component]
pub fn Days(bars: Bars) -> impl IntoView {
    let t = text();
    let by_week = bars.days.iter().any(|day| day.day != day.until);
    let rows = bars.days.into_iter().rev().map(|day| {
        view! {
            <tr>
                <td>{day_word(&day)}</td>
                <td class="number">{format::number(day.sent)}</td>
                <td class="number">{format::number(day.received)}</td>
                <td class="number">{format::number(day.failed)}</td>
            </tr>
        }
    });
    view! {
        <Table label=t.days_table plain=true>
            <thead>
                <tr>
                    <th scope="col">{if by_week { t.week_column } else { t.day }}</th>
                    <th scope="col" class="number">{t.sent}</th>
                    <th scope="col" class="number">{t.received}</th>
                    <th scope="col" class="number">{t.failed_label}</th>
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
        assert_eq!(height(1, 1_000_000), 20);
        assert_eq!(height(10, 10), BOTTOM - TOP);
        assert_eq!(bar(105, 160, 20), "M10.5 228v-0q0-2 2-2h12q2 0 2 2v0z");
    }

    #[test]
    fn the_bars_of_a_day_stay_within_it() {
        for days in [1, 7, 30, 53, 62] {
            let slot = (WIDTH - LEFT) / days;
            let (bar, gap) = widths(slot);
            assert!(3 * bar + 2 * gap <= slot, "{days} days");
        }
    }

    #[test]
    fn the_last_bar_has_a_word_and_they_do_not_crowd() {
        for count in [1, 7, 8, 9, 30, 62] {
            let words = (0..count).filter(|place| has_word(*place, count)).count();
            assert!(words <= WORDS && has_word(count - 1, count), "{count}: {words}");
        }
        assert!((0..7).all(|place| has_word(place, 7)));
    }
}
