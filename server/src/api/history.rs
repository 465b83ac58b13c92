//! `GET /api/history` of seed 002: what was sent or failed, newest first.

use super::{
    auth::Caller,
    entry::{List, states},
    params::Params,
    problem::ApiError,
    reply,
};
use crate::AppState;
use axum::{extract::State, response::Response};
use types::messages::{HistoryFilter, MessageState};

pub async fn history(
    State(app): State<AppState>,
    Caller(ctx): Caller,
    params: Params,
) -> Result<Response, ApiError> {
    let filter = HistoryFilter {
        start_date: params.text("startDate"),
        end_date: params.text("endDate"),
        states: params
            .read(
                "status",
                "Write sent, failed or cancelled, with commas between",
                statuses,
            )?
            .unwrap_or_default(),
        session: params.parse("sessionId", "There is no such session in this organization")?,
    };
    let page = app
        .domain
        .messages
        .history(&ctx, filter, params.page()?.with_total())
        .await?;
    Ok(reply::ok(&List::from(page)))
}

fn statuses(text: &str) -> Option<Vec<MessageState>> {
    let mut wanted = Vec::new();
    for word in text.split(',').map(str::trim) {
        if !matches!(word, "sent" | "failed" | "cancelled") {
            return None;
        }
        wanted.extend(states(word));
    }
    Some(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use MessageState as S;

    #[test]
    fn words_become_states() {
        assert_eq!(statuses("sent"), Some(vec![S::Sent, S::Delivered, S::Read]));
        assert_eq!(statuses("failed, cancelled"), Some(vec![S::Failed, S::Cancelled]));
        assert_eq!(statuses("pending"), None);
        assert_eq!(statuses(""), None);
    }
}
