use super::*;

fn jakarta() -> Zone {
    Zone {
        name: "Asia/Jakarta".into(),
        offsets: vec![(Timestamp(0), 7 * 3_600)],
    }
}

/// 20 November 2026, 14:03:22 in Jakarta, a Friday.
const NOW: Timestamp = Timestamp(1_795_158_202_000);

#[test]
fn numbers() {
    for (n, expect) in [
        (0, "0"),
        (999, "999"),
        (1_284, "1,284"),
        (-482_913, "-482,913"),
        (1_000_000, "1,000,000"),
    ] {
        assert_eq!(number(n), expect);
    }
    assert_eq!(percent(978, 1_000), "97.8 %");
    assert_eq!(percent(1, 2), "50 %");
    assert_eq!(percent(0, 0), "–");
}

#[test]
fn sizes_and_spans() {
    for (n, expect) in [
        (0, "0 B"),
        (820, "820 B"),
        (12_288, "12 kB"),
        (3_565_158, "3.4 MB"),
        (5 << 20, "5 MB"),
    ] {
        assert_eq!(bytes(n), expect);
    }
    for (ms, expect) in [
        (0, "0 s"),
        (300, "0.3 s"),
        (8_000, "8 s"),
        (59_999, "59 s"),
        (240_000, "4 min"),
        (3_600_000, "1 h"),
        (3_900_000, "1 h 5 min"),
        (DAY, "1 day"),
        (3 * DAY, "3 days"),
    ] {
        assert_eq!(duration(ms), expect);
    }
    assert_eq!(countdown(41_001), "0:42");
    assert_eq!(countdown(3_909_000), "1:05:09");
    assert_eq!(countdown(-5), "0:00");
}

#[test]
fn moments_are_read_in_the_zone_given() {
    let zone = jakarta();
    assert_eq!(
        exact_with_zone(NOW, &zone),
        "20 Nov 2026, 14:03:22 (Asia/Jakarta)"
    );
    assert_eq!(clock_minutes(NOW, &Zone::utc()), "07:03");
    assert_eq!(iso_date(NOW, &zone), "2026-11-20");
    assert_eq!(short_day("2026-11-07"), "7 Nov");
    assert_eq!(short_day("soon"), "soon");
}

#[test]
fn relative_time() {
    let zone = jakarta();
    for (before, expect) in [
        (0, "just now"),
        (8 * SECOND, "8 s ago"),
        (4 * MINUTE, "4 min ago"),
        (2 * HOUR, "2 h ago"),
        (13 * HOUR, "today, 01:03"),
        (20 * HOUR, "yesterday, 18:03"),
        (3 * DAY, "17 Nov"),
        (400 * DAY, "16 Oct 2025"),
        (-8 * SECOND, "in 8 s"),
        (-3 * MINUTE, "in 3 min"),
        (-87 * MINUTE, "in 1 h 27 min"),
        (-20 * HOUR, "tomorrow, 10:03"),
        (-3 * DAY, "23 Nov"),
    ] {
        assert_eq!(relative(NOW + -before, NOW, &zone), expect);
    }
}

#[test]
fn days_have_names_for_a_week() {
    let zone = jakarta();
    for (before, expect) in [
        (0, "Today"),
        (15 * HOUR, "Yesterday"),
        (2 * DAY, "Wednesday"),
        (7 * DAY, "13 Nov 2026"),
    ] {
        assert_eq!(day_heading(NOW + -before, NOW, &zone), expect);
    }
}
