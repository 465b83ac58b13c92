//! One endpoint to read: what it is for, its parameters, its answers, its errors. The form to try
//! it stands between, where script runs.

use super::{
    form::Form,
    model::{Endpoint, Fail, Good, Input, Kind, Place},
    tester::Desk,
    text::text,
};
use crate::ui::Table;
use leptos::prelude::*;

#[component]
pub fn Reading(endpoint: Endpoint, desk: Desk) -> impl IntoView {
    let t = text();
    let Endpoint {
        line,
        about,
        scope,
        inputs,
        good,
        fails,
        ..
    } = endpoint;
    let scope = match scope {
        Some(scope) => view! { <code>{scope}</code> }.into_any(),
        None => view! { <span>{t.any_key}</span> }.into_any(),
    };
    view! {
        <header>
            <p class="row">
                <span class="verb">{line.method}</span>
                <span class="mono second path">{line.path}</span>
            </p>
            <h1 id="title">{line.summary}</h1>
            {(!about.is_empty()).then(|| view! { <p class="second">{about}</p> })}
            <p class="meta">{t.scope} ": " {scope}</p>
        </header>
        <Form desk=desk/>
        <Inputs inputs=inputs/>
        <Answers good=good/>
        <Errors fails=fails/>
    }
}

#[component]
fn Inputs(inputs: Vec<Input>) -> impl IntoView {
    let t = text();
    if inputs.is_empty() {
        return view! {
            <section class="stack">
                <h2>{t.inputs}</h2>
                <p class="second">{t.no_inputs}</p>
            </section>
        }
        .into_any();
    }
    let rows = inputs
        .into_iter()
        .map(|input| {
            let place = match input.place {
                Place::Path => t.in_path,
                Place::Query => t.in_query,
                Place::Header => t.in_header,
                Place::Body => t.in_body,
            };
            let required = input
                .required
                .then(|| view! { <span class="tag">{t.required}</span> });
            view! {
                <tr>
                    <td class="name">
                        <code>{input.name}</code>
                        " "
                        {required}
                    </td>
                    <td class="second">{input.word} ", " {place}</td>
                    <td class="about">{input.about}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="stack">
            <h2>{t.inputs}</h2>
            <Table label=t.inputs plain=true>
                <thead>
                    <tr>
                        <th>{t.name}</th>
                        <th>{t.kind}</th>
                        <th>{t.meaning}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </section>
    }
    .into_any()
}

#[component]
fn Answers(good: Good) -> impl IntoView {
    let t = text();
    let rows = good
        .fields
        .into_iter()
        .map(|field| {
            view! {
                <tr>
                    <td class="name"><code>{field.name}</code></td>
                    <td class="second">{field.word}</td>
                    <td class="about">{field.about}</td>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    let fields = (!rows.is_empty()).then(|| {
        view! {
            <Table label=t.answer_fields plain=true>
                <thead>
                    <tr>
                        <th>{t.name}</th>
                        <th>{t.kind}</th>
                        <th>{t.meaning}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        }
    });
    view! {
        <section class="stack">
            <h2>{t.answers}</h2>
            <p>
                <b class="mono">{good.status}</b>
                " "
                {good.about}
            </p>
            {fields}
        </section>
    }
}

#[component]
fn Errors(fails: Vec<Fail>) -> impl IntoView {
    let t = text();
    let rows = fails
        .into_iter()
        .map(|fail| {
            view! {
                <tr>
                    <td>{fail.status}</td>
                    <td class="name"><code>{fail.code}</code></td>
                    <td class="about">{fail.when}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="stack">
            <h2>{t.errors}</h2>
            <Table label=t.errors plain=true>
                <thead>
                    <tr>
                        <th>{t.status}</th>
                        <th>{t.code}</th>
                        <th>{t.when}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </section>
    }
}

/// The hint under a field.
pub fn hint(input: &Input) -> String {
    let t = &text().tester;
    let more = match input.kind {
        Kind::Lines => t.lines,
        Kind::Json => t.json,
        _ => return input.about.clone(),
    };
    format!("{} {more}", input.about)
}
