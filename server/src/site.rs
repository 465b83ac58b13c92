//! The pages and their server functions.

use crate::{AppState, security};
use axum::{
    Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use leptos::{
    config::LeptosOptions,
    prelude::{AnyView, IntoAny, provide_context},
};
use leptos_axum::{LeptosRoutes, generate_route_list};

/// A route for each page and, under `/fn`, for each server function; anything else is the page
/// that says so.
pub fn router(app: &AppState) -> Router<AppState> {
    Router::new()
        .leptos_routes_with_context(
            app,
            generate_route_list(app::App),
            context(app.clone()),
            view(app.site.options.clone()),
        )
        .fallback(not_found)
}

async fn not_found(State(app): State<AppState>, request: Request) -> Response {
    let draw =
        leptos_axum::render_app_async_with_context(context(app.clone()), view(app.site.options.clone()));
    let mut response = draw(request).await;
    // A redirect to the log-in page stays one.
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response.into_response()
}

/// Draws the page at the address of that request, which finds `told` in its context.
pub async fn draw<T: Clone + Send + Sync + 'static>(app: &AppState, request: Request, told: T) -> Response {
    let usual = context(app.clone());
    let context = move || {
        usual();
        provide_context(told.clone());
    };
    let draw = leptos_axum::render_app_async_with_context(context, view(app.site.options.clone()));
    draw(request).await.into_response()
}

/// What pages and server functions find in their context.
fn context(app: AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(app.domain.clone());
        provide_context(app.description.clone());
        app.site.provide_parts();
        security::page_policy();
    }
}

fn view(options: LeptosOptions) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || app::shell(options.clone()).into_any()
}
