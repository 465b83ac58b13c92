//! The history as a file to save. It is written while it is read, a part at a time: what breaks off
//! in between breaks the transfer off too, so that no half file looks like a whole one.

use crate::{AppState, api::params::Params, login::LoginHash, media::table};
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
async fn page(
    State(app): State<AppState>,
    ctx: Option<Extension<Ctx>>,
    login: Option<Extension<LoginHash>>,
    params: Params,
) -> Response {
    let made = async {
        let ctx = ctx.ok_or(AppError::Unauthenticated)?.0;
        let by = By::Login(login.ok_or(AppError::Unauthenticated)?.0.0);
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
        history(&app, ctx, by, filter)
            .await
            .map_err(|error| error.into_app(request))
    };
    made.await.unwrap_or_else(|error: AppError| {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, error.to_string()).into_response()
    })
}

/// What let the caller in: a key, or the hash of a login.
#[derive(Clone, Debug)]
pub enum By {
    Key(String),
    Login(String),
}

/// The caller as of now. A large file takes long to load, and who may not see the history any more,
/// or sees another one, must not have the rest of it.
async fn still(app: &AppState, by: &By, begun: &Ctx) -> domain::Result<Ctx> {
    let ctx = match by {
        By::Key(secret) => app.domain.keys.authenticate(secret, begun.request).await?,
        By::Login(hash) => {
            let ctx = app.domain.people.ctx_for_login(hash, begun.request).await?;
            ctx.ok_or(AppError::Unauthenticated)?
        }
    };
    if ctx.organization == begun.organization {
        Ok(ctx)
    } else {
        Err(AppError::Unauthenticated.into())
    }
}

/// The first part is read before anything is answered, so that a bad filter is an error and no file.
pub async fn history(app: &AppState, ctx: Ctx, by: By, filter: HistoryFilter) -> domain::Result<Response> {
    let first = app
        .domain
        .messages
        .history_csv(&ctx, filter.clone(), None)
        .await?;
    let app = app.clone();
    let rest = stream::try_unfold(first.next, move |next| {
        let (app, by, ctx, filter) = (app.clone(), by.clone(), ctx.clone(), filter.clone());
        async move {
            let Some(cursor) = next else { return Ok(None) };
            let part = async {
                let ctx = still(&app, &by, &ctx).await?;
                let messages = &app.domain.messages;
                messages.history_csv(&ctx, filter, Some(cursor)).await
            };
            match part.await {
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
