//! The frame around every page: top bar, rail, the one sheet, and the line to the server.

mod palette;
mod rail;
mod server;
mod text;
mod topbar;

use crate::{
    alerts::Badge,
    browser,
    live::{Live, Whose},
    routes,
    ui::{ErrorState, PageTitle, ToastRack, text::text as shared_text},
    viewer::Gone,
};
use leptos::{prelude::*, tachys::reactive_graph::OwnedView};
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::use_location,
};
use rail::{Dock, Rail};
use topbar::TopBar;
use types::{AppError, Permission, Zone, people::Viewer};

pub use server::{FrameData, NamedSession, answer_not_found, asked_theme, frame, name_sessions};

/// Who is looking at the page. A signal, because a person can change their own name and theme.
pub fn use_viewer() -> RwSignal<Viewer> {
    expect_context()
}

/// Whether the person may do that in the active organization. For leaving out what would be
/// refused anyway; the server checks for itself.
pub fn can(permission: Permission) -> bool {
    use_viewer().with_untracked(|viewer| viewer.permissions.has(permission))
}

/// The active organization's time zone, which every page prints its times in.
pub fn use_zone() -> Zone {
    let zone = use_context::<RwSignal<Viewer>>().and_then(|viewer| {
        viewer.with_untracked(|viewer| viewer.organization.as_ref().map(|org| org.zone.clone()))
    });
    zone.unwrap_or_else(Zone::utc)
}

/// Loads who is looking, then draws the frame with the page in it. Without a login it leads to
/// the door instead.
#[component]
pub fn Frame() -> impl IntoView {
    let data = Resource::new(|| (), |()| frame());
    let live = Live::provide();
    // Not in a `<Suspense>`: that draws what it waits for twice on the server, and everything in
    // the frame would be asked twice with it.
    Suspend::new(async move {
        let view = match data.await {
            Ok(data) => view! { <Inside data=data live=live/> }.into_any(),
            Err(AppError::Unauthenticated) => view! { <ToTheDoor/> }.into_any(),
            Err(error) => view! {
                <PageTitle title=shared_text().error.internal/>
                <main class="alone"><ErrorState error=error lone=true/></main>
            }
            .into_any(),
        };
        // Drawn later, when nobody would know any more in which context.
        OwnedView::new(view)
    })
}

/// The frame of somebody who is logged in.
#[component]
fn Inside(data: FrameData, live: Live) -> impl IntoView {
    live.open(data.live_after, Whose::of(&data.viewer));
    let viewer = RwSignal::new(data.viewer);
    provide_context(viewer);
    Gone::provide();
    Badge::provide(data.open_alerts);
    Effect::new(move |_| browser::paint(viewer.with(|viewer| viewer.theme)));
    view! {
        <div class="frame">
            <a class="button skip" href="#main" rel="external">{shared_text().skip_to_page}</a>
            <TopBar/>
            <Rail/>
            <main id="main" tabindex="-1">
                <Outlet/>
            </main>
            <Dock/>
            <ToastRack/>
        </div>
    }
}

/// Leads to the log-in page, and from there back here.
#[component]
fn ToTheDoor() -> impl IntoView {
    let location = use_location();
    let search = location.search.get_untracked();
    let search = search.trim_start_matches('?');
    let path = location.pathname.get_untracked();
    let here = if search.is_empty() {
        path
    } else {
        format!("{path}?{search}")
    };
    view! { <Redirect path=routes::log_in_and_return(&here)/> }
}
