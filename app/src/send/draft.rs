//! A list before anything of it is queued.

use super::{
    preview::Bubble,
    progress::Ends,
    server::{BatchData, CancelBatch, ConfirmBatch},
    text::text,
};
use crate::{
    format,
    frame::can,
    i18n::{fill, plural},
    queue::{SessionChoice, session_name},
    routes,
    ui::{Button, FormError, Glyph, Kind, LinkButton, Mark, Note, fault},
};
use leptos::prelude::*;
use types::{
    Permission, SessionId,
    batches::{BatchRow, Encoding, Found},
};

#[component]
pub fn Draft(
    data: Memo<BatchData>,
    confirm: ServerAction<ConfirmBatch>,
    cancel: ServerAction<CancelBatch>,
) -> impl IntoView {
    let t = text();
    let BatchData { detail, sessions } = data.get_untracked();
    let batch = detail.batch;
    let numbers = [
        (t.rows, batch.rows),
        (t.valid, batch.valid),
        (t.duplicates, batch.duplicates),
        (t.invalid, batch.invalid),
    ]
    .map(|(word, n)| {
        view! { <div class="stat"><dt>{word}</dt><dd>{format::number(n)}</dd></div> }
    });
    let name = |id: Option<SessionId>| session_name(id, &sessions);
    let how = match batch.session {
        Some(id) => fill(t.how_named, &[("session", &name(Some(id)))]),
        None => t.how_automatic.to_owned(),
    };
    let through = through(&detail.found, &sessions);
    let ends_at = detail.ends_at;
    let common = (detail.found.common > 0).then(|| {
        let n = format::number(detail.found.common);
        let all = format::number(batch.valid);
        view! { <p>{fill(t.take_common, &[("n", &n), ("all", &all)])}</p> }
    });
    let rows = detail
        .sample
        .into_iter()
        .map(|row| view! { <Seen row=row/> })
        .collect_view();
    let may_send = can(Permission::MessagesSend) && batch.valid > 0;
    view! {
        <dl class="card stats">{numbers.collect_view()}</dl>
        <Notes found=detail.found/>
        <FormError fault=fault(confirm)/>
        {if batch.valid == 0 {
            view! { <Note mark=Mark::Bad>{t.nothing_valid}</Note> }.into_any()
        } else {
            view! {
                {common}
                <p>{how} " " {t.how_bulk}</p>
                <p>{through}</p>
                <Ends at=ends_at/>
                <section class="stack" aria-label=t.first_rows>
                    <h2>{t.first_rows}</h2>
                    <ul class="seen-rows">{rows}</ul>
                </section>
            }
            .into_any()
        }}
        <div class="row">
            {may_send
                .then(|| {
                    view! {
                        <ActionForm action=confirm>
                            <input type="hidden" name="id" value=batch.id.to_string()/>
                            <Button kind=Kind::Primary icon=Glyph::SEND submit=true busy=confirm.pending()>
                                {plural(batch.valid, t.queue_them)}
                            </Button>
                        </ActionForm>
                    }
                })}
            {can(Permission::QueueManage)
                .then(|| {
                    view! {
                        <ActionForm action=cancel>
                            <input type="hidden" name="id" value=batch.id.to_string()/>
                            <Button submit=true busy=cancel.pending()>{t.discard}</Button>
                        </ActionForm>
                    }
                })}
            <LinkButton href=routes::SEND_MANY.to_string() kind=Kind::Quiet>{t.another_list}</LinkButton>
        </div>
        <p class="meta">{t.kept_a_day}</p>
    }
}

/// How many messages go through which session.
fn through(found: &Found, sessions: &[SessionChoice]) -> String {
    let t = text();
    let shares = found.through.iter().map(|share| {
        let name = match share.session {
            Some(id) => session_name(Some(id), sessions),
            None => t.whichever.to_owned(),
        };
        fill(t.share, &[("session", &name), ("n", &format::number(share.rows))])
    });
    fill(t.through, &[("shares", &shares.collect::<Vec<_>>().join(", "))])
}

/// How the file was read, where that is worth a look.
#[component]
fn Notes(found: Found) -> impl IntoView {
    let t = text();
    let delimiter = match found.delimiter {
        Some(',') => Some(t.comma),
        Some(';') => Some(t.semicolon),
        Some('\t') => Some(t.tab),
        _ => None,
    };
    let read = match delimiter {
        Some(delimiter) => fill(
            t.read_as,
            &[("encoding", found.encoding.name()), ("delimiter", delimiter)],
        ),
        None => fill(t.read_plain, &[("encoding", found.encoding.name())]),
    };
    let guessed = (found.encoding == Encoding::Windows1252)
        .then(|| view! { <Note mark=Mark::Warn>{t.guessed_encoding}</Note> });
    let formulas = (found.formulas > 0)
        .then(|| view! { <Note mark=Mark::Warn>{plural(found.formulas, t.formulas)}</Note> });
    let braces =
        (found.braces > 0).then(|| view! { <Note mark=Mark::Warn>{plural(found.braces, t.braces)}</Note> });
    let ignored = (!found.ignored.is_empty())
        .then(|| view! { <Note>{fill(t.ignored, &[("columns", &found.ignored.join(", "))])}</Note> });
    view! {
        <p class="meta">{read}</p>
        {guessed}
        {formulas}
        {braces}
        {ignored}
    }
}

/// A row as its recipient will see it.
#[component]
fn Seen(row: BatchRow) -> impl IntoView {
    let t = text();
    let to = if row.to.eq_ignore_ascii_case("main") {
        t.main_number.to_owned()
    } else {
        format::phone(row.to.trim_start_matches('+'))
    };
    let attached = Signal::stored(row.media_url);
    let body = Signal::stored(row.text.unwrap_or_default());
    view! {
        <li>
            <p class="meta">
                {fill(t.row_to, &[("row", &format::number(row.row)), ("recipient", &to)])}
                {row.reference_id.map(|reference| view! { " · " <span class="mono">{reference}</span> })}
            </p>
            <Bubble text=body attached=attached/>
        </li>
    }
}
