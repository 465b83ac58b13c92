//! The balancer's arithmetic as people read it.

use super::text_lanes::text;
use crate::i18n::fill;
use types::pacing::Balance;

/// With at most so many places behind the point, and none for nothing.
pub fn decimals(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    if text == "-0" { "0".into() } else { text.into() }
}

/// `12 × 1.0 × 0.84 + 0.05 × 30 + 0 = 11.6`.
pub fn formula(balance: &Balance) -> String {
    format!(
        "{} × 1.0 × {} + {} × 30 + {} = {}",
        balance.today_sent,
        decimals(balance.seniority, 2),
        decimals(balance.failure_rate, 2),
        decimals(balance.cooldown_minutes, 1),
        decimals(balance.score, 1)
    )
}

/// Whether it has the same score as one that stands beside it, so that the older number went first.
pub fn is_tied(all: &[Balance], place: usize) -> bool {
    let beside = |other: usize| {
        let (Some(one), Some(two)) = (all.get(place), all.get(other)) else {
            return false;
        };
        one.skipped.is_some() == two.skipped.is_some() && (one.score - two.score).abs() < 1e-9
    };
    beside(place + 1) || place.checked_sub(1).is_some_and(beside)
}

/// `0.3 days`, `42 days`.
pub fn age(days: f64) -> String {
    let places = usize::from(days < 10.0);
    fill(text().days, &[("n", &decimals(days, places))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{SessionId, sessions::SessionState};

    fn balance(today_sent: i64, seniority: f64, failure_rate: f64, score: f64) -> Balance {
        Balance {
            session: SessionId::from_key(&"0".repeat(32)).unwrap(),
            name: "Main line".into(),
            number: None,
            state: SessionState::Connected,
            age_days: 49.5,
            seniority,
            today_sent,
            total_sent: 0,
            failure_rate,
            consecutive_failures: 0,
            cooldown_minutes: 0.0,
            last_sent_at: None,
            score,
            skipped: None,
        }
    }

    #[test]
    fn the_formula_is_written_out() {
        let one = balance(12, 0.84, 0.05, 11.58);
        assert_eq!(formula(&one), "12 × 1.0 × 0.84 + 0.05 × 30 + 0 = 11.6");
        assert_eq!(decimals(-0.0, 1), "0");
        assert_eq!(decimals(100.0, 0), "100");
        assert_eq!((age(0.25).as_str(), age(49.5).as_str()), ("0.2 days", "50 days"));
    }

    #[test]
    fn equal_scores_are_ties() {
        let (one, two) = (balance(0, 1.5, 0.0, 0.0), balance(2, 1.0, 0.0, 2.0));
        let mut skipped = one.clone();
        skipped.skipped = Some("Not connected".into());
        let all = [one.clone(), one.clone(), two, skipped];
        let tied: Vec<bool> = (0..all.len()).map(|place| is_tied(&all, place)).collect();
        assert_eq!(tied, [true, true, false, false]);
    }
}
