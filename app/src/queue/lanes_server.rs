//! What the lanes and the balancer ask the server besides the queue itself.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{AppError, Timestamp, messages::WhatIf, pacing::Balance};

/// How the sessions stand, the one that goes first at the top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BalanceData {
    pub all: Vec<Balance>,
    pub as_of: Timestamp,
}

#[server(prefix = "/fn", endpoint = "load_balance")]
pub async fn load_balance() -> Result<BalanceData, AppError> {
    use crate::door::{answer, door};
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
    use super::server::{session_of, written};
    use crate::door::{answer, door};
    use std::collections::BTreeMap;
    use types::pacing::{Limit, Unit};
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
