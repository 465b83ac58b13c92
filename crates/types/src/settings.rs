//! Settings of an organization. A blank limit inherits the platform's value.
#![expect(
    clippy::option_option,
    reason = "absent, null and a value are three different wishes"
)]

use crate::{
    SessionId,
    pacing::{Limit, LimitValue, Limits},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that may be set of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// Digits; `"main"` in API calls stands for it.
    pub main_number: Option<String>,
    /// `*` alone allows everyone; else numbers and group JIDs.
    pub allow_list: Vec<String>,
    /// Numbers that want no messages.
    pub opt_outs: Vec<String>,
    /// What the organization sets itself.
    pub limits: Limits,
    /// What holds where it sets nothing.
    pub platform: Limits,
}

/// What `PATCH /api/v1/settings` takes: a field that is absent stays, `null` inherits again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatchSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub main_number: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_list: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opt_outs: Option<Vec<String>>,
    /// Limits by name; a name that is none is refused by name.
    #[serde(flatten)]
    pub limits: BTreeMap<String, LimitValue>,
}

/// The limits of one session, or of the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelLimits {
    pub session: Option<SessionId>,
    pub limits: Limits,
    /// What holds where it sets nothing.
    pub inherited: Limits,
}

impl Limits {
    /// This level's values where it has some, else the other's.
    #[must_use]
    pub fn over(&self, inherited: &Self) -> Self {
        let mut limits = inherited.clone();
        for limit in Limit::ALL {
            if let Some(value) = self.get(*limit) {
                limits.set(*limit, Some(value));
            }
        }
        limits
    }
}

/// Tells `null` (inherit) from absent (leave alone).
fn present<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_not_absent() {
        let patch: PatchSettings =
            serde_json::from_str(r#"{"main_number":null,"delay_min_ms":null,"hourly_limit":7}"#).unwrap();
        assert_eq!(patch.main_number, Some(None));
        assert_eq!(patch.limits["delay_min_ms"], LimitValue::Blank);
        assert_eq!(patch.limits["hourly_limit"], LimitValue::Number(7));
        assert_eq!(patch.limits.len(), 2);
    }
}
