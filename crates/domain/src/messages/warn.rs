//! Warn: what of a lane a person should know of without having looked, told as alerts.
//!
//! Held against the limits after each batch and whenever the lane looks around. Written down only
//! when something changed; what stands is read back when the lane begins, so that a restart tells
//! nothing twice.

use super::{Messages, claim::Claimed, lanes::State, record::Lane, store::warn as store};
use crate::{
    Result, Tx,
    alerts::{Limit, Named, NewAlert, Subject},
};
use pacing::Used;
use types::{Timestamp, alerts::AlertKind};

/// From so many percent of a limit on it is near.
const NEAR: i64 = 80;
/// A limit that was near or reached has room again below so many percent: an hour that rolls on
/// would otherwise end and raise the same alert with every message.
const ROOM: i64 = 70;
const ROOM_AFTER_REACHED: i64 = 90;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    #[default]
    Room,
    Near,
    Reached,
}

impl Level {
    const fn kind(self) -> Option<AlertKind> {
        match self {
            Self::Room => None,
            Self::Near => Some(AlertKind::LimitNear),
            Self::Reached => Some(AlertKind::LimitReached),
        }
    }

    /// What so much of a limit is, after what it was before.
    fn next(self, used: i64, most: Option<i64>) -> Self {
        let Some(most) = most else { return Self::Room };
        let percent = used.saturating_mul(100) / most.max(1);
        match self {
            _ if used >= most => Self::Reached,
            Self::Reached if percent >= ROOM_AFTER_REACHED => Self::Reached,
            Self::Near if percent >= ROOM => Self::Near,
            _ if percent >= NEAR => Self::Near,
            _ => Self::Room,
        }
    }
}

/// Why a session writes to nobody who never wrote to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cold {
    /// Its own limit of the day is used up.
    Used(i64),
    /// WhatsApp takes no more.
    Refused,
}

/// What was told of a lane and still holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    hourly: Level,
    daily: Level,
    cold: Option<Cold>,
    /// The text that was repeated.
    repeated: Option<u64>,
    /// WhatsApp asked it to wait.
    slowed: bool,
}

/// What an answer said, kept until it is told.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// A text that went to so many, in the words that went.
    pub repeated: Option<(u64, i64, String)>,
    pub slowed: Option<String>,
    pub cold: Option<String>,
}

impl State {
    /// A text went out as often as slows it down.
    pub(super) fn hear_text(&mut self, one: &Claimed) {
        if let (Some((after, _)), Some(text)) = (self.rules.repeated, one.departure.text)
            && !one.departure.counted
        {
            let (count, _) = self.history.repeats(text);
            if count >= after {
                let words = one.due.text.clone().unwrap_or_default();
                self.heard.repeated = Some((text, count, words));
            }
        }
    }
}

impl Messages {
    /// Tells what has changed since it was last told. What cannot be written down is tried again at
    /// the next look: no message waits for it.
    pub(super) async fn warn(&self, lane: Lane, state: &mut State, used: &Used, now: Timestamp) {
        if let Err(error) = self.try_warn(lane, state, used, now).await {
            tracing::warn!(%error, session = %lane.session, "an alert could not be written down; trying again");
        }
    }

    async fn try_warn(&self, lane: Lane, state: &mut State, used: &Used, now: Timestamp) -> Result<()> {
        let (before, whole) = match (state.standing, self.lanes.warned(lane.organization)) {
            (Some(standing), Some(whole)) => (standing, whole),
            (standing, whole) => {
                let told = store::standing(self.shared.read(), lane.organization, lane.session).await?;
                let found = found(lane, state, &told);
                (
                    standing.unwrap_or(found),
                    whole.unwrap_or_else(|| level_of(&told, &Limit::Daily.subject(None))),
                )
            }
        };
        let after = look(state, before, now);
        let whole_after = match state.rules.organization_daily {
            Some(most) if used.day.has(now) => whole.next(used.today, Some(most)),
            Some(_) => whole,
            None => Level::Room,
        };
        let heard = &state.heard;
        if after != before || whole_after != whole || heard.repeated.is_some() {
            let mut tx = self.shared.begin().await?;
            self.tell_in(&mut tx, lane, state, (before, after)).await?;
            self.level_in(
                &mut tx,
                lane,
                None,
                Limit::Daily,
                (whole, whole_after),
                (used.today, state.rules.organization_daily),
            )
            .await?;
            tx.commit().await?;
        }
        state.standing = Some(after);
        state.heard = Heard::default();
        self.lanes.set_warned(lane.organization, whole_after);
        Ok(())
    }

    async fn tell_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        state: &State,
        (before, after): (Standing, Standing),
    ) -> Result<()> {
        let Some(name) = store::name(tx.conn(), lane.organization, lane.session).await? else {
            return Ok(());
        };
        let named = Named {
            organization: lane.organization,
            session: lane.session,
            name: &name,
        };
        let history = &state.history;
        let hour = (history.in_hour(), state.rules.hourly);
        let cap = state.rules.daily_cap(history.warm_up_day());
        let day = (history.used_today(), cap.map(|(cap, _)| cap));
        self.level_in(
            tx,
            lane,
            Some(named),
            Limit::Hourly,
            (before.hourly, after.hourly),
            hour,
        )
        .await?;
        self.level_in(
            tx,
            lane,
            Some(named),
            Limit::Daily,
            (before.daily, after.daily),
            day,
        )
        .await?;
        let own = Subject::session(lane.session);
        if after.cold != before.cold {
            match after.cold {
                None => {
                    self.alerts
                        .clear_in(tx, lane.organization, AlertKind::ColdQuota, &own)
                        .await?;
                }
                Some(cold) => {
                    let new = match cold {
                        Cold::Used(most) => NewAlert::cold_quota(named, most),
                        Cold::Refused => NewAlert::cold_refused(named, state.heard.cold.as_deref()),
                    };
                    self.alerts.raise_in(tx, new).await?;
                }
            }
        }
        if let Some((_, count, text)) = &state.heard.repeated {
            self.alerts
                .raise_in(tx, NewAlert::repeated_text(named, *count, text))
                .await?;
        } else if before.repeated.is_some() && after.repeated.is_none() {
            self.alerts
                .clear_in(tx, lane.organization, AlertKind::RepeatedText, &own)
                .await?;
        }
        if after.slowed != before.slowed {
            if after.slowed {
                let new = NewAlert::asked_to_wait(named, state.heard.slowed.as_deref());
                self.alerts.raise_in(tx, new).await?;
            } else {
                self.alerts.end_of_wait_in(tx, named).await?;
            }
        }
        Ok(())
    }

    /// One limit went from one level to another.
    async fn level_in(
        &self,
        tx: &mut Tx,
        lane: Lane,
        session: Option<Named<'_>>,
        limit: Limit,
        (before, after): (Level, Level),
        (used, most): (i64, Option<i64>),
    ) -> Result<()> {
        if before == after {
            return Ok(());
        }
        let organization = lane.organization;
        if let Some(kind) = before.kind() {
            let subject = limit.subject(session.map(|session| session.session));
            self.alerts
                .change_of_limit_in(tx, organization, kind, &subject, after == Level::Reached)
                .await?;
        }
        let most = most.unwrap_or(used);
        let new = match after {
            Level::Room => return Ok(()),
            Level::Near => NewAlert::limit_near(organization, session, limit, used, most),
            Level::Reached => NewAlert::limit_reached(organization, session, limit, most),
        };
        self.alerts.raise_in(tx, new).await.map(drop)
    }
}

/// What holds of the lane now.
fn look(state: &State, before: Standing, now: Timestamp) -> Standing {
    let (rules, history) = (&state.rules, &state.history);
    let today = history.day().has(now);
    let cap = rules.daily_cap(history.warm_up_day()).map(|(cap, _)| cap);
    let refused = history.cold_until.is_some_and(|until| until > now);
    let cold = match rules.cold_daily {
        _ if refused => Some(Cold::Refused),
        Some(most) if today && history.cold_today() >= most => Some(Cold::Used(most)),
        _ => None,
    };
    let still = |text: &u64| {
        rules
            .repeated
            .is_some_and(|(after, _)| history.repeats(*text).0 >= after)
    };
    let heard = state.heard.repeated.as_ref().map(|(text, ..)| *text);
    Standing {
        hourly: before.hourly.next(history.in_hour(), rules.hourly),
        daily: if today {
            before.daily.next(history.used_today(), cap)
        } else {
            before.daily
        },
        cold,
        repeated: heard.or(before.repeated).filter(still),
        slowed: history.held_until.is_some_and(|until| until > now),
    }
}

/// What was told before this lane began.
fn found(lane: Lane, state: &State, told: &[store::Told]) -> Standing {
    let own = Subject::session(lane.session);
    let stands = |kind, subject: &Subject| told.iter().any(|(k, s)| *k == kind && *s == subject.key());
    let cold = stands(AlertKind::ColdQuota, &own).then(|| match state.rules.cold_daily {
        Some(most) if state.history.cold_today() >= most => Cold::Used(most),
        _ => Cold::Refused,
    });
    Standing {
        hourly: level_of(told, &Limit::Hourly.subject(Some(lane.session))),
        daily: level_of(told, &Limit::Daily.subject(Some(lane.session))),
        cold,
        // Which text it was is not written down: 0 stands for one that was not repeated since.
        repeated: stands(AlertKind::RepeatedText, &own).then(|| {
            let after = state.rules.repeated.map_or(i64::MAX, |(after, _)| after);
            state.history.repeated_text(after).unwrap_or(0)
        }),
        slowed: stands(AlertKind::SessionRestricted, &NewAlert::answers(lane.session)),
    }
}

fn level_of(told: &[store::Told], subject: &Subject) -> Level {
    let has = |kind| told.iter().any(|(k, s)| *k == kind && *s == subject.key());
    if has(AlertKind::LimitReached) {
        Level::Reached
    } else if has(AlertKind::LimitNear) {
        Level::Near
    } else {
        Level::Room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rolling_hour_does_not_raise_the_same_again_and_again() {
        let mut level = Level::Room;
        let mut changes = Vec::new();
        let hour = (0..=100).chain([99, 100, 95, 99, 91, 90, 89, 85, 79, 75, 81, 70, 69, 79, 80]);
        for used in hour {
            let next = level.next(used, Some(100));
            if next != level {
                changes.push((used, next));
            }
            level = next;
        }
        assert_eq!(
            changes,
            [
                (80, Level::Near),
                (100, Level::Reached),
                (89, Level::Near),
                (69, Level::Room),
                (80, Level::Near)
            ]
        );
    }

    #[test]
    fn a_limit_that_is_off_or_raised_has_room() {
        assert_eq!(Level::Reached.next(100, None), Level::Room);
        assert_eq!(Level::Reached.next(100, Some(1_000)), Level::Room);
        assert_eq!(Level::Room.next(0, Some(1)), Level::Room);
        assert_eq!(Level::Room.next(1, Some(1)), Level::Reached);
    }
}
