//! The top bar: whose data this is, whether the page is live, and who is looking.

use super::{palette::Search, text::text, use_viewer};
use crate::{
    i18n::fill,
    live::{Live, LiveState},
    people::{LogOut, SwitchOrganization},
    routes,
    ui::{Avatar, Glyph, Icon, Logo, text::text as shared_text},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::components::A;
use types::people::Membership;

#[component]
pub fn TopBar() -> impl IntoView {
    view! {
        <header class="topbar">
            <A href=routes::DASHBOARD attr:class="mark" attr:aria-label=shared_text().product>
                <Logo/>
            </A>
            <Organizations/>
            <Search/>
            <LiveMark/>
            <Person/>
        </header>
    }
}

/// The first letter, as an organization's mark.
fn mark(name: &str) -> String {
    name.chars()
        .find(|c| c.is_alphanumeric())
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default()
}

/// Which organization one is in. Switching is a plain form that loads a new page: everything on
/// this one belongs to the old organization.
#[component]
fn Organizations() -> impl IntoView {
    let t = text();
    let (active, all) = use_viewer().with_untracked(|viewer| {
        (
            viewer.organization.as_ref().map(|org| (org.id, org.name.clone())),
            viewer.organizations.clone(),
        )
    });
    let (active_id, name) = active.unzip();
    let name = name.unwrap_or_else(|| t.no_organization.into());
    let entry = move |membership: Membership| {
        let current = Some(membership.organization) == active_id;
        view! {
            <button
                type="submit"
                name="organization"
                value=membership.organization.to_string()
                aria-current=current.then_some("true")
            >
                <span class="org-mark" aria-hidden="true">{mark(&membership.name)}</span>
                {membership.name}
                {current.then(|| view! { <span class="push"><Icon glyph=Glyph::CHECK/></span> })}
            </button>
        }
    };
    view! {
        <button class="org" type="button" popovertarget="organizations" title=t.switch_organization>
            <span class="org-mark" aria-hidden="true">{mark(&name)}</span>
            <span class="clip">{name}</span>
            <Icon glyph=Glyph::UPDOWN small=true/>
        </button>
        <form
            class="float menu"
            id="organizations"
            popover="auto"
            aria-label=t.switch_organization
            method="post"
            action=SwitchOrganization::url()
        >
            <p class="title">{t.your_organizations}</p>
            {all.into_iter().map(entry).collect_view()}
        </form>
    }
}

/// Whether what one sees moves by itself.
#[component]
fn LiveMark() -> impl IntoView {
    let t = text();
    let state = expect_context::<Live>().state();
    let words = move || match state.get() {
        LiveState::Off => (Some("off"), t.not_live, t.not_live_title),
        LiveState::Live => (None, t.live, t.live_title),
        LiveState::Reconnecting => (Some("warn"), t.reconnecting, t.reconnecting_title),
    };
    view! {
        <span class="live" role="status" data-state=move || words().0 title=move || words().2>
            <span class="live-word">{move || words().1}</span>
        </span>
    }
}

/// Who is looking, and the way out. Logging out is a plain form, so that nothing of the person
/// stays in the page.
#[component]
fn Person() -> impl IntoView {
    let t = text();
    let viewer = use_viewer();
    let label = move || {
        fill(
            t.profile_of,
            &[("name", &viewer.with(|viewer| viewer.name.clone()))],
        )
    };
    view! {
        <button
            class="button quiet icon-only"
            type="button"
            popovertarget="person"
            title=label
            aria-label=label
        >
            {move || view! { <Avatar name=viewer.with(|viewer| viewer.name.clone()) small=true/> }}
        </button>
        <div class="float menu" id="person" popover="auto" aria-label=t.profile>
            <p class="title">{move || viewer.with(|viewer| viewer.email.clone())}</p>
            <A
                href=routes::PROFILE
                on:click=move |event: leptos::ev::MouseEvent| crate::browser::close_popover(&event)
            >
                <Icon glyph=Glyph::SETTINGS/>
                {t.profile}
            </A>
            <form method="post" action=LogOut::url()>
                <button type="submit">
                    <Icon glyph=Glyph::LOGOUT/>
                    {t.log_out}
                </button>
            </form>
        </div>
    }
}
