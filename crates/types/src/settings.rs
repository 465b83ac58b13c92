//! Settings of an organization. `None` inherits the platform's value.
#![expect(
    clippy::option_option,
    reason = "absent, null and a value are three different wishes"
)]

use serde::{Deserialize, Serialize};

/// As `GET /api/v1/settings` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// Digits; `"main"` in API calls stands for it.
    pub main_number: Option<String>,
    /// `*` alone allows everyone; else numbers and group JIDs.
    pub allow_list: Vec<String>,
    /// Least random delay before a message, milliseconds, 0 to 3,600,000.
    pub delay_min_ms: Option<i64>,
    /// Greatest random delay, milliseconds; not under the least.
    pub delay_max_ms: Option<i64>,
    /// What holds when the two above are `None`.
    pub platform_delay_min_ms: i64,
    pub platform_delay_max_ms: i64,
}

/// What `PATCH /api/v1/settings` takes: a field that is absent stays, `null` inherits again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PatchSettings {
    /// 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// IANA name, for example `Asia/Jakarta`; its days are the organization's days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Digits with the country code; `"main"` in API calls stands for it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub main_number: Option<Option<String>>,
    /// `*` alone allows everyone; else numbers and group ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_list: Option<Vec<String>>,
    /// Least random delay before a message, milliseconds, 0 to 3,600,000.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub delay_min_ms: Option<Option<i64>>,
    /// Greatest random delay, milliseconds, 0 to 3,600,000; not under the least.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub delay_max_ms: Option<Option<i64>>,
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
        let patch: PatchSettings = serde_json::from_str(r#"{"main_number":null}"#).unwrap();
        assert_eq!(patch.main_number, Some(None));
        assert_eq!(patch.delay_min_ms, None);
    }
}
