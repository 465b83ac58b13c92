//! The lanes, the balancer and "what if": what people ask of the planner about the whole queue.

use super::{
    Messages,
    explain::Picture,
    lanes::inputs,
    outlook::{Seen, forecast},
    store::{self, outlook::Group},
};
use crate::{Ctx, Result, sessions::Brief};
use pacing::{Rules, balance};
use std::collections::BTreeMap;
use types::{
    AppError, OrganizationId, Permission, SessionId, Timestamp,
    messages::{Lanes, WhatIf},
    pacing::{Balance, LaneStatus, Limit, LimitValue, Limits},
    sessions::SessionState,
};

impl Messages {
    /// Every session's lane: what it has used, what holds it, what is next.
    pub async fn lanes(&self, ctx: &Ctx) -> Result<Lanes> {
        let organization = ctx.require(Permission::QueueView)?;
        let picture = self.picture(organization).await?;
        let sessions = self.sessions.all_of(organization).await?;
        let ends = self.outlooks.ends(organization, &picture.groups, || {
            forecast(
                &picture.policy,
                &picture.seen,
                &picture.groups,
                None,
                &picture.used,
                picture.now,
            )
        });
        let mut all = Vec::new();
        for (index, seen) in picture.seen.iter().enumerate() {
            if ctx.session.is_some_and(|own| own != seen.session) {
                continue;
            }
            let Some(session) = sessions.iter().find(|session| session.id == seen.session) else {
                continue;
            };
            let ends_at = ends.lanes.get(index).copied().flatten();
            all.push(
                self.lane_status(organization, &picture, seen, session, ends_at)
                    .await?,
            );
        }
        let pool = |group: &&Group| group.session.is_none();
        Ok(Lanes {
            lanes: all,
            pool: picture.groups.iter().filter(pool).map(|group| group.count).sum(),
            ends_at: ends.at,
            stays: ends.stays,
            used_today: picture.used.today,
            organization_limit: picture.policy.rules(None).organization_daily,
            as_of: picture.now,
        })
    }

    async fn lane_status(
        &self,
        organization: OrganizationId,
        picture: &Picture,
        seen: &Seen,
        session: &Brief,
        ends_at: Option<Timestamp>,
    ) -> Result<LaneStatus> {
        let moment = picture.moment(seen);
        let next = store::outlook::next(self.shared.read(), organization, seen.session).await?;
        let mut next_at = None;
        if let Some((id, _)) = next
            && seen.can_send
            && let Some(found) = store::read::find(self.shared.read(), organization, Some(id), None).await?
        {
            let facts = self.facts(organization, &found, picture).await?;
            next_at = pacing::opening(&moment, &facts);
        }
        let cap = seen.rules.daily_cap(seen.history.warm_up_day());
        let mine = |group: &&Group| group.session == Some(seen.session);
        Ok(LaneStatus {
            session: seen.session,
            name: session.name.clone(),
            number: session.number.clone(),
            state: session.state,
            reason: session.reason.clone(),
            waiting: picture.groups.iter().filter(mine).map(|group| group.count).sum(),
            next: next.map(|(id, _)| id),
            next_at,
            ends_at,
            last_left_at: seen.history.last_left_at,
            used_hour: seen.history.in_hour(),
            hourly_limit: seen.rules.hourly,
            used_today: seen.history.used_today(),
            daily_limit: cap.map(|(cap, _)| cap),
            warm_up_day: cap.and_then(|(_, day)| day),
            cold_today: seen.history.cold_today(),
            cold_limit: seen.rules.cold_daily,
            in_row: seen.history.in_row,
            pause_after: seen.rules.pause.map(|(after, _)| after),
            held: pacing::held(&moment),
        })
    }

    /// How the sessions stand in the balancer's eyes, the one that goes first at the top.
    pub async fn balance(&self, ctx: &Ctx) -> Result<Vec<Balance>> {
        let organization = ctx.require(Permission::QueueView)?;
        let picture = self.picture(organization).await?;
        let mut all = self.balances(ctx, &picture).await?;
        all.retain(|balance| ctx.session.is_none_or(|own| own == balance.session));
        Ok(all)
    }

    pub(super) async fn balances(&self, ctx: &Ctx, picture: &Picture) -> Result<Vec<Balance>> {
        let organization = ctx.require(Permission::QueueView)?;
        let sessions = self.sessions.all_of(organization).await?;
        let mut all: Vec<(bool, balance::Inputs, Balance)> = picture
            .seen
            .iter()
            .filter_map(|seen| {
                let session = sessions.iter().find(|session| session.id == seen.session)?;
                let inputs = inputs(&seen.history, &seen.outcomes, picture.now);
                let skipped = skipped(picture, seen, session);
                Some((
                    skipped.is_some(),
                    inputs,
                    balance_of(seen, session, &inputs, skipped),
                ))
            })
            .collect();
        all.sort_by(|(a_out, a, _), (b_out, b, _)| {
            a_out.cmp(b_out).then_with(|| {
                if balance::before(a, b) {
                    std::cmp::Ordering::Less
                } else if balance::before(b, a) {
                    std::cmp::Ordering::Greater
                } else {
                    std::cmp::Ordering::Equal
                }
            })
        });
        Ok(all.into_iter().map(|(.., balance)| balance).collect())
    }

    /// When the queue would end if those limits were changed, for one session or for all.
    pub async fn what_if(
        &self,
        ctx: &Ctx,
        session: Option<SessionId>,
        change: &BTreeMap<String, LimitValue>,
    ) -> Result<WhatIf> {
        let organization = ctx.require(Permission::QueueView)?;
        let mut changed = Limits::default();
        let mut fields = Vec::new();
        let mut blank = Vec::new();
        for (name, value) in change {
            match Limit::from_name(name).map(|limit| (limit, limit.read(value))) {
                Some((limit, Ok(Some(value)))) => changed.set(limit, Some(value)),
                Some((limit, Ok(None))) => blank.push(limit),
                Some((_, Err(error))) => fields.push(crate::orgs::fields::bad(name, error.why)),
                None => fields.push(crate::orgs::fields::bad(name, "There is no such limit")),
            }
        }
        if !fields.is_empty() {
            return Err(AppError::Invalid { fields }.into());
        }
        // A key of one session asks for that one, and is told of its lane alone.
        let session = session.or(ctx.session);
        let picture = self.picture(organization).await?;
        let groups: Vec<Group> = picture
            .groups
            .iter()
            .filter(|group| ctx.session.is_none() || group.session == ctx.session)
            .copied()
            .collect();
        let policy = &picture.policy;
        let known = |session| {
            picture.seen.iter().any(|seen| seen.session == session) && ctx.may_touch(session).is_ok()
        };
        if session.is_some_and(|session| !known(session)) {
            return Err(AppError::field("session", "There is no such session in this organization").into());
        }
        let other = |seen: &Seen| {
            let mut organization = policy.organization.clone();
            let mut own = policy
                .sessions
                .iter()
                .find(|own| own.session == seen.session)
                .map(|own| own.limits.clone())
                .unwrap_or_default();
            match session {
                None => {
                    organization = changed.over(&organization);
                    for limit in &blank {
                        organization.set(*limit, None);
                    }
                }
                Some(session) if session == seen.session => {
                    own = changed.over(&own);
                    for limit in &blank {
                        own.set(*limit, None);
                    }
                }
                Some(_) => {}
            }
            Rules::resolve(&policy.platform, &organization, &own)
        };
        let ends = |other: Option<&dyn Fn(&Seen) -> Rules>| {
            forecast(policy, &picture.seen, &groups, other, &picture.used, picture.now)
        };
        let (now, then) = (ends(None), ends(Some(&other)));
        let waiting = groups.iter().map(|group| group.count).sum();
        Ok(WhatIf {
            waiting,
            ends_at: now.at,
            stays: now.stays,
            would_end_at: then.at,
            would_stay: then.stays,
            as_of: picture.now,
        })
    }
}

/// Why the balancer leaves a session out, if it does.
fn skipped(picture: &Picture, seen: &Seen, session: &Brief) -> Option<String> {
    if !seen.can_send {
        return Some(match session.state {
            SessionState::Connected => "Not ready to send".into(),
            state => format!("Not connected: {}", state.name().replace('_', " ")),
        });
    }
    pacing::held(&picture.moment(seen))
        .into_iter()
        .next()
        .map(|gate| gate.why)
}

fn balance_of(seen: &Seen, session: &Brief, inputs: &balance::Inputs, skipped: Option<String>) -> Balance {
    Balance {
        session: seen.session,
        name: session.name.clone(),
        number: session.number.clone(),
        state: session.state,
        age_days: inputs.age_days,
        seniority: balance::seniority(inputs.age_days),
        today_sent: inputs.today_sent,
        total_sent: session.sent,
        failure_rate: inputs.failure_rate,
        consecutive_failures: seen.outcomes.consecutive_failures(),
        cooldown_minutes: inputs.cooldown_minutes,
        last_sent_at: seen.history.last_left_at,
        score: balance::score(inputs),
        skipped,
    }
}
