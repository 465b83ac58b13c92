//! Send one message, or many: the forms, the look at a list before anything of it is queued, and
//! how far a batch is.

mod batch;
mod draft;
mod errors;
mod fields;
mod many;
mod one;
mod preview;
mod progress;
mod recent;
mod sent;
pub mod server;
mod text;

use crate::{
    routes,
    ui::{Segment, Tabs},
};
use leptos::prelude::*;
use text::text;

pub use batch::BatchPage;
pub use many::SendManyPage;
pub use one::SendPage;
pub use recent::state as batch_state;
pub use server::Refusal;

/// The two ways to send.
#[component]
fn Ways(many: bool) -> impl IntoView {
    let t = text();
    let tabs = vec![
        Segment::new(t.one, routes::SEND, !many),
        Segment::new(t.many, routes::SEND_MANY, many),
    ];
    view! { <Tabs label=t.ways tabs=tabs/> }
}
