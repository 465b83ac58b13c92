//! The history as a file to save. It is written while it is read, a part at a time: what breaks off
//! in between breaks the transfer off too, so that no half file looks like a whole one.

use crate::{AppState, api::params::Params, media::table};
use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use domain::Ctx;
use futures::stream;
use http::StatusCode;
use types::{AppError, SessionId, messages::HistoryFilter};

pub fn router() -> Router<AppState> {
    Router::new().route("/history/export.csv", get(page))
}

/// The file of the page of the history, which names its filters in its own way.
async fn page(State(app): State<AppState>, ctx: Option<Extension<Ctx>>, params: Params) -> Response {
    let made = async {
        let ctx = ctx.ok_or(AppError::Unauthenticated)?.0;
        let session = params
            .get("session")
            .map(str::parse::<SessionId>)
            .transpose()
            .map_err(|_| AppError::not_found("session"))?;
        let filter = HistoryFilter {
            start_date: params.text("start"),
            end_date: params.text("end"),
            states: app::history::server::settled_states(params.get("state").unwrap_or_default()),
            session,
        };
        let request = ctx.request;
        history(&app, ctx, filter)
            .await
            .map_err(|error| error.into_app(request))
    };
    made.await.unwrap_or_else(|error: AppError| {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, error.to_string()).into_response()
    })
}

/// The first part is read before anything is answered, so that a bad filter is an error and no file.
pub async fn history(app: &AppState, ctx: Ctx, filter: HistoryFilter) -> domain::Result<Response> {
    let messages = app.domain.messages.clone();
    let first = messages.history_csv(&ctx, filter.clone(), None).await?;
    let rest = stream::try_unfold(first.next, move |next| {
        let (messages, ctx, filter) = (messages.clone(), ctx.clone(), filter.clone());
        async move {
            let Some(cursor) = next else { return Ok(None) };
            match messages.history_csv(&ctx, filter, Some(cursor)).await {
                Ok(part) => Ok(Some((Bytes::from(part.csv), part.next))),
                Err(error) => {
                    tracing::error!(%error, "the history could not be written out to its end");
                    Err(std::io::Error::other("the history could not be read to its end"))
                }
            }
        }
    });
    let name = format!("history-{}.csv", first.today);
    let begin = stream::iter([Ok::<_, std::io::Error>(Bytes::from(first.csv))]);
    let body = Body::from_stream(futures::StreamExt::chain(begin, rest));
    Ok(table(&name, body))
}
