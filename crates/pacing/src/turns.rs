//! Which class goes first: replies, then single messages, then bulk, and none waits for ever.

use types::messages::Class;

/// The order of urgency.
pub const ORDER: [Class; 3] = [Class::Reply, Class::Single, Class::Bulk];

/// How often a class that waits is passed over before it goes once.
const PATIENCE: u8 = 8;

/// How often each class was passed over since it last went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turns {
    passed: [u8; 3],
}

const fn place(class: Class) -> usize {
    match class {
        Class::Reply => 0,
        Class::Single => 1,
        Class::Bulk => 2,
    }
}

impl Turns {
    /// The waiting classes in the order in which they should be tried.
    pub fn order(self, waiting: impl Fn(Class) -> bool) -> impl Iterator<Item = Class> {
        // The longest passed over; of equal ones the last, which is the least urgent.
        let starved = ORDER
            .into_iter()
            .filter(|class| waiting(*class) && self.passed[place(*class)] >= PATIENCE)
            .max_by_key(|class| self.passed[place(*class)]);
        let rest = ORDER.map(|class| (Some(class) != starved && waiting(class)).then_some(class));
        starved.into_iter().chain(rest.into_iter().flatten())
    }

    /// How many of that class may leave in one go before it is another one's turn; `None`: any
    /// number. Where an hour holds a hundred, a batch of a hundred bulk messages would make
    /// replies wait for the next one.
    pub fn share(self, class: Class, could: impl Fn(Class) -> bool) -> Option<usize> {
        let others = ORDER.into_iter().filter(|other| *other != class && could(*other));
        let patience = others
            .map(|other| usize::from(PATIENCE.saturating_sub(self.passed[place(other)])))
            .min()?;
        let late = self.passed[place(class)] >= PATIENCE;
        Some(if late { 1 } else { patience.max(1) })
    }

    /// A message of that class left while those others could have left, too. Who could not keeps
    /// its place: a reply outside of the sending hours must not send bulk back to the end of the line.
    pub fn went(&mut self, class: Class, could: impl Fn(Class) -> bool) {
        for other in ORDER {
            let passed = &mut self.passed[place(other)];
            if other == class {
                *passed = 0;
            } else if could(other) {
                *passed = passed.saturating_add(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgent_first_and_nobody_starves() {
        let mut turns = Turns::default();
        let mut went = [0; 3];
        for _ in 0..900 {
            let class = turns.order(|_| true).next().unwrap();
            went[place(class)] += 1;
            turns.went(class, |_| true);
        }
        assert!(went[0] > 600 && went[1] >= 90 && went[2] >= 90, "{went:?}");
    }

    #[test]
    fn batches_starve_nobody() {
        let mut turns = Turns::default();
        let mut went = [0; 3];
        for _ in 0..300 {
            let class = turns.order(|_| true).next().unwrap();
            for _ in 0..turns.share(class, |_| true).unwrap() {
                went[place(class)] += 1;
                turns.went(class, |_| true);
            }
        }
        let all: i32 = went.iter().sum();
        assert!(
            went[0] * 2 > all && went[1] * 20 > all && went[2] * 20 > all,
            "{went:?}"
        );
        assert_eq!(turns.share(Class::Bulk, |class| class == Class::Bulk), None);
    }

    #[test]
    fn who_ignores_shares_starves_nobody_either() {
        let mut turns = Turns::default();
        let mut went = [0; 3];
        for _ in 0..300 {
            let class = turns.order(|_| true).next().unwrap();
            went[place(class)] += 1;
            for _ in 0..100 {
                turns.went(class, |_| true);
            }
        }
        assert!(went.iter().all(|went| *went >= 80), "{went:?}");
    }

    #[test]
    fn who_cannot_leave_for_a_while_keeps_its_place() {
        let mut turns = Turns::default();
        for _ in 0..PATIENCE {
            turns.went(Class::Single, |_| true);
            turns.went(Class::Reply, |class| class == Class::Reply);
        }
        assert_eq!(
            turns.order(|class| class != Class::Reply).next(),
            Some(Class::Bulk)
        );
    }

    #[test]
    fn who_is_alone_goes() {
        let turns = Turns::default();
        assert_eq!(
            turns.order(|class| class == Class::Bulk).collect::<Vec<_>>(),
            [Class::Bulk]
        );
        assert_eq!(turns.order(|_| true).collect::<Vec<_>>(), ORDER);
        assert_eq!(turns.order(|_| false).count(), 0);
    }
}
