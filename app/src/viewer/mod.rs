//! The room's page.

mod text;

use crate::ui::PageHead;
use leptos::prelude::*;

#[component]
pub fn ViewerPage() -> impl IntoView {
    view! { <PageHead title=text::text().title/> }
}
