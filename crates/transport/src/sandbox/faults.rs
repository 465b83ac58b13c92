//! Which faults hit which message: decided for a whole batch before it leaves.

use super::phone::{ReadTick, Spent};
use types::{
    FaultId,
    sandbox::{Fault, FaultKind},
};

/// What a fault does to the way of one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fate {
    #[default]
    Arrives,
    Refused,
    /// Refused, but not for good.
    TryLater,
    /// The number must wait so long, in milliseconds.
    Limited(Option<i64>),
    /// The same for people who never wrote to it.
    ColdLimited(Option<i64>),
    /// An earlier one to the same recipient was not taken.
    Waits,
    /// Answered as sent, and never seen again.
    Lost,
    /// The answer is lost; `arrives` tells whether the message was, too.
    Unanswered {
        arrives: bool,
    },
}

impl Fate {
    pub(super) const fn arrives(self) -> bool {
        matches!(self, Self::Arrives | Self::Unanswered { arrives: true })
    }
}

/// Everything that befalls one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hit {
    pub fate: Fate,
    pub answer_late_ms: i64,
    pub delivered: Delivered,
    pub read: ReadTick,
    pub doubled: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Delivered {
    #[default]
    AtOnce,
    Late(i64),
    Never,
}

/// The usual second between the two ticks.
const READ_AFTER_MS: i64 = 1_000;

/// The armed faults of one phone, oldest first: a mirror of what its store holds.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn load(&mut self, faults: Vec<Fault>) {
        self.0 = faults;
    }

    pub(super) fn arm(&mut self, fault: Fault) {
        if !self.0.iter().any(|armed| armed.id == fault.id) {
            self.0.push(fault);
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Lets the faults hit the next `count` messages, and tells what that used up.
    ///
    /// One fault of each kind hits a message; of those that end its way (`fail`, `drop`,
    /// `ambiguous` and those that ask to wait) only the oldest. A message that does not arrive has no ticks to spoil.
    pub(super) fn strike(&mut self, count: usize) -> (Vec<Hit>, Vec<Spent>) {
        if self.0.is_empty() {
            return (vec![Hit::default(); count], Vec::new());
        }
        let before: Vec<(FaultId, i64)> = self.0.iter().map(|fault| (fault.id, fault.left)).collect();
        let hits = (0..count).map(|_| self.strike_one()).collect();
        let spent = before
            .into_iter()
            .zip(&self.0)
            .map(|((fault, left), now)| Spent {
                fault,
                count: left - now.left,
            })
            .filter(|spent| spent.count > 0)
            .collect();
        self.0.retain(|fault| fault.left > 0);
        (hits, spent)
    }

    fn strike_one(&mut self) -> Hit {
        let mut hit = Hit::default();
        if let Some((kind, delay)) = self.take(ends_the_way) {
            hit.fate = match kind {
                FaultKind::Fail => Fate::Refused,
                FaultKind::TryLater => Fate::TryLater,
                FaultKind::RateLimit => Fate::Limited(delay),
                FaultKind::NewChatQuota => Fate::ColdLimited(delay),
                FaultKind::Drop => Fate::Lost,
                _ => Fate::Unanswered {
                    arrives: delay != Some(0),
                },
            };
        }
        if let Some((_, delay)) = self.take(|kind| kind == FaultKind::Delay) {
            hit.answer_late_ms = delay.unwrap_or(0);
        }
        if !hit.fate.arrives() {
            return hit;
        }
        if let Some((_, delay)) = self.take(|kind| kind == FaultKind::Delivered) {
            hit.delivered = delay.map_or(Delivered::Never, Delivered::Late);
        }
        if let Some((_, delay)) = self.take(|kind| kind == FaultKind::Read) {
            hit.read = delay.map_or(ReadTick::Never, |late| ReadTick::After(READ_AFTER_MS + late));
        }
        hit.doubled = self.take(|kind| kind == FaultKind::DuplicateReceipt).is_some();
        hit
    }

    fn take(&mut self, kind: impl Fn(FaultKind) -> bool) -> Option<(FaultKind, Option<i64>)> {
        let fault = self
            .0
            .iter_mut()
            .find(|fault| fault.left > 0 && kind(fault.kind))?;
        fault.left -= 1;
        Some((fault.kind, fault.delay_ms))
    }
}

const fn ends_the_way(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::Fail
            | FaultKind::Drop
            | FaultKind::Ambiguous
            | FaultKind::TryLater
            | FaultKind::RateLimit
            | FaultKind::NewChatQuota
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::FaultId;

    fn armed(faults: &[(FaultKind, i64, Option<i64>)]) -> Faults {
        let list = faults
            .iter()
            .enumerate()
            .map(|(n, (kind, left, delay_ms))| Fault {
                id: id(n),
                kind: *kind,
                left: *left,
                delay_ms: *delay_ms,
            });
        Faults(list.collect())
    }

    fn id(n: usize) -> FaultId {
        FaultId::from_key(&format!("{n:032x}")).unwrap()
    }

    #[test]
    fn a_fault_hits_as_many_messages_as_it_was_armed_for() {
        let mut faults = armed(&[(FaultKind::Fail, 2, None)]);
        let (hits, spent) = faults.strike(3);
        let fates: Vec<Fate> = hits.iter().map(|hit| hit.fate).collect();
        assert_eq!(fates, [Fate::Refused, Fate::Refused, Fate::Arrives]);
        assert_eq!(
            spent,
            [Spent {
                fault: id(0),
                count: 2
            }]
        );
        assert!(faults.0.is_empty());
    }

    #[test]
    fn the_oldest_of_those_that_end_the_way_wins_and_ticks_are_spared() {
        let mut faults = armed(&[
            (FaultKind::Drop, 1, None),
            (FaultKind::Fail, 1, None),
            (FaultKind::Delivered, 1, Some(50)),
        ]);
        let (hits, _) = faults.strike(3);
        assert_eq!((hits[0].fate, hits[0].delivered), (Fate::Lost, Delivered::AtOnce));
        assert_eq!(hits[1].fate, Fate::Refused);
        assert_eq!(
            (hits[2].fate, hits[2].delivered),
            (Fate::Arrives, Delivered::Late(50))
        );
    }

    #[test]
    fn ambiguous_without_any_delay_loses_the_message_too() {
        let mut faults = armed(&[
            (FaultKind::Ambiguous, 1, Some(0)),
            (FaultKind::Ambiguous, 1, None),
        ]);
        let (hits, _) = faults.strike(2);
        assert_eq!(hits[0].fate, Fate::Unanswered { arrives: false });
        assert_eq!(hits[1].fate, Fate::Unanswered { arrives: true });
    }
}
