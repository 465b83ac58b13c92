//! Planners that are wrong in one thing each. A ledger that does not notice would not notice the
//! same mistake in the library either.

use super::planner::{AfterCrash, Planner, Real, Recalled, place};
use jiff::{Timestamp as Instant, tz::TimeZone};
use pacing::{
    Calendar, DelayRange, Departure, Explain, Facts, Head, History, Moment, ORDER, Rules, Taken, Turns, Used,
};
use types::{
    Timestamp,
    messages::Class,
    pacing::{Gate, Limits},
};

macro_rules! faults {
    ($($(#[$doc:meta])* $fault:ident,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault { $($(#[$doc])* $fault,)* }

        impl Fault {
            pub const ALL: &[Fault] = &[$(Fault::$fault,)*];
        }
    };
}

faults! {
    // One gate each is never shut.
    NoSession, NoSuspended, NoAllowList, NoOptOut, NoMedia, NoRetry, NoOrder, NoRestriction, NoPause, NoWindow,
    NoHourly, NoDaily, NoOrganization, NoWarmUp, NoCold, NoColdUntil, NoGap, NoRepeated, NoDelay,
    // A limit is a little too high, or a wait a little too short.
    HourlyOneMore, DailyOneMore, OrganizationOneMore, ColdOneMore, PauseOneMore, WarmUpOneMore, RepeatedOneMore,
    PauseHalf, GapHalf, DelayHalf,
    /// Sessions cannot set anything of their own.
    SessionLimitsIgnored,
    // Days and windows of another clock.
    DaysInUtc, DaysOf24Hours, WindowInUtc, WindowWithoutSummer,
    // What a restart forgets.
    HourLost, DayLost, ColdLost, OrganizationDayLost, PauseLost, RowLost, TextsLost, LastLeftLost, HeldLost,
    /// Rules change, or the clock is set back, and the past is not read anew.
    NotReadAnew,
    // Counting.
    RetryCountsTwice, RetryCountsNever, TakeBackForgotten, TakeBackTwice, TakeBackOfSessionOnly,
    // Turns and the pool.
    StrictPriority,
    /// A batch counts as one message, however long it is.
    BatchIsOne,
    /// What is less urgent leaves while a more urgent one waits for its delay, which begins anew.
    SlipsInBefore,
 BulkFirst, ParkedForEver, ParkedTooLong, TakenByTwo, RetriesWaitForLimits,
    // A crash between the wire and the record.
    SentBlindly, ForgottenOnTheWire,
    /// "Send now" passes what WhatsApp asked for.
    RushPassesEverything,
    /// What counts already passes WhatsApp's own quota of messages to new people.
    RetriesPassColdQuota,
    /// Two messages to one recipient leave in one batch.
    BatchOvertakes,
    /// The delay is drawn again at each look.
    DelayDrawnAgain,
    // Explanations that name a time too late.
    ExplainsTheWire, ExplainsAnyLane, ExplainsAMinuteLate,
}

impl Planner for Fault {
    fn rules(&self, platform: &Limits, organization: &Limits, session: &Limits) -> Rules {
        let none = Limits::default();
        let session = if *self == Self::SessionLimitsIgnored {
            &none
        } else {
            session
        };
        let mut rules = Rules::resolve(platform, organization, session);
        let more = |value: &mut Option<i64>| *value = value.map(|value| value + 1);
        match self {
            Self::NoPause => rules.pause = None,
            Self::NoWindow => rules.window = None,
            Self::NoHourly => rules.hourly = None,
            Self::NoDaily => rules.daily = None,
            Self::NoOrganization => rules.organization_daily = None,
            Self::NoWarmUp => rules.warm_up = false,
            Self::NoCold => rules.cold_daily = None,
            Self::NoGap => rules.gap_ms = 0,
            Self::NoRepeated => rules.repeated = None,
            Self::NoDelay => (rules.delay, rules.typing_ms) = (DelayRange::OFF, 0),
            Self::HourlyOneMore => more(&mut rules.hourly),
            Self::DailyOneMore => more(&mut rules.daily),
            Self::OrganizationOneMore => more(&mut rules.organization_daily),
            Self::ColdOneMore => more(&mut rules.cold_daily),
            Self::PauseOneMore => rules.pause = rules.pause.map(|(after, pause)| (after + 1, pause)),
            Self::PauseHalf => rules.pause = rules.pause.map(|(after, pause)| (after, pause / 2)),
            Self::RepeatedOneMore => rules.repeated = rules.repeated.map(|(after, pause)| (after + 1, pause)),
            Self::GapHalf => rules.gap_ms /= 2,
            Self::DelayHalf => {
                rules.delay = DelayRange::new(rules.delay.min_ms / 2, rules.delay.max_ms / 2);
            }
            _ => {}
        }
        rules
    }

    fn days(&self, zone: &TimeZone) -> Calendar {
        match self {
            Self::DaysInUtc => Calendar::utc(),
            Self::DaysOf24Hours => Calendar::new(winter(zone)),
            _ => Real.days(zone),
        }
    }

    fn windows(&self, zone: &TimeZone) -> Calendar {
        match self {
            Self::WindowInUtc => Calendar::utc(),
            Self::WindowWithoutSummer => Calendar::new(winter(zone)),
            _ => Real.windows(zone),
        }
    }

    fn looks(&self, up: bool, suspended: bool) -> bool {
        match self {
            Self::NoSession => !suspended,
            Self::NoSuspended => up,
            _ => Real.looks(up, suspended),
        }
    }

    fn facts(&self, facts: Facts, now: Timestamp) -> Facts {
        match self {
            Self::NoSession => Facts {
                can_send: true,
                ..facts
            },
            Self::NoSuspended => Facts {
                suspended: false,
                ..facts
            },
            Self::NoAllowList => Facts {
                allowed: true,
                ..facts
            },
            Self::NoOptOut => Facts {
                opted_out: false,
                ..facts
            },
            Self::NoMedia => Facts {
                fetching_media: false,
                ..facts
            },
            Self::NoRetry => Facts {
                again_at: None,
                ..facts
            },
            Self::NoOrder => Facts {
                earlier: false,
                ..facts
            },
            Self::RetryCountsTwice => Facts {
                counted: false,
                ..facts
            },
            Self::DelayDrawnAgain => Facts {
                chance: facts.chance ^ (now.0 as u32).wrapping_mul(0x9E37_79B9),
                ..facts
            },
            _ => facts,
        }
    }

    fn order(&self, turns: Turns, waiting: [bool; 3]) -> Vec<Class> {
        let mut order = ORDER.to_vec();
        match self {
            Self::StrictPriority => {}
            Self::BulkFirst => order.reverse(),
            _ => return Real.order(turns, waiting),
        }
        order.retain(|class| waiting[place(*class)]);
        order
    }

    fn share(&self, turns: Turns, class: Class, could: [bool; 3]) -> Option<usize> {
        if *self == Self::BatchIsOne {
            return None;
        }
        Real.share(turns, class, could)
    }

    fn counts_each(&self) -> bool {
        *self != Self::BatchIsOne
    }

    fn waits_for_urgent(&self) -> bool {
        *self != Self::SlipsInBefore
    }

    fn lane_opening(&self, moment: &Moment<'_>, class: Class) -> Option<Timestamp> {
        let history = self.past(moment.history);
        Real.lane_opening(
            &Moment {
                history: &history,
                ..*moment
            },
            class,
        )
    }

    fn again_opening(&self, moment: &Moment<'_>, class: Class) -> Option<Timestamp> {
        if *self == Self::RetriesWaitForLimits {
            return Real.lane_opening(moment, class);
        }
        let history = self.past(moment.history);
        Real.again_opening(
            &Moment {
                history: &history,
                ..*moment
            },
            class,
        )
    }

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
        let rush = heads.iter().any(|head| head.facts.rush);
        let (held, cold) = (history.held_until, history.cold_until);
        *history = self.past(history).into_owned();
        let again = heads.iter().any(|head| head.facts.counted);
        if *self == Self::RushPassesEverything && rush {
            (history.held_until, history.cold_until) = (None, None);
        }
        if *self == Self::RetriesPassColdQuota && again {
            history.cold_until = None;
        }
        let mut rules = rules.clone();
        if *self == Self::WarmUpOneMore
            && let Some((cap, Some(_))) = rules.daily_cap(history.warm_up_day())
        {
            (rules.warm_up, rules.daily) = (false, Some(cap + 1));
        }
        let mut heads = heads.to_vec();
        if *self == Self::BatchOvertakes {
            for (index, head) in heads.iter_mut().enumerate() {
                head.recipient = index as u64;
            }
        }
        let taken = Real.take(calendar, &rules, history, used, now, &heads, most);
        (history.held_until, history.cold_until) = (held, cold);
        taken
    }

    fn take_back(&self, history: &mut History, used: &mut Used, departure: Departure) {
        match self {
            Self::TakeBackForgotten => return,
            Self::TakeBackTwice => Real.take_back(history, used, departure),
            Self::TakeBackOfSessionOnly => return history.take_back(departure),
            _ => {}
        }
        Real.take_back(history, used, departure);
    }

    fn park(&self, until: Timestamp) -> Timestamp {
        match self {
            Self::ParkedForEver => Timestamp(i64::MAX),
            Self::ParkedTooLong => until + 86_400_000,
            _ => until,
        }
    }

    fn recalled(&self, mut recalled: Recalled) -> Recalled {
        let history = &mut recalled.history;
        match self {
            Self::HourLost => recalled.hour.clear(),
            Self::DayLost => recalled.used.0 = 0,
            Self::ColdLost => recalled.used.1 = 0,
            Self::PauseLost => history.paused_until = None,
            Self::RowLost => history.in_row = 0,
            Self::TextsLost => recalled.hour.iter_mut().for_each(|(_, text)| *text = None),
            Self::LastLeftLost => history.last_left_at = None,
            Self::HeldLost => (history.held_until, history.cold_until) = (None, None),
            _ => {}
        }
        recalled
    }

    fn organization_used(&self, today: i64, started: bool) -> i64 {
        if *self == Self::OrganizationDayLost && started {
            0
        } else {
            today
        }
    }

    fn reads_anew(&self) -> bool {
        *self != Self::NotReadAnew
    }

    fn takes_from_all(&self) -> bool {
        *self != Self::TakenByTwo
    }

    fn after_crash(&self) -> AfterCrash {
        match self {
            Self::SentBlindly => AfterCrash::Waiting,
            Self::ForgottenOnTheWire => AfterCrash::Forgotten,
            _ => Real.after_crash(),
        }
    }

    fn retry_counts(&self) -> bool {
        *self != Self::RetryCountsNever
    }

    fn soonest(&self, moments: &[Moment<'_>], facts: &Facts) -> Option<usize> {
        if *self == Self::ExplainsAnyLane {
            moments.len().checked_sub(1)
        } else {
            Real.soonest(moments, facts)
        }
    }

    fn explains_the_wire(&self) -> bool {
        *self == Self::ExplainsTheWire
    }

    fn explain(&self, input: &Explain<'_>) -> Vec<Gate> {
        let mut gates = Real.explain(input);
        if *self == Self::ExplainsAMinuteLate {
            for gate in &mut gates {
                gate.opens_at = gate.opens_at.map(|at| at + 60_000);
            }
        }
        gates
    }
}

impl Fault {
    fn past(self, history: &History) -> std::borrow::Cow<'_, History> {
        let mut history = std::borrow::Cow::Borrowed(history);
        match self {
            Self::NoRestriction => history.to_mut().held_until = None,
            Self::NoColdUntil => history.to_mut().cold_until = None,
            _ => {}
        }
        history
    }
}

/// The zone as if its clocks were never set.
fn winter(zone: &TimeZone) -> TimeZone {
    let january = Instant::from_second(1_768_000_000).unwrap_or(Instant::UNIX_EPOCH);
    TimeZone::fixed(zone.to_offset(january))
}
