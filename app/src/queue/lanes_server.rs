//! What the lanes and the balancer ask the server besides the queue itself.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{AppError, Timestamp, messages::WhatIf, pacing::Balance};

#[cfg(feature = "ssr")]
use super::server::session_of;
#[cfg(feature = "ssr")]
use crate::door::{answer, door};
#[cfg(feature = "ssr")]
use std::collections::BTreeMap;
#[cfg(feature = "ssr")]
use types::pacing::{Limit, LimitValue, Unit};

/// How the sessions stand, the one that goes first at the top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BalanceData {
    pub all: Vec<Balance>,
    pub as_of: Timestamp,
}

#[server(prefix = "/fn", endpoint = "load_balance")]
pub async fn load_balance() -> Result<BalanceData, AppError> {
    let (domain, ctx) = door().await?;
    let as_of = domain.shared.now();
    let all = answer(&ctx, domain.messages.balance(&ctx).await)?;
    Ok(BalanceData { all, as_of })
}

/// When the queue would end if that limit were another.
#[server(prefix = "/fn", endpoint = "load_what_if")]
pub async fn load_what_if(
    limit: String,
    #[server(default)] value: String,
    #[server(default)] session: String,
) -> Result<WhatIf, AppError> {
    let (domain, ctx) = door().await?;
    let session = session_of(&session)?;
    let words = super::text::text();
    let chosen = Limit::from_name(&limit).ok_or_else(|| AppError::field("limit", words.which_limit))?;
    let change = BTreeMap::from([(limit.clone(), written(chosen, &value))]);
    let answered = answer(&ctx, domain.messages.what_if(&ctx, session, &change).await);
    answered.map_err(|error| match error {
        AppError::Invalid { mut fields } => {
            for field in fields.iter_mut().filter(|field| field.field == limit) {
                field.field = "value".into();
                // People write seconds here.
                if chosen.unit() == Unit::Milliseconds {
                    field.message = words.seconds_please.into();
                }
            }
            AppError::Invalid { fields }
        }
        other => other,
    })
}

/// Times are written in seconds here, as people say them.
#[cfg(feature = "ssr")]
fn written(limit: Limit, value: &str) -> LimitValue {
    let value = value.trim();
    match (limit.unit(), value.parse::<f64>()) {
        (Unit::Milliseconds, Ok(seconds)) if seconds.is_finite() => {
            LimitValue::Number((seconds * 1_000.0) as i64)
        }
        _ => LimitValue::Text(value.into()),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_seconds() {
        assert_eq!(written(Limit::DelayMin, " 2.5 "), LimitValue::Number(2_500));
        assert_eq!(written(Limit::Hourly, "20"), LimitValue::Text("20".into()));
        assert_eq!(
            written(Limit::Pause, "a while"),
            LimitValue::Text("a while".into())
        );
    }
}
