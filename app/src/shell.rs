//! The HTML around every page, and the component that begins in its body.

use crate::{
    browser::Elapsed,
    frame::asked_theme,
    i18n::{Locale, locale},
    routes::AppRoutes,
    ui::{Toasts, text::text},
};
use leptos::prelude::*;
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::Router;

/// The document. It carries a nonce for its one script, and the person's theme.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let stylesheet = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang=locale().tag() data-theme=asked_theme().name()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <link rel="stylesheet" href=stylesheet/>
                <HydrationScripts options=options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Everything in the body. Runs once more at boot to list the routes, so it may expect nothing
/// from the server.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Locale::default());
    Elapsed::provide();
    Toasts::provide();
    view! {
        <Title text=text().product/>
        <Router>
            <AppRoutes/>
        </Router>
    }
}
