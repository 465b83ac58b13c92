//! When each message came, over some four hundred days.

use super::{
    Size,
    chance::{DAY, HOUR, MINUTE},
    shape::Organization,
};
use rand::{Rng as _, rngs::StdRng};

/// How far back it goes.
pub const SPAN: i64 = 400 * DAY;
/// The last messages that have left did so before the server that is measured starts.
const QUIET: i64 = 5 * MINUTE;
/// Of a hundred messages so many came as lists.
const BULK: u32 = 30;

/// One message, in or out.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub at: i64,
    pub organization: usize,
    pub waits: bool,
    /// Which list it came with.
    pub batch: Option<usize>,
    /// Which of its list it is.
    pub nth: u32,
}

/// A list that was sent at once.
#[derive(Clone, Copy, Debug)]
pub struct List {
    pub organization: usize,
    pub at: i64,
    pub rows: u32,
}

/// Every message in the order in which they came, and the lists.
pub fn make(
    size: Size,
    organizations: &[Organization],
    now: i64,
    random: &mut StdRng,
) -> (Vec<Entry>, Vec<List>) {
    let mut entries = Vec::with_capacity(size.messages as usize);
    let mut lists = Vec::new();
    for (organization, plan) in organizations.iter().enumerate() {
        let mut bulk = if plan.past > 200 {
            plan.past / 100 * BULK
        } else {
            0
        };
        for nth in 0..plan.past - bulk {
            entries.push(Entry {
                at: moment(now, random),
                organization,
                waits: false,
                batch: None,
                nth,
            });
        }
        while bulk > 0 {
            let rows = random.random_range(50..3_000).min(bulk);
            let at = moment(now, random).min(now - 2 * DAY);
            add_list(&mut entries, &mut lists, organization, at, rows, false);
            bulk -= rows;
        }
        let mut single = plan.waiting;
        if plan.waiting > 100 && organization == 0 {
            for (hours, share) in [(30, 20), (19, 25), (7, 25), (1, 18)] {
                let rows = plan.waiting * share / 100;
                add_list(
                    &mut entries,
                    &mut lists,
                    organization,
                    now - hours * HOUR,
                    rows,
                    true,
                );
                single -= rows;
            }
        }
        for nth in 0..single {
            entries.push(Entry {
                at: now - QUIET - random.random_range(0..36 * HOUR),
                organization,
                waits: true,
                batch: None,
                nth,
            });
        }
    }
    entries.sort_by_key(|entry| (entry.at, entry.organization, entry.nth));
    (entries, lists)
}

fn add_list(
    entries: &mut Vec<Entry>,
    lists: &mut Vec<List>,
    organization: usize,
    at: i64,
    rows: u32,
    waits: bool,
) {
    let batch = Some(lists.len());
    lists.push(List {
        organization,
        at,
        rows,
    });
    entries.extend((0..rows).map(|nth| Entry {
        // About what it takes to queue a list.
        at: at + i64::from(nth) / 5,
        organization,
        waits,
        batch,
        nth,
    }));
}

/// More of late than in the beginning, and in the hours of the day in which people are awake.
fn moment(now: i64, random: &mut StdRng) -> i64 {
    let ago = (SPAN as f64 * (1.0 - random.random::<f64>().powf(0.7))) as i64;
    let at = now - ago;
    let (day, hour) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    let at = day * DAY + 2 * HOUR + hour / 24 * 15;
    if at > now - QUIET {
        now - QUIET - ago % HOUR
    } else {
        at
    }
}
