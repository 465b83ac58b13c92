//! The rows that are not sent, and why.

use super::{server::BatchData, text::text};
use crate::{
    format,
    i18n::{fill, plural},
    routes,
    ui::{Glyph, LinkButton, Table, text::text as shared_text},
};
use leptos::prelude::*;
use types::batches::RowError;

#[component]
pub fn Errors(data: Memo<BatchData>) -> impl IntoView {
    let t = text();
    // Only what they show moves them, not every tick of the numbers.
    let errors = Memo::new(move |_| {
        data.with(|data| {
            let detail = &data.detail;
            (detail.batch.id, detail.error_count, detail.errors.clone())
        })
    });
    move || {
        let (id, count, shown) = errors.get();
        if count == 0 {
            return ().into_any();
        }
        let more = count - shown.len() as i64;
        let href = format!("{}/errors.csv", routes::batch(id));
        let rows = shown.into_iter().map(row).collect_view();
        view! {
            <section class="stack">
                <div class="row errors-head">
                    <h2>{plural(count, t.errors)}</h2>
                    <LinkButton href=href icon=Glyph::DOWNLOAD small=true attr:rel="external" attr:download="">
                        {t.download_errors}
                    </LinkButton>
                </div>
                <Table label=t.error_list>
                    <thead>
                        <tr>
                            <th class="number">{t.row}</th>
                            <th>{t.column}</th>
                            <th>{t.value}</th>
                            <th>{t.what_to_do}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </Table>
                {(more > 0).then(|| view! { <p class="meta">{fill(t.more_errors, &[("n", &format::number(more))])}</p> })}
            </section>
        }
        .into_any()
    }
}

fn row(error: RowError) -> impl IntoView {
    let or_none = |text: String| {
        if text.is_empty() {
            shared_text().none.to_owned()
        } else {
            text
        }
    };
    view! {
        <tr>
            <td class="number">{format::number(error.row)}</td>
            <td>{or_none(error.column)}</td>
            <td class="value mono">{or_none(error.value)}</td>
            <td class="said">{error.message}</td>
        </tr>
    }
}
