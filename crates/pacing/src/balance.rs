//! The balancer: which session takes a message that names none (`rules.md` 6; the formula is
//! seed 000's, `todaySent × 1.0 × seniorityFactor + failureRate × 30 + cooldown`).

const NEW: f64 = 1.5;
const OLD: f64 = 0.3;
const OLD_DAYS: f64 = 90.0;
/// How many attempts the failure rate looks back on.
pub const ATTEMPTS: usize = 100;

/// Everything the score is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Days since the session was first linked.
    pub age_days: f64,
    pub today_sent: i64,
    /// Failed ÷ attempted of the last 100, 0 to 1.
    pub failure_rate: f64,
    /// Minutes left of a pause.
    pub cooldown_minutes: f64,
}

/// 1.5 for a new number, falling in a line to 0.3 at 90 days.
pub fn seniority(age_days: f64) -> f64 {
    let part = (age_days / OLD_DAYS).clamp(0.0, 1.0);
    NEW + (OLD - NEW) * part
}

/// The lowest goes first.
pub fn score(inputs: &Inputs) -> f64 {
    inputs.today_sent as f64 * 1.0 * seniority(inputs.age_days)
        + inputs.failure_rate * 30.0
        + inputs.cooldown_minutes
}

/// Whether the first goes before the second; a tie goes to the older number.
pub fn before(first: &Inputs, second: &Inputs) -> bool {
    let (a, b) = (score(first), score(second));
    a < b || (a <= b && first.age_days > second.age_days)
}

/// The outcomes of the last attempts, newest last: `1` sent, `0` failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes(String);

impl Outcomes {
    /// As it is stored; anything else in it is left out.
    pub fn read(text: &str) -> Self {
        let mut outcomes = Self(text.chars().filter(|c| matches!(c, '0' | '1')).collect());
        outcomes.shorten();
        outcomes
    }

    pub fn add(&mut self, sent: bool) {
        self.0.push(if sent { '1' } else { '0' });
        // Shortened now and then, not each time.
        if self.0.len() > 4 * ATTEMPTS {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        let more = self.0.len().saturating_sub(ATTEMPTS);
        self.0.drain(..more);
    }

    pub fn text(&self) -> &str {
        &self.0[self.0.len().saturating_sub(ATTEMPTS)..]
    }

    /// Failed ÷ attempted; 0 before the first attempt.
    pub fn failure_rate(&self) -> f64 {
        let text = self.text();
        if text.is_empty() {
            return 0.0;
        }
        text.bytes().filter(|byte| *byte == b'0').count() as f64 / text.len() as f64
    }

    pub fn consecutive_failures(&self) -> i64 {
        self.text().bytes().rev().take_while(|byte| *byte == b'0').count() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(age_days: f64, today_sent: i64, failure_rate: f64, cooldown_minutes: f64, expect: f64) {
        let inputs = Inputs {
            age_days,
            today_sent,
            failure_rate,
            cooldown_minutes,
        };
        let got = score(&inputs);
        assert!((got - expect).abs() < 1e-9, "{inputs:?}: {got}");
    }

    #[test]
    fn scores() {
        check(0.0, 0, 0.0, 0.0, 0.0);
        check(0.0, 10, 0.0, 0.0, 15.0);
        check(90.0, 10, 0.0, 0.0, 3.0);
        check(45.0, 10, 0.0, 0.0, 9.0);
        check(400.0, 10, 0.5, 4.5, 3.0 + 15.0 + 4.5);
        check(-3.0, 2, 1.0, 0.0, 33.0);
    }

    #[test]
    fn a_tie_goes_to_the_older_number() {
        let old = Inputs {
            age_days: 40.0,
            ..Inputs::default()
        };
        let new = Inputs::default();
        assert!(before(&old, &new) && !before(&new, &old) && !before(&new, &new));
    }

    #[test]
    fn outcomes_remember_a_hundred() {
        let mut outcomes = Outcomes::read("10x1");
        assert_eq!(outcomes.text(), "101");
        for _ in 0..1_000 {
            outcomes.add(true);
        }
        for _ in 0..25 {
            outcomes.add(false);
        }
        assert_eq!(outcomes.text().len(), ATTEMPTS);
        assert!((outcomes.failure_rate() - 0.25).abs() < 1e-9);
        assert_eq!(outcomes.consecutive_failures(), 25);
        assert!(Outcomes::default().failure_rate().abs() < f64::EPSILON);
    }
}
