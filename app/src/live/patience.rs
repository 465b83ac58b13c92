//! How long a tab waits for a leading tab that says nothing: the browser may have put it to sleep,
//! and then it keeps the lock.
//!
//! Looks are counted, not time: after a sleep of the whole machine much time has passed at once,
//! and the leading tab could not have said anything.

use std::time::Duration;

/// Between two looks. The leading tab says as often that it is there.
pub const LOOK: Duration = Duration::from_secs(10);
/// Looks without a word until it is asked: browsers let the clocks of hidden tabs go slowly, but
/// wake them for what other tabs say.
const ASKS: u32 = 2;
/// Looks without a word until this tab helps itself.
const ENDS: u32 = 4;

#[derive(Default)]
pub struct Patience(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Wait,
    Ask,
    GoAlone,
}

impl Patience {
    /// The leading tab has said something.
    pub const fn heard(&mut self) {
        self.0 = 0;
    }

    pub const fn look(&mut self) -> Next {
        self.0 = self.0.saturating_add(1);
        match self.0 {
            ..ASKS => Next::Wait,
            ASKS..ENDS => Next::Ask,
            ENDS.. => Next::GoAlone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_before_a_tab_helps_itself() {
        let mut patience = Patience::default();
        let looks = |patience: &mut Patience, count| (0..count).map(|_| patience.look()).collect::<Vec<_>>();
        assert_eq!(
            looks(&mut patience, 5),
            [Next::Wait, Next::Ask, Next::Ask, Next::GoAlone, Next::GoAlone]
        );
        patience.heard();
        assert_eq!(looks(&mut patience, 2), [Next::Wait, Next::Ask]);
        patience.heard();
        assert_eq!(looks(&mut patience, 1), [Next::Wait]);
        assert_eq!(LOOK * ENDS, Duration::from_secs(40));
    }
}
