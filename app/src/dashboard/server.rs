//! What the dashboard asks the server.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{AppError, dashboard::Dashboard};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardData {
    pub dashboard: Dashboard,
    /// Where the API is reached, for the first command.
    pub public_url: String,
}

#[server(prefix = "/fn", endpoint = "load_dashboard")]
pub async fn load_dashboard() -> Result<DashboardData, AppError> {
    use crate::door::{answer, door};
    let (domain, ctx) = door().await?;
    let dashboard = answer(&ctx, domain.dashboard.get(&ctx).await)?;
    Ok(DashboardData {
        dashboard,
        public_url: domain.shared.config.public_url.clone(),
    })
}
