//! Everything that the simulated dispatcher asks the library. The real arm is what stands here;
//! the broken ones replace a part of it.

use jiff::tz::TimeZone;
use pacing::{Calendar, Departure, Explain, Facts, Head, History, Moment, Rules, Taken, Turns, Used};
use std::collections::HashSet;
use types::{
    Timestamp,
    messages::Class,
    pacing::{Gate, Limits},
};

/// What a restart reads back.
#[derive(Debug)]
pub struct Recalled {
    pub history: History,
    pub hour: Vec<(Timestamp, Option<u64>)>,
    pub used: (i64, i64),
}

pub trait Planner: Sync {
    fn rules(&self, platform: &Limits, organization: &Limits, session: &Limits) -> Rules {
        Rules::resolve(platform, organization, session)
    }

    /// By which days are counted.
    fn days(&self, zone: &TimeZone) -> Calendar {
        Calendar::new(zone.clone())
    }

    /// By which windows open.
    fn windows(&self, zone: &TimeZone) -> Calendar {
        Calendar::new(zone.clone())
    }

    /// Whether a lane is looked at: the session is connected, the organization not suspended.
    fn looks(&self, up: bool, suspended: bool) -> bool {
        up && !suspended
    }

    fn facts(&self, facts: Facts, _now: Timestamp) -> Facts {
        facts
    }

    fn order(&self, turns: Turns, waiting: [bool; 3]) -> Vec<Class> {
        turns.order(|class| waiting[place(class)]).collect()
    }

    fn share(&self, turns: Turns, class: Class, could: [bool; 3]) -> Option<usize> {
        turns.share(class, |other| could[place(other)])
    }

    /// Whether each message of a batch is one that passed others over.
    fn counts_each(&self) -> bool {
        true
    }

    /// Whether the less urgent wait while a more urgent one only waits for its delay.
    fn waits_for_urgent(&self) -> bool {
        true
    }

    fn lane_opening(&self, moment: &Moment<'_>, class: Class) -> Option<Timestamp> {
        pacing::lane_opening(moment, class)
    }

    fn again_opening(&self, moment: &Moment<'_>, class: Class) -> Option<Timestamp> {
        pacing::again_opening(moment, class)
    }

    #[expect(clippy::too_many_arguments, reason = "the library's own")]
    fn take(
        &self,
        calendar: &Calendar,
        rules: &Rules,
        history: &mut History,
        used: &mut Used,
        now: Timestamp,
        heads: &[Head],
        most: usize,
    ) -> Taken {
        if !rules.is_off() {
            return pacing::take(calendar, rules, history, used, now, heads, most);
        }
        // Where nothing paces, the line keeps the order within a batch. This world's line answers
        // message by message and keeps none, so it is given one for each recipient.
        let mut reached = HashSet::new();
        let (places, first): (Vec<usize>, Vec<Head>) = heads
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, head)| reached.insert(head.recipient))
            .unzip();
        let mut taken = pacing::take(calendar, rules, history, used, now, &first, most);
        for (index, _) in &mut taken.leave {
            *index = places[*index];
        }
        for (index, _) in &mut taken.park {
            *index = places[*index];
        }
        taken
    }

    fn take_back(&self, history: &mut History, used: &mut Used, departure: Departure) {
        history.take_back(departure);
        used.take_back(departure);
    }

    /// Until when a message that is held alone steps aside.
    fn park(&self, until: Timestamp) -> Timestamp {
        until
    }

    fn recalled(&self, recalled: Recalled) -> Recalled {
        recalled
    }

    /// What the organization had sent of its day when its node started or the day began.
    fn organization_used(&self, today: i64, _started: bool) -> i64 {
        today
    }

    /// Whether the past is read anew when rules change or the clock was set back.
    fn reads_anew(&self) -> bool {
        true
    }

    /// Whether a message of the pool is taken out of the other lanes by the one that sends it.
    fn takes_from_all(&self) -> bool {
        true
    }

    fn after_crash(&self) -> AfterCrash {
        AfterCrash::Uncertain
    }

    /// Whether a message that was refused and is tried again counts already.
    fn retry_counts(&self) -> bool {
        true
    }

    fn soonest(&self, moments: &[Moment<'_>], facts: &Facts) -> Option<usize> {
        pacing::soonest(moments.iter().copied(), facts)
    }

    /// Whether an explanation counts what is on the wire, which may still be taken back.
    fn explains_the_wire(&self) -> bool {
        false
    }

    fn explain(&self, input: &Explain<'_>) -> Vec<Gate> {
        pacing::explain(input)
    }
}

/// What becomes of a message that was on the wire when the node died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterCrash {
    Uncertain,
    Waiting,
    Forgotten,
}

#[derive(Debug)]
pub struct Real;

impl Planner for Real {}

pub const fn place(class: Class) -> usize {
    match class {
        Class::Reply => 0,
        Class::Single => 1,
        Class::Bulk => 2,
    }
}
