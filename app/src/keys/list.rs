//! The table of keys.

use super::{server::KeysData, text::text};
use crate::{
    frame::can,
    i18n::{fill, plural},
    routes,
    ui::{EmptyState, Exact, Glyph, LinkButton, Mark, StateMark, Table, Time, permission_word, url},
};
use leptos::prelude::*;
use types::{Permission, Timestamp, keys::ApiKey};

#[component]
pub fn KeyTable(data: KeysData) -> impl IntoView {
    let t = text();
    if data.keys.is_empty() {
        return view! { <NoKey/> }.into_any();
    }
    let as_of = data.as_of;
    let rows = data
        .keys
        .into_iter()
        .map(|key| view! { <Row key=key as_of=as_of/> })
        .collect_view();
    view! {
        <Table label=t.list>
            <thead>
                <tr>
                    <th>{t.name}</th>
                    <th>{t.state}</th>
                    <th class="roomy-only">{t.scopes}</th>
                    <th class="roomy-only">{t.created}</th>
                    <th class="wide-only">{t.expires}</th>
                    <th class="middle-only">{t.last_used}</th>
                    <th><span class="out-of-sight">{t.actions}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

#[component]
fn NoKey() -> impl IntoView {
    let t = text();
    view! {
        <EmptyState title=t.empty sentence=t.empty_why>
            {can(Permission::KeysManage)
                .then(|| {
                    view! {
                        <LinkButton href=url::href(routes::KEYS, &[("add", "1")]) icon=Glyph::PLUS>
                            {t.add.open}
                        </LinkButton>
                    }
                })}
        </EmptyState>
    }
}

/// Whether a program gets in with it, in a mark and a word.
fn state(key: &ApiKey, as_of: Timestamp) -> (Mark, &'static str) {
    let t = text();
    if key.revoked_at.is_some() {
        (Mark::Off, t.revoked)
    } else if key.expires_at.is_some_and(|at| at <= as_of) {
        (Mark::Off, t.expired)
    } else {
        (Mark::Ok, t.active)
    }
}

#[component]
fn Row(key: ApiKey, as_of: Timestamp) -> impl IntoView {
    let t = text();
    let (mark, word) = state(&key, as_of);
    let expires = match key.expires_at {
        Some(at) => view! { <Exact at=at/> }.into_any(),
        None => view! { <span class="quiet-text">{t.never}</span> }.into_any(),
    };
    let used = match key.last_used_at {
        Some(at) => view! { <Time at=at as_of=as_of/> }.into_any(),
        None => view! { <span class="quiet-text">{t.not_used}</span> }.into_any(),
    };
    let revoke = (key.revoked_at.is_none() && can(Permission::KeysManage)).then(|| {
        let href = url::href(routes::KEYS, &[("revoke", &key.id.to_string())]);
        let label = fill(t.revoke_of, &[("name", &key.name)]);
        view! {
            <LinkButton href=href small=true attr:data-noscroll="true" attr:aria-label=label>{t.revoke}</LinkButton>
        }
    });
    let revoked = key
        .revoked_at
        .map(|at| view! { <p class="meta"><Time at=at as_of=as_of/></p> });
    view! {
        <tr>
            <td>
                <b class="name">{key.name.clone()}</b>
                <br/>
                <span class="mono quiet-text">{key.prefix.clone()} "…"</span>
            </td>
            <td><StateMark mark=mark word=word/> {revoked}</td>
            <td class="roomy-only"><Scopes key=key.clone()/></td>
            <td class="roomy-only"><Time at=key.created_at as_of=as_of/></td>
            <td class="wide-only">{expires}</td>
            <td class="middle-only">{used}</td>
            <td>{revoke}</td>
        </tr>
    }
}

/// How many; all of them are one click away.
#[component]
fn Scopes(key: ApiKey) -> impl IntoView {
    let t = text();
    let bound = key
        .session
        .map(|_| view! { <span class="tag">{t.one_session}</span> });
    let everything = key.scopes.len() == Permission::ALL.len();
    let list = if everything {
        t.all_scopes.into_any()
    } else {
        let words = key
            .scopes
            .iter()
            .map(|scope| view! { <li>{permission_word(*scope)}</li> })
            .collect_view();
        view! {
            <details class="scopes">
                <summary>{plural(key.scopes.len() as i64, t.scope_count)}</summary>
                <ul>{words}</ul>
            </details>
        }
        .into_any()
    };
    view! {
        {list}
        " "
        {bound}
    }
}
