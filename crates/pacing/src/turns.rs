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
        let starved = ORDER
            .into_iter()
            .rev()
            .find(|class| waiting(*class) && self.passed[place(*class)] >= PATIENCE);
        let rest = ORDER.map(|class| (Some(class) != starved && waiting(class)).then_some(class));
        starved.into_iter().chain(rest.into_iter().flatten())
    }

    /// A message of that class left while those others could have left, too.
    pub fn went(&mut self, class: Class, could: impl Fn(Class) -> bool) {
        for other in ORDER {
            let passed = &mut self.passed[place(other)];
            *passed = if other == class || !could(other) {
                0
            } else {
                passed.saturating_add(1)
            };
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
