//! What a form changes, and what saving it changed, in words. On the server alone.

use super::{
    super::{
        form::{self, Filled},
        text::text,
        words::{limit_word, say},
    },
    Change, Level, Saved,
    said::said,
};
use crate::{
    format,
    i18n::{fill, plural},
};
use domain::{Ctx, Domain};
use std::collections::{BTreeMap, BTreeSet};
use types::{
    AppError, FieldError, Recipient, Zone,
    pacing::{Limit, LimitValue, Limits},
    settings::Settings,
};

/// As much of a list may travel in an address, when a form is refused without script.
pub const FITS: usize = 60_000;

/// The limits in which the form differs from what it showed.
pub fn read(filled: &Filled, was: &Limits) -> Result<BTreeMap<Limit, Option<i64>>, AppError> {
    let mut limits = form::read(filled).map_err(|fields| AppError::Invalid { fields })?;
    limits.retain(|limit, value| was.get(*limit) != *value);
    Ok(limits)
}

/// As the rooms take them.
pub fn named(change: &BTreeMap<Limit, Option<i64>>) -> BTreeMap<String, LimitValue> {
    change
        .iter()
        .map(|(limit, value)| (limit.name().to_owned(), limit.write(*value)))
        .collect()
}

/// The room counts in milliseconds, this page does not. Each delay was found to be one before, so
/// what is wrong with them is their order.
pub fn in_seconds(error: AppError) -> AppError {
    let AppError::Invalid { fields } = error else {
        return error;
    };
    let in_words = |mut bad: FieldError| {
        if [Limit::DelayMin.name(), Limit::DelayMax.name()].contains(&bad.field.as_str()) {
            bad.message = said().crossed.into();
        }
        bad
    };
    AppError::Invalid {
        fields: fields.into_iter().map(in_words).collect(),
    }
}

pub fn limits(was: &Limits, after: &Limits, changed: impl Iterator<Item = Limit>, level: Level) -> Saved {
    let changes = changed.map(|limit| Change {
        name: limit_word(limit).label.into(),
        before: say_own(limit, was.get(limit), level),
        after: say_own(limit, after.get(limit), level),
    });
    Saved {
        changes: changes.collect(),
        note: None,
    }
}

/// What the list is after somebody made `typed` of `shown`, while it may have become `now`.
pub fn merge(now: &[String], shown: &str, typed: &str) -> Vec<String> {
    let spell = |entry: &str| {
        entry
            .parse::<Recipient>()
            .map_or_else(|_| entry.to_owned(), |recipient| recipient.number())
    };
    let entries = |text: &str| -> BTreeSet<String> {
        text.split(['\n', ',', ';'])
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(spell)
            .collect()
    };
    let (shown, typed) = (entries(shown), entries(typed));
    let mut list: BTreeSet<String> = now.iter().cloned().collect();
    for removed in shown.difference(&typed) {
        list.remove(removed);
    }
    list.extend(typed.difference(&shown).cloned());
    list.into_iter().collect()
}

/// What a level says itself: a value, or nothing.
fn say_own(limit: Limit, value: Option<i64>, level: Level) -> String {
    match (value, level) {
        (None, Level::Platform) => say(limit, None),
        (None, _) => said().inherits.into(),
        (value, _) => say(limit, value),
    }
}

/// What else than limits is different now.
pub async fn about(
    before: &Settings,
    after: &Settings,
    domain: &Domain,
    ctx: &Ctx,
) -> Result<Saved, AppError> {
    let t = &text().about;
    let main = |settings: &Settings| {
        settings
            .main_number
            .as_deref()
            .map_or_else(|| said().nothing.to_owned(), format::phone)
    };
    let list = |entries: &[String]| match entries {
        [] => said().nothing.to_owned(),
        [all] if all == "*" => said().everyone.to_owned(),
        entries => plural(entries.len() as i64, said().entries),
    };
    let changes = [
        (
            t.name,
            before.name.clone(),
            after.name.clone(),
            before.name != after.name,
        ),
        (
            t.time_zone,
            before.time_zone.clone(),
            after.time_zone.clone(),
            before.time_zone != after.time_zone,
        ),
        (
            t.main_number,
            main(before),
            main(after),
            before.main_number != after.main_number,
        ),
        (
            t.allow_list,
            list(&before.allow_list),
            list(&after.allow_list),
            before.allow_list != after.allow_list,
        ),
        (
            t.opt_outs,
            list(&before.opt_outs),
            list(&after.opt_outs),
            before.opt_outs != after.opt_outs,
        ),
    ];
    let moved = before.time_zone != after.time_zone;
    let note = if moved {
        zone_note(domain, ctx).await?
    } else {
        None
    };
    Ok(Saved {
        changes: changes
            .into_iter()
            .filter(|(.., differs)| *differs)
            .map(|(name, before, after, _)| Change {
                name: name.into(),
                before,
                after,
            })
            .collect(),
        note,
    })
}

/// What it is now, by the new clock.
async fn zone_note(domain: &Domain, ctx: &Ctx) -> Result<Option<String>, AppError> {
    let viewer = crate::door::answer(ctx, domain.people.viewer(ctx).await)?;
    let say = |zone: &Zone| {
        let now = domain.shared.now();
        let values = [
            ("zone", zone.name.as_str()),
            ("clock", &*format::clock_minutes(now, zone)),
            ("date", &*format::date(now, zone)),
        ];
        fill(said().zone, &values)
    };
    Ok(viewer.organization.map(|organization| say(&organization.zone)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).into()).collect()
    }

    #[test]
    fn numbers_that_others_added_meanwhile_stay() {
        let now = list(&["6281100000001", "6281100000002", "6281100000003"]);
        let merged = merge(
            &now,
            "6281100000001\n6281100000002",
            "6281100000002\n+62 811-0000-0004",
        );
        assert_eq!(merged, list(&["6281100000002", "6281100000003", "6281100000004"]));
        assert_eq!(merge(&now, "", ""), now);
        assert_eq!(
            merge(&[], "", "nobody"),
            list(&["nobody"]),
            "what is no number is left to the room to refuse"
        );
    }

    #[test]
    fn only_what_differs_is_changed() {
        let was = Limits::default().with(Limit::Hourly, 100);
        let mut filled = form::fields(&was);
        assert!(read(&filled, &was).unwrap().is_empty());
        filled.insert("hourly_limit".into(), "50".into());
        let change = read(&filled, &was).unwrap();
        let after = form::with(&was, &change);
        let saved = limits(&was, &after, change.keys().copied(), Level::Organization);
        assert_eq!(
            saved.changes,
            [Change {
                name: "Messages an hour".into(),
                before: "100 messages".into(),
                after: "50 messages".into()
            }]
        );
    }
}
