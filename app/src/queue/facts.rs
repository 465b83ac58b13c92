//! An entry's times and what it carries.

use super::{text::text, words};
use crate::{
    format,
    ui::{Exact, Mark, Time, text::text as shared_text},
};
use leptos::prelude::*;
use types::{
    Timestamp,
    messages::{Class, MessageState, QueueDetail, QueueEntry},
};

/// What happened to it so far, oldest first, and what comes next.
#[component]
pub fn Steps(entry: QueueEntry, as_of: Timestamp) -> impl IntoView {
    let steps = steps(&entry, as_of).into_iter().map(|(mark, word, at)| {
        view! {
            <li data-state=mark.name()>
                <b>{word}</b>
                {at.map(|at| {
                    view! {
                        <p class="meta">
                            <Exact at=at/>
                            " · "
                            <Time at=at as_of=as_of/>
                        </p>
                    }
                })}
            </li>
        }
    });
    view! { <ol class="steps">{steps.collect_view()}</ol> }
}

fn steps(entry: &QueueEntry, as_of: Timestamp) -> Vec<(Mark, &'static str, Option<Timestamp>)> {
    let (t, words) = (text(), &shared_text().message_state);
    let mut steps = vec![(Mark::Ok, t.accepted, Some(entry.created_at))];
    let passed = [
        (words.sent, entry.sent_at),
        (words.delivered, entry.delivered_at),
        (words.read, entry.read_at),
    ];
    steps.extend(
        passed
            .into_iter()
            .filter_map(|(word, at)| at.map(|at| (Mark::Ok, word, Some(at)))),
    );
    match entry.state {
        MessageState::Pending => {
            steps.push((Mark::Wait, t.leaves, entry.leaves_at.filter(|at| *at > as_of)));
        }
        MessageState::Processing => steps.push((Mark::Work, words.processing, None)),
        MessageState::Uncertain => steps.push((Mark::Warn, words.uncertain, None)),
        MessageState::Failed => steps.push((Mark::Bad, words.failed, entry.settled_at)),
        MessageState::Cancelled => steps.push((Mark::Off, words.cancelled, entry.settled_at)),
        MessageState::Sent if entry.delivered_at.is_none() => steps.push((Mark::Wait, t.not_delivered, None)),
        _ => {}
    }
    steps
}

/// Everything that was asked for, whole.
#[component]
pub fn Facts(detail: QueueDetail) -> impl IntoView {
    let t = text();
    let entry = detail.entry;
    let class = match entry.class {
        Class::Reply => t.class_reply,
        Class::Single => t.class_single,
        Class::Bulk => t.class_bulk,
    };
    let attachment = attachment(&entry).map(|words| match &entry.media {
        Some(media) => {
            view! { <a href=format!("/media/{}", media.id) rel="external" target="_blank">{words}</a> }
                .into_any()
        }
        None => words.into_any(),
    });
    view! {
        <dl class="facts">
            {entry.text.map(|words| view! { <dt>{t.message}</dt> <dd class="whole" dir="auto">{words}</dd> })}
            {attachment.map(|attachment| view! { <dt>{t.attachment}</dt> <dd>{attachment}</dd> })}
            {entry.media_url.map(|url| view! { <dt>{t.fetched_from}</dt> <dd class="mono">{url}</dd> })}
            <dt>{t.recipient}</dt>
            <dd class="mono">{entry.recipient.to_string()}</dd>
            <dt>{t.session}</dt>
            <dd>{detail.session_name.unwrap_or_else(|| t.any_session.into())}</dd>
            {entry.reference_id.map(|id| view! { <dt>{t.reference}</dt> <dd class="mono">{id}</dd> })}
            <dt>{t.class}</dt>
            <dd>{class}</dd>
            <dt>{t.attempts}</dt>
            <dd>{entry.attempts}</dd>
            <dt>{t.id}</dt>
            <dd class="mono">{entry.id.to_string()}</dd>
        </dl>
    }
}

fn attachment(entry: &QueueEntry) -> Option<String> {
    let kind = words::kind(entry).map(words::kind_word)?;
    let Some(media) = &entry.media else {
        return Some(kind.into());
    };
    let name = media.filename.as_deref().unwrap_or(&media.mime);
    Some(format!("{kind} · {name} · {}", format::bytes(media.bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{MessageId, Recipient};

    #[test]
    fn steps_end_with_what_comes_next() {
        let mut entry = QueueEntry {
            id: MessageId::from_key(&"0".repeat(32)).unwrap(),
            queue_id: 1,
            reference_id: None,
            recipient: Recipient::Number("6281100000142".into()),
            text: None,
            media: None,
            media_url: None,
            media_kind: None,
            session: None,
            class: Class::Single,
            state: MessageState::Pending,
            error: None,
            attempts: 0,
            created_at: Timestamp(1),
            leaves_at: Some(Timestamp(9)),
            held_by: None,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            settled_at: None,
        };
        let words = |entry: &QueueEntry| {
            steps(entry, Timestamp(5))
                .into_iter()
                .map(|(mark, word, _)| (mark, word))
                .collect::<Vec<_>>()
        };
        assert_eq!(words(&entry), [(Mark::Ok, "Accepted"), (Mark::Wait, "Leaves")]);
        entry.state = MessageState::Sent;
        entry.sent_at = Some(Timestamp(9));
        assert_eq!(
            words(&entry)[1..],
            [(Mark::Ok, "Sent"), (Mark::Wait, "Not delivered yet")]
        );
        entry.state = MessageState::Failed;
        entry.sent_at = None;
        assert_eq!(words(&entry)[1..], [(Mark::Bad, "Failed")]);
    }
}
