//! What leaves a lane now: the decision that the dispatcher carries out.

use crate::{
    Calendar, Departure, Facts, History, Moment, Rules, Used,
    gates::{lane_and_delay, own_opening},
};
use std::collections::HashSet;
use types::{Timestamp, messages::Class};

/// A message at the head of a lane, in the order of the queue.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    pub facts: Facts,
    /// Stands for its recipient; equal for equal ones.
    pub recipient: u64,
}

/// What became of the heads. Those that are named nowhere keep their place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// These leave now, in this order; the history has counted them.
    pub leave: Vec<(usize, Departure)>,
    /// These are held by a gate of their own until then, while the lane goes on; `None`: until
    /// something else happens.
    pub park: Vec<(usize, Option<Timestamp>)>,
    /// The lane itself is shut until then. `None` with nothing left: it took what it was given.
    pub shut_until: Option<Timestamp>,
    /// The lane is shut, and no moment can be named for its opening.
    pub shut: bool,
}

/// Goes through the heads of one class in order, `most` being no more than its
/// [`crate::Turns::share`] where anything paces: what is held by a gate of its own steps aside,
/// what the lane holds ends the walk, everything else leaves, `most` of them.
pub fn take(
    calendar: &Calendar,
    rules: &Rules,
    history: &mut History,
    used: &mut Used,
    now: Timestamp,
    heads: &[Head],
    most: usize,
) -> Taken {
    let mut taken = Taken::default();
    let mut reached = HashSet::new();
    // Where nothing paces, a line takes whole batches, and keeps their order itself.
    let one_each = !rules.is_off();
    for (index, head) in heads.iter().enumerate() {
        if taken.leave.len() >= most {
            break;
        }
        let mut facts = head.facts;
        if rules.gap_ms > 0 && reached.contains(&head.recipient) {
            facts.recipient_left_at = Some(now);
        }
        let moment = Moment {
            now,
            calendar,
            rules,
            history,
            used,
        };
        match own_opening(&moment, &facts) {
            Some(at) if at <= now => {}
            at => {
                taken.park.push((index, at));
                continue;
            }
        }
        // Until it is known what became of the one before it, it could overtake it (`rules.md` 7).
        if one_each && reached.contains(&head.recipient) {
            continue;
        }
        match lane_and_delay(&moment, &facts) {
            Some(at) if at <= now => {}
            at => {
                taken.shut = true;
                taken.shut_until = at;
                break;
            }
        }
        let departure = Departure {
            at: now,
            class: facts.class,
            cold: !facts.warm,
            counted: facts.counted,
            rush: facts.rush,
            text: facts.text.filter(|_| facts.class != Class::Reply),
        };
        history.leave(rules, departure);
        used.today += i64::from(!departure.counted);
        reached.insert(head.recipient);
        taken.leave.push((index, departure));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DelayRange;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn heads(recipients: &[u64]) -> Vec<Head> {
        recipients
            .iter()
            .map(|recipient| Head {
                facts: Facts::new(Class::Bulk, NOW + -1, 0),
                recipient: *recipient,
            })
            .collect()
    }

    fn taken(rules: &Rules, recipients: &[u64]) -> Taken {
        let (mut history, mut used) = (History::default(), Used::default());
        history.tick(&Calendar::utc(), NOW);
        used.tick(&Calendar::utc(), NOW);
        let heads = heads(recipients);
        take(&Calendar::utc(), rules, &mut history, &mut used, NOW, &heads, 100)
    }

    fn left(taken: &Taken) -> Vec<usize> {
        taken.leave.iter().map(|(index, _)| *index).collect()
    }

    #[test]
    fn without_rules_everything_leaves_at_once() {
        let taken = taken(&Rules::default(), &[1, 1, 2]);
        assert_eq!(left(&taken), [0, 1, 2]);
        let paced = Rules {
            hourly: Some(100),
            ..Rules::default()
        };
        assert_eq!(
            left(&super::tests::taken(&paced, &[1, 1, 2])),
            [0, 2],
            "one to a recipient at a time"
        );
        assert!(taken.park.is_empty() && !taken.shut);
    }

    #[test]
    fn who_is_held_alone_steps_aside() {
        let rules = Rules {
            gap_ms: 60_000,
            ..Rules::default()
        };
        let taken = taken(&rules, &[1, 1, 2]);
        assert_eq!(left(&taken), [0, 2]);
        assert_eq!(taken.park, [(1, Some(NOW + 60_000))]);
    }

    #[test]
    fn what_the_lane_holds_ends_the_walk() {
        let rules = Rules {
            hourly: Some(2),
            ..Rules::default()
        };
        let taken = taken(&rules, &[1, 2, 3, 4]);
        assert_eq!(left(&taken), [0, 1]);
        assert_eq!((taken.shut, taken.shut_until), (true, Some(NOW + 3_600_000)));
    }

    #[test]
    fn one_by_one_where_there_is_a_delay() {
        let rules = Rules {
            delay: DelayRange::new(1, 1),
            ..Rules::default()
        };
        let taken = taken(&rules, &[1, 2]);
        assert_eq!(left(&taken), [0]);
        assert_eq!(taken.shut_until, Some(NOW + 1));
    }
}
