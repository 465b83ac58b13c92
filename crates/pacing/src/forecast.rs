//! When a queue ends: every session plays its part to the end, by expectation instead of chance.

mod days;

use crate::{Calendar, Departure, History, Moment, ORDER, Rules, Used, lane_opening};
use days::Days;
use types::{Timestamp, messages::Class};

/// Waiting messages of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    pub count: i64,
    /// Mean length of their texts, in characters.
    pub chars: i64,
}

/// What waits, by class, in the order of [`ORDER`].
pub type Pool = [Load; 3];

/// One session and what waits for it alone.
#[derive(Clone, Debug)]
pub struct Lane<'a> {
    pub rules: &'a Rules,
    pub history: History,
    pub waiting: Pool,
    /// It can send; one that cannot keeps what waits for it.
    pub can_send: bool,
}

/// How it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// When the last message leaves of those that can; `None` when none can.
    pub at: Option<Timestamp>,
    /// How many cannot leave as things are.
    pub stays: i64,
    /// The same for each lane that sends at all.
    pub lanes: Vec<Option<Timestamp>>,
    /// How many each lane sends.
    pub sent: Vec<i64>,
}

/// One departure that was played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub lane: usize,
    pub class: Class,
    /// It came from the pool.
    pub pooled: bool,
    pub at: Timestamp,
}

/// From so many departures on, the rest is taken to go on like the last part of them.
const STEPS: i64 = 60_000;
/// From so many on, it is taken to go on like the last whole days, once there are some.
const ENOUGH: i64 = 12_000;

/// Plays the queue: each lane sends its own and takes from the pool whenever it is free.
pub fn forecast(calendar: &Calendar, now: Timestamp, used: Used, lanes: Vec<Lane<'_>>, pool: Pool) -> Ends {
    play(calendar, now, used, lanes, pool, |_| true)
}

/// The first departures, at most `most`.
pub fn departures(
    calendar: &Calendar,
    now: Timestamp,
    used: Used,
    lanes: Vec<Lane<'_>>,
    pool: Pool,
    most: usize,
) -> Vec<Left> {
    let mut left = Vec::new();
    play(calendar, now, used, lanes, pool, |one| {
        left.push(one);
        left.len() < most
    });
    left
}

/// When a message of the pool leaves that has so many of its class before it there. `None` when it
/// cannot.
pub fn pooled_at(
    calendar: &Calendar,
    now: Timestamp,
    used: Used,
    lanes: Vec<Lane<'_>>,
    pool: Pool,
    class: Class,
    before: i64,
) -> Option<Timestamp> {
    let (mut found, mut seen) = (None, 0);
    let ends = play(calendar, now, used, lanes, pool, |one| {
        if one.pooled && one.class == class {
            seen += 1;
            if seen > before {
                found = Some(one.at);
            }
        }
        found.is_none()
    });
    // So far down that it was not played: the end is told by the pace.
    found.or(ends.at.filter(|_| ends.stays == 0))
}

fn play(
    calendar: &Calendar,
    now: Timestamp,
    mut used: Used,
    mut lanes: Vec<Lane<'_>>,
    mut pool: Pool,
    mut heard: impl FnMut(Left) -> bool,
) -> Ends {
    let mut ends: Vec<Option<Timestamp>> = vec![None; lanes.len()];
    let mut sent = vec![0; lanes.len()];
    let total = |lanes: &[Lane<'_>], pool: &Pool| -> i64 {
        let own = lanes
            .iter()
            .filter(|lane| lane.can_send)
            .flat_map(|lane| lane.waiting);
        own.chain(*pool).map(|load| load.count).sum()
    };
    let all = total(&lanes, &pool);
    let mut next: Vec<Option<(Timestamp, Class)>> = lanes
        .iter()
        .map(|lane| look(calendar, now, now, &used, lane, &pool))
        .collect();
    let mut steps = 0;
    let mut middle = now;
    let mut at = now;
    let mut days = Days::of(&lanes);
    while let Some((index, (opens, class))) = next
        .iter()
        .enumerate()
        .filter_map(|(index, next)| Some((index, (*next)?)))
        .min_by_key(|(_, (opens, _))| *opens)
    {
        // Others may have taken the last one, or the rest of the organization's day.
        if used.tick(calendar, opens) {
            days.begin(used.day, steps);
        }
        let again = look(calendar, now, opens, &used, &lanes[index], &pool);
        if again != Some((opens, class)) {
            next[index] = again;
            continue;
        }
        at = opens;
        let lane = &mut lanes[index];
        let could = ORDER.map(|other| load(lane.waiting, other).count + load(pool, other).count > 0);
        let pooled = take(lane, &mut pool, class);
        lane.history.tick(calendar, at);
        lane.history.turns.went(class, |other| could[place(other)]);
        lane.history.leave(lane.rules, departure(at, class));
        used.today += 1;
        ends[index] = Some(at);
        sent[index] += 1;
        next[index] = look(calendar, now, at, &used, lane, &pool);
        steps += 1;
        days.left(at);
        let left = Left {
            lane: index,
            class,
            pooled,
            at,
        };
        if !heard(left) {
            break;
        }
        if steps == STEPS / 2 {
            middle = at;
        }
        if steps >= ENOUGH
            && let Some(end) = days.end(calendar, all)
        {
            let ends = ends.into_iter().map(|at| at.map(|_| end)).collect();
            return Ends {
                at: Some(end),
                lanes: ends,
                sent,
                stays: 0,
            };
        }
        if steps >= STEPS {
            // The second half of them went at this pace; so will the others.
            let pace = (at - middle) as f64 / (STEPS / 2) as f64;
            let end = at + (pace * (all - steps) as f64) as i64;
            let ends = ends.into_iter().map(|at| at.map(|_| end)).collect();
            return Ends {
                at: Some(end),
                stays: 0,
                lanes: ends,
                sent,
            };
        }
    }
    let own = lanes.iter().flat_map(|lane| lane.waiting);
    Ends {
        at: (steps > 0).then_some(at),
        stays: own.chain(pool).map(|load| load.count).sum(),
        lanes: ends,
        sent,
    }
}

const fn place(class: Class) -> usize {
    match class {
        Class::Reply => 0,
        Class::Single => 1,
        Class::Bulk => 2,
    }
}

fn load(pool: Pool, class: Class) -> Load {
    pool[place(class)]
}

/// Answers whether it came from the pool.
fn take(lane: &mut Lane<'_>, pool: &mut Pool, class: Class) -> bool {
    let own = &mut lane.waiting[place(class)];
    if own.count > 0 {
        own.count -= 1;
        return false;
    }
    pool[place(class)].count -= 1;
    true
}

const fn departure(at: Timestamp, class: Class) -> Departure {
    Departure {
        at,
        class,
        cold: false,
        counted: false,
        rush: false,
        text: None,
    }
}

/// When this lane sends next, and a message of which class.
fn look(
    calendar: &Calendar,
    start: Timestamp,
    from: Timestamp,
    used: &Used,
    lane: &Lane<'_>,
    pool: &Pool,
) -> Option<(Timestamp, Class)> {
    if !lane.can_send {
        return None;
    }
    let waits = |class| load(lane.waiting, class).count + load(*pool, class).count > 0;
    let mut best: Option<(Timestamp, Class)> = None;
    for class in lane.history.turns.order(waits) {
        let chars = if load(lane.waiting, class).count > 0 {
            load(lane.waiting, class).chars
        } else {
            load(*pool, class).chars
        };
        let delay_ms = lane.rules.mean_delay(class, chars) as i64;
        // The delay stands before the first message, too.
        let ready = lane.history.last_left_at.unwrap_or(start) + delay_ms;
        let Some(opens) = opens(calendar, from.max(ready), used, lane, class) else {
            continue;
        };
        if best.is_none_or(|(at, _)| opens < at) {
            best = Some((opens, class));
        }
    }
    best
}

/// The gates of a lane open one after the other (a day's limit at midnight, then the window at
/// nine): asked again at each opening until all are open.
///
/// The past is not brought up to those moments: it only knows more than counts any more, and
/// what is over holds nothing.
fn opens(
    calendar: &Calendar,
    mut at: Timestamp,
    used: &Used,
    lane: &Lane<'_>,
    class: Class,
) -> Option<Timestamp> {
    for _ in 0..64 {
        let moment = Moment {
            now: at,
            calendar,
            rules: lane.rules,
            history: &lane.history,
            used,
        };
        let opens = lane_opening(&moment, class)?;
        if opens <= at {
            return Some(at);
        }
        at = opens;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DelayRange;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn bulk(count: i64) -> Pool {
        [Load::default(), Load::default(), Load { count, chars: 0 }]
    }

    fn lane(rules: &Rules) -> Lane<'_> {
        Lane {
            rules,
            history: History::default(),
            waiting: Pool::default(),
            can_send: true,
        }
    }

    fn end(lanes: Vec<Lane<'_>>, pool: Pool) -> Option<i64> {
        forecast(&Calendar::utc(), NOW, Used::default(), lanes, pool)
            .at
            .map(|at| at - NOW)
    }

    #[test]
    fn delays_add_up_and_lanes_share() {
        let rules = Rules {
            delay: DelayRange::new(5_000, 15_000),
            ..Rules::default()
        };
        assert_eq!(end(vec![lane(&rules)], bulk(10)), Some(100_000));
        assert_eq!(end(vec![lane(&rules), lane(&rules)], bulk(10)), Some(50_000));
        assert_eq!(end(vec![], bulk(10)), None);
        let stopped = Lane {
            can_send: false,
            waiting: bulk(7),
            ..lane(&rules)
        };
        let ends = forecast(
            &Calendar::utc(),
            NOW,
            Used::default(),
            vec![stopped, lane(&rules)],
            bulk(10),
        );
        assert_eq!(
            (ends.at, ends.stays),
            (Some(NOW + 100_000), 7),
            "the others leave"
        );
        assert_eq!(end(vec![lane(&Rules::default())], bulk(10)), Some(0));
    }

    #[test]
    fn limits_hold_until_their_hour_or_day_is_over() {
        let rules = Rules {
            hourly: Some(10),
            ..Rules::default()
        };
        assert_eq!(end(vec![lane(&rules)], bulk(30)), Some(2 * 3_600_000));
        let midnight = Calendar::utc().day(NOW).end - NOW;
        let rules = Rules {
            daily: Some(10),
            ..Rules::default()
        };
        assert_eq!(end(vec![lane(&rules)], bulk(25)), Some(midnight + 86_400_000));
        let rules = Rules {
            organization_daily: Some(10),
            ..Rules::default()
        };
        assert_eq!(
            end(vec![lane(&rules), lane(&rules)], bulk(25)),
            Some(midnight + 86_400_000)
        );
    }

    #[test]
    fn a_fast_lane_takes_what_a_slow_one_cannot() {
        let slow = Rules {
            daily: Some(5),
            ..Rules::default()
        };
        let fast = Rules {
            delay: DelayRange::new(1_000, 1_000),
            ..Rules::default()
        };
        let ends = forecast(
            &Calendar::utc(),
            NOW,
            Used::default(),
            vec![lane(&slow), lane(&fast)],
            bulk(105),
        );
        assert_eq!(ends.sent, [5, 100]);
        assert_eq!(ends.at, Some(NOW + 100_000));
    }

    #[test]
    fn one_of_the_pool_waits_for_no_lane_that_is_full() {
        let (full, free) = (
            Rules {
                daily: Some(1),
                ..Rules::default()
            },
            Rules {
                delay: DelayRange::new(1_000, 1_000),
                ..Rules::default()
            },
        );
        let busy = Lane {
            waiting: bulk(500),
            ..lane(&full)
        };
        let lanes = || vec![busy.clone(), lane(&free)];
        let at = |before| {
            let pool = bulk(before + 1);
            pooled_at(
                &Calendar::utc(),
                NOW,
                Used::default(),
                lanes(),
                pool,
                Class::Bulk,
                before,
            )
        };
        assert_eq!(at(0), Some(NOW + 1_000));
        assert_eq!(at(9), Some(NOW + 10_000));
        let stopped = Lane {
            can_send: false,
            ..lane(&free)
        };
        let never = pooled_at(
            &Calendar::utc(),
            NOW,
            Used::default(),
            vec![stopped],
            bulk(1),
            Class::Bulk,
            0,
        );
        assert_eq!(never, None);
    }

    #[test]
    fn a_million_are_told_by_their_pace() {
        let rules = Rules {
            delay: DelayRange::new(1_000, 1_000),
            ..Rules::default()
        };
        let got = end(vec![lane(&rules)], bulk(1_000_000)).unwrap();
        assert!((got - 1_000_000_000).abs() < 1_000_000, "{got}");
    }

    #[test]
    fn what_takes_months_is_told_by_whole_days() {
        let rules = Rules {
            daily: Some(100),
            delay: DelayRange::new(5_000, 5_000),
            ..Rules::default()
        };
        let got = end(vec![lane(&rules), lane(&rules), lane(&rules)], bulk(100_050)).unwrap();
        // The rest of today and 332 whole days take 99,900; 150 are left for the day after.
        let midnight = Calendar::utc().day(NOW).end - NOW;
        let expect = midnight + 332 * 86_400_000 + 50 * 5_000;
        assert!((got - expect).abs() < 60_000, "{got} instead of {expect}");
        // A window of three days a week.
        let rules = Rules {
            window: "09:00-17:00 mon,wed,fri".parse().ok(),
            ..rules
        };
        let got = end(vec![lane(&rules), lane(&rules), lane(&rules)], bulk(90_000)).unwrap();
        let weeks = got as f64 / (7.0 * 86_400_000.0);
        assert!((weeks - 100.0).abs() < 1.0, "{weeks} weeks");
    }
}
