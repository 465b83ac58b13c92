//! The states of a page besides its content: empty, loading, error, no permission.

use super::{Glyph, LinkButton, permission_word, text::text};
use crate::{
    format,
    i18n::{fill, plural},
    routes,
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use types::{AppError, Permission};

/// What went wrong, in a few words.
pub fn error_title(error: &AppError) -> &'static str {
    let t = &text().error;
    match error {
        AppError::Unauthenticated => t.unauthenticated,
        AppError::Forbidden { .. } => t.forbidden,
        AppError::Suspended => t.suspended,
        AppError::NotFound { .. } => t.not_found,
        AppError::Invalid { .. } => t.invalid,
        AppError::Conflict { .. } => t.conflict,
        AppError::RateLimited { .. } => t.rate_limited,
        AppError::Busy { .. } => t.busy,
        AppError::TooLarge { .. } => t.too_large,
        AppError::Unreachable => t.unreachable,
        AppError::Internal { .. } => t.internal,
    }
}

/// Why, and what to do about it.
pub fn error_sentence(error: &AppError) -> String {
    let t = &text().error;
    match error {
        AppError::Unauthenticated => t.unauthenticated_why.into(),
        AppError::Forbidden { permission } => {
            fill(t.forbidden_why, &[("permission", permission_word(*permission))])
        }
        AppError::Suspended => t.suspended_why.into(),
        AppError::NotFound { .. } => t.not_found_why.into(),
        AppError::Invalid { fields } => fields
            .iter()
            .map(|field| field.message.as_str())
            .collect::<Vec<_>>()
            .join(" "),
        AppError::Conflict { message, .. } => message.clone(),
        AppError::RateLimited { retry_after } => plural(i64::from(*retry_after), t.rate_limited_why),
        AppError::Busy { retry_after } => plural(i64::from(*retry_after), t.busy_why),
        AppError::TooLarge { limit_bytes } => {
            fill(t.too_large_why, &[("size", &format::bytes(*limit_bytes))])
        }
        AppError::Unreachable => t.unreachable_why.into(),
        AppError::Internal { request_id: None } => t.internal_why.into(),
        AppError::Internal { .. } => t.internal_why_with_id.into(),
    }
}

/// A drawing, a title, a sentence, and the one action that helps.
fn blank(
    figure: &'static str,
    title: String,
    sentence: String,
    lone: bool,
    action: Option<AnyView>,
) -> impl IntoView {
    let title = if lone {
        view! { <h1>{title}</h1> }.into_any()
    } else {
        view! { <h2>{title}</h2> }.into_any()
    };
    view! {
        <div class="blank">
            <span class="figure"><svg viewBox="0 0 96 64" aria-hidden="true" inner_html=figure></svg></span>
            {title}
            <p>{sentence}</p>
            {action.map(|action| view! { <div class="row">{action}</div> })}
        </div>
    }
}

/// Nothing here yet: why, and (as children) the one action that helps.
#[component]
pub fn EmptyState(
    #[prop(into)] title: String,
    #[prop(into)] sentence: String,
    /// It is all there is on the page, so its title is the page's.
    #[prop(optional)]
    lone: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    const CORDS: &str = r#"<circle cx="16" cy="20" r="6"/><circle cx="48" cy="20" r="6"/><circle cx="80" cy="20" r="6"/><circle cx="16" cy="48" r="6"/><circle cx="48" cy="48" r="6"/><circle cx="80" cy="48" r="6"/><path class="lit" d="M16 20c0 40 64 30 64 0"/>"#;
    blank(CORDS, title, sentence, lone, children.map(|children| children()))
}

/// A permission is missing: which one, and who can help.
#[component]
pub fn NoPermission(permission: Permission) -> impl IntoView {
    const LOCK: &str = r#"<circle cx="16" cy="32" r="6"/><circle cx="80" cy="32" r="6"/><rect x="36" y="28" width="24" height="20" rx="4"/><path d="M41 28v-5a7 7 0 0 1 14 0v5M22 32h14M60 32h14"/>"#;
    let error = AppError::Forbidden { permission };
    let action = view! {
        <LinkButton href=routes::DASHBOARD.to_string()>{text().error.to_dashboard}</LinkButton>
    };
    blank(
        LOCK,
        error_title(&error).into(),
        error_sentence(&error),
        false,
        Some(action.into_any()),
    )
}

/// What, why, a way to try again, and the request id where there is one.
///
/// Trying again loads the page anew, which also works without script.
#[component]
pub fn ErrorState(
    error: AppError,
    /// It is all there is on the page, so its title is the page's.
    #[prop(optional)]
    lone: bool,
) -> impl IntoView {
    const BROKEN: &str = r#"<circle cx="16" cy="20" r="6"/><circle cx="80" cy="20" r="6"/><path class="broken" d="M16 20c0 20 10 28 22 30M80 20c0 20-10 28-22 30M44 44l2 6M52 44l-2 6"/>"#;
    if let AppError::Forbidden { permission } = error {
        return view! { <NoPermission permission=permission/> }.into_any();
    }
    let location = use_location();
    let here = move || {
        format!(
            "{}{}",
            location.pathname.get(),
            location.search.with(|search| query(search))
        )
    };
    let title = error_title(&error).to_string();
    let sentence = error_sentence(&error);
    let request = match &error {
        AppError::Internal { request_id } => request_id.map(|id| id.to_string()),
        _ => None,
    };
    let action = match error {
        AppError::Unauthenticated => {
            let href = Signal::derive(move || routes::log_in_and_return(&here()));
            view! { <LinkButton href=href>{text().error.log_in}</LinkButton> }.into_any()
        }
        AppError::NotFound { .. } => view! {
            <LinkButton href=routes::DASHBOARD.to_string()>{text().error.to_dashboard}</LinkButton>
        }
        .into_any(),
        _ => view! {
            <LinkButton href=Signal::derive(here) icon=Glyph::REFRESH attr:rel="external">
                {text().retry}
            </LinkButton>
        }
        .into_any(),
    };
    view! {
        <div role="alert">
            {blank(BROKEN, title, sentence, lone, Some(action))}
            {request.map(|id| view! { <p class="meta mono blank-id">{id}</p> })}
        </div>
    }
    .into_any()
}

fn query(search: &str) -> String {
    if search.is_empty() {
        String::new()
    } else {
        format!("?{}", search.trim_start_matches('?'))
    }
}

/// The shape of what is coming; shown after 300 ms, so that a quick answer never flashes.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let line = |_| {
        view! {
            <div class="row">
                <span class="bone round"></span>
                <span class="stack grow"><span class="bone most"></span><span class="bone half"></span></span>
            </div>
        }
    };
    view! {
        <div class="section" aria-busy="true">
            <p class="out-of-sight" role="status">{text().loading}</p>
            <div class="skeleton" aria-hidden="true">{(0..rows).map(line).collect_view()}</div>
        </div>
    }
}
