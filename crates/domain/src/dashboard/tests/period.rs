//! Which days are meant, and which cannot be.

use super::super::period::Span;
use super::{days, named};
use crate::dashboard::Asked;
use jiff::civil::{Date, date};
use types::{AppError, dashboard::PeriodName};

const TODAY: Date = date(2026, 11, 20);

fn span(asked: &Asked) -> (String, String, i32) {
    let span = Span::read(asked, TODAY).unwrap();
    (span.from.to_string(), span.until.to_string(), span.days())
}

fn refused(asked: &Asked) -> Vec<(String, String)> {
    match Span::read(asked, TODAY) {
        Err(AppError::Invalid { fields }) => fields.into_iter().map(|bad| (bad.field, bad.message)).collect(),
        other => panic!("{asked:?}: {other:?}"),
    }
}

#[test]
fn periods_end_today_and_begin_so_many_days_before() {
    let expect = |from: &str, days| (from.to_owned(), "2026-11-20".to_owned(), days);
    assert_eq!(span(&Asked::default()), expect("2026-11-14", 7));
    assert_eq!(span(&named(PeriodName::Today)), expect("2026-11-20", 1));
    assert_eq!(span(&named(PeriodName::Week)), expect("2026-11-14", 7));
    assert_eq!(span(&named(PeriodName::Month)), expect("2026-10-22", 30));
    assert_eq!(
        span(&days(" 2026-11-01 ", "2026-11-20")),
        expect("2026-11-01", 20)
    );
    assert_eq!(span(&days("2026-11-01", "")), expect("2026-11-01", 20));
    assert_eq!(span(&days("2025-11-20", "2026-11-20")), expect("2025-11-20", 366));
    let asked = Asked {
        period: Some("custom".into()),
        ..days("2026-02-28", "2026-03-01")
    };
    assert_eq!(span(&asked), ("2026-02-28".into(), "2026-03-01".into(), 2));
}

#[test]
fn what_cannot_be_names_the_field_and_the_remedy() {
    for (from, until, field, words) in [
        ("2026-02-30", "2026-11-20", "from", "no such day"),
        ("20261101", "2026-11-20", "from", "YYYY-MM-DD"),
        ("2026-11-01", "20.11.2026", "until", "YYYY-MM-DD"),
        ("2026-11-01", "2026-11-21", "until", "today, 2026-11-20"),
        ("2026-11-10", "2026-11-09", "until", "before the first"),
        ("2025-11-19", "2026-11-20", "from", "Begin on 2025-11-20 or later"),
        ("", "2026-11-20", "from", "first day"),
        ("-271821-04-20", "2026-11-20", "from", "no such day"),
        ("0001-01-01", "2026-11-20", "from", "At most 366 days"),
    ] {
        let told = refused(&days(from, until));
        assert_eq!(told.len(), 1, "{from} – {until}: {told:?}");
        assert!(
            told[0].0 == field && told[0].1.contains(words),
            "{from} – {until}: {told:?}"
        );
    }
    let both: Vec<String> = refused(&days("x", "2027-01-01"))
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(both, ["from", "until"]);
    let asked = |period: &str, from: &str| Asked {
        period: Some(period.into()),
        from: Some(from.into()),
        until: None,
    };
    assert_eq!(refused(&asked("week", ""))[0].0, "period");
    assert_eq!(refused(&asked("7d", "2026-11-01"))[0].0, "period");
    assert_eq!(refused(&asked("custom", ""))[0].0, "from");
}

#[test]
fn the_period_before_is_as_long_and_ends_where_it_begins() {
    let span = Span::read(&Asked::default(), TODAY).unwrap();
    assert_eq!(span.earlier(), (date(2026, 11, 7), date(2026, 11, 13)));
    let span = Span::read(&named(PeriodName::Today), TODAY).unwrap();
    assert_eq!(span.earlier(), (date(2026, 11, 19), date(2026, 11, 19)));
    let first = Span::read(&days("0001-01-01", "0001-01-07"), TODAY).unwrap();
    assert!(first.earlier().0 < first.from);
}

#[test]
fn the_chart_has_every_day_once_by_days_or_by_weeks() {
    for (asked, bars) in [
        (named(PeriodName::Today), 7),
        (Asked::default(), 7),
        (named(PeriodName::Month), 30),
        (days("2026-09-20", "2026-11-20"), 62),
        // From Saturday to Friday: a part of a week, eight whole ones, and five days.
        (days("2026-09-19", "2026-11-20"), 10),
        (days("2025-11-20", "2026-11-20"), 53),
    ] {
        let span = Span::read(&asked, TODAY).unwrap();
        let charted = span.charted();
        assert_eq!(charted.len(), bars, "{asked:?}");
        assert_eq!(charted.last().unwrap().1, span.until);
        if span.name != PeriodName::Today {
            assert_eq!(charted[0].0, span.from);
        }
        for pair in charted.windows(2) {
            assert_eq!(pair[0].1.tomorrow().unwrap(), pair[1].0);
        }
    }
    let weeks = Span::read(&days("2026-09-19", "2026-11-20"), TODAY)
        .unwrap()
        .charted();
    assert_eq!(weeks[0], (date(2026, 9, 19), date(2026, 9, 20)));
    assert_eq!(weeks[1], (date(2026, 9, 21), date(2026, 9, 27)));
}
