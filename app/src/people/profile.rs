//! A person's own page: name, appearance, password, and where they are logged in.

use super::{
    server::{ChangeMyPassword, EndLogin, SaveMyProfile, load_profile},
    text::text,
};
use crate::{
    browser, format,
    frame::{use_viewer, use_zone},
    i18n::{fill, plural},
    ui::{
        Button, ErrorState, Field, FormError, Kind, Mark, PageHead, PasswordField, Pill, Skeleton, Time, at,
        fault, text::text as shared_text, typed, use_toasts,
    },
};
use leptos::prelude::*;
use types::{
    Timestamp,
    people::{Login, Profile, Theme},
};

#[component]
pub fn ProfilePage() -> impl IntoView {
    let save = ServerAction::<SaveMyProfile>::new();
    let change = ServerAction::<ChangeMyPassword>::new();
    let end = ServerAction::<EndLogin>::new();
    // Only these two change the list of logins; saving the name must not draw the form anew.
    let data = Resource::new(
        move || (change.version().get(), end.version().get()),
        |_| load_profile(),
    );
    view! {
        <PageHead title=text().profile.title/>
        <div class="scroll">
            <div class="section profile">
                <Suspense fallback=|| view! { <Skeleton/> }>
                    {move || Suspend::new(async move {
                        match data.await {
                            Ok(Profile { name, email, theme, logins, as_of }) => view! {
                                <AboutYou save=save name=name email=email.clone() theme=theme/>
                                <PasswordCard change=change email=email/>
                                <Logins end=end logins=logins as_of=as_of/>
                            }
                            .into_any(),
                            Err(error) => view! { <ErrorState error=error/> }.into_any(),
                        }
                    })}
                </Suspense>
            </div>
        </div>
    }
}

#[component]
fn AboutYou(save: ServerAction<SaveMyProfile>, name: String, email: String, theme: Theme) -> impl IntoView {
    let t = &text().profile;
    let fault = fault(save);
    let name = Some(typed("name"))
        .filter(|typed| !typed.is_empty())
        .unwrap_or(name);
    let viewer = use_viewer();
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(profile)) = save.value().get() {
            viewer.update(|viewer| {
                viewer.name = profile.name;
                viewer.theme = profile.theme;
            });
            toasts.say(Mark::Ok, shared_text().saved);
        }
    });
    let themes = [
        (Theme::System, t.theme_system),
        (Theme::Light, t.theme_light),
        (Theme::Dark, t.theme_dark),
    ]
    .map(|(one, word)| {
        view! {
            <label>
                // The page shows the choice at once; saving keeps it.
                <input
                    type="radio"
                    name="theme"
                    value=one.name()
                    checked=one == theme
                    on:change=move |_| browser::paint(one)
                />
                {word}
            </label>
        }
    });
    view! {
        <section class="card" aria-labelledby="about">
            <header><h2 id="about">{t.about}</h2></header>
            <ActionForm action=save attr:class="stack">
                <FormError fault=fault fields=&["name"]/>
                <div class="two">
                    <Field
                        label=t.name
                        name="name"
                        value=name
                        autocomplete="name"
                        maxlength=80_u32
                        error=at(fault, "name")
                    />
                    <Field label=text().email name="email" id="own-email" value=email hint=t.email_hint disabled=true/>
                </div>
                <fieldset class="field">
                    <legend class="label">{t.theme}</legend>
                    <div class="segments themes">{themes.collect_view()}</div>
                </fieldset>
                <div class="row">
                    <Button kind=Kind::Primary submit=true busy=save.pending()>{shared_text().save}</Button>
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn PasswordCard(change: ServerAction<ChangeMyPassword>, email: String) -> impl IntoView {
    let t = &text().profile;
    let fault = fault(change);
    let toasts = use_toasts();
    Effect::new(move |_| {
        if let Some(Ok(())) = change.value().get() {
            toasts.say(Mark::Ok, t.changed);
        }
    });
    view! {
        <section class="card" aria-labelledby="password-head">
            <header><h2 id="password-head">{t.password}</h2></header>
            <ActionForm action=change attr:class="stack">
                <FormError fault=fault fields=&["current", "new"]/>
                // Password managers want to know whose password this is.
                <input type="email" autocomplete="username" value=email hidden=true readonly=true/>
                <div class="two">
                    <PasswordField
                        label=t.current
                        name="current"
                        autocomplete="current-password"
                        error=at(fault, "current")
                    />
                    <PasswordField
                        label=t.new
                        name="new"
                        autocomplete="new-password"
                        minlength=12_u32
                        hint=t.new_hint
                        error=at(fault, "new")
                    />
                </div>
                <div class="row">
                    <Button submit=true busy=change.pending()>{t.change}</Button>
                </div>
            </ActionForm>
        </section>
    }
}

#[component]
fn Logins(end: ServerAction<EndLogin>, logins: Vec<Login>, as_of: Timestamp) -> impl IntoView {
    let t = &text().profile;
    let fault = fault(end);
    let count = plural(logins.len() as i64, t.logins_count);
    let rows = logins
        .into_iter()
        .map(|login| view! { <LoginRow end=end login=login as_of=as_of/> });
    view! {
        <section class="card" aria-labelledby="logins">
            <header>
                <h2 id="logins">{t.logins}</h2>
                <span class="meta push">{count}</span>
            </header>
            <FormError fault=fault/>
            <ul class="logins">{rows.collect_view()}</ul>
        </section>
    }
}

#[component]
fn LoginRow(end: ServerAction<EndLogin>, login: Login, as_of: Timestamp) -> impl IntoView {
    let t = &text().profile;
    let since = format::date(login.created_at, &use_zone());
    let aside = if login.current {
        view! { <Pill mark=Mark::Ok word=t.this_one/> }.into_any()
    } else {
        let label = fill(t.end_of, &[("device", &login.device)]);
        view! {
            <ActionForm action=end>
                <input type="hidden" name="login" value=login.id.to_string()/>
                <Button small=true submit=true attr:aria-label=label>{t.end}</Button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <li>
            <span>
                <b>{login.device}</b>
                <br/>
                <span class="meta">
                    {fill(t.since, &[("date", &since), ("ip", &login.ip)])} " · " {t.seen} " "
                    <Time at=login.seen_at as_of=as_of/>
                </span>
            </span>
            {aside}
        </li>
    }
}
