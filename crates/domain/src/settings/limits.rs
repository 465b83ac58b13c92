//! Changes of limits, at whichever level.

use crate::orgs::fields::bad;
use std::collections::BTreeMap;
use types::{
    FieldError,
    pacing::{Limit, LimitValue, Limits},
};

/// Where limits are set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Platform,
    Organization,
    Session,
}

/// The level's limits after the change. Every bad field is named.
pub fn apply(
    before: &Limits,
    inherited: &Limits,
    level: Level,
    change: &BTreeMap<String, LimitValue>,
) -> Result<Limits, Vec<FieldError>> {
    let mut after = before.clone();
    let mut wrong = Vec::new();
    for (name, value) in change {
        match Limit::from_name(name) {
            Some(limit) if level == Level::Session && !limit.per_session() => wrong.push(bad(
                name,
                "A session cannot have this limit of its own. Set it for the organization.",
            )),
            Some(limit) => match limit.read(value) {
                Ok(value) => after.set(limit, value),
                Err(error) => wrong.push(bad(name, error.why)),
            },
            None => wrong.push(bad(name, "There is no such setting, or it cannot be changed")),
        }
    }
    if wrong.is_empty() {
        wrong.extend(crossed(&after, inherited, change));
    }
    if wrong.is_empty() { Ok(after) } else { Err(wrong) }
}

/// Only a change of the delays is held against them: an old disorder must not block another change.
fn crossed(after: &Limits, inherited: &Limits, change: &BTreeMap<String, LimitValue>) -> Option<FieldError> {
    let given = |limit: Limit| change.contains_key(limit.name());
    let value = |limit| after.get(limit).or(inherited.get(limit)).unwrap_or(0);
    let (min, max) = (value(Limit::DelayMin), value(Limit::DelayMax));
    let field = match (given(Limit::DelayMin), given(Limit::DelayMax)) {
        (false, false) => return None,
        (true, _) => Limit::DelayMin,
        (false, true) => Limit::DelayMax,
    };
    (min > max).then(|| {
        bad(
            field.name(),
            format!(
                "The least delay ({min} ms) must not be greater than the greatest ({max} ms). Set both, or lower the least."
            ),
        )
    })
}

/// The names of the limits in which two levels differ.
pub fn changed(before: &Limits, after: &Limits) -> Vec<&'static str> {
    Limit::ALL
        .iter()
        .filter(|limit| before.get(**limit) != after.get(**limit))
        .map(|limit| limit.name())
        .collect()
}
