//! Gives the rows of a call their places: recipient, session, lane, number, id. Writes nothing.

use super::{
    Messages,
    accept::Job,
    check::{Attachment, Checked, Target, unknown_session},
    choose::Book,
    store::insert::NewMessage,
};
use crate::chats;
use std::collections::HashMap;
use types::{
    AppError, MediaId, MessageId, OrganizationId, Recipient, Timestamp,
    messages::{Accepted, AcceptedRow, Estimate},
};

impl Messages {
    /// Gives each good row its place in a lane, its number and its id. Writes nothing yet.
    pub(super) fn place_job(
        &self,
        job: &Job,
        files: &[Option<MediaId>],
        book: &mut Book,
        now: Timestamp,
        new_rows: &mut Vec<NewMessage>,
    ) -> Result<Accepted, AppError> {
        book.organization(job.organization)?.refuse_suspended()?;
        let already = new_rows.len();
        let mut rows = Vec::with_capacity(job.rows.len());
        let mut placed: HashMap<Recipient, AcceptedRow> = HashMap::new();
        for (row, file) in job.rows.iter().zip(files) {
            let answer = match row {
                Err(error) => Err(error.clone()),
                Ok(ready) => {
                    let to = recipient(&ready.draft, book, job.organization);
                    match to {
                        Ok(to) if job.once && placed.contains_key(&to) => Ok(placed[&to].clone()),
                        Ok(to) => {
                            let before = new_rows.len() - already;
                            self.place_row(job, &ready.draft, to, *file, book, now, before)
                                .map(|(message, row)| {
                                    new_rows.push(message);
                                    if job.once {
                                        placed.insert(row.recipient.clone(), row.clone());
                                    }
                                    row
                                })
                        }
                        Err(error) => Err(error),
                    }
                }
            };
            rows.push(answer);
        }
        Ok(Accepted {
            rows,
            replayed: false,
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "everything that a row's place is made of"
    )]
    fn place_row(
        &self,
        job: &Job,
        draft: &Checked,
        recipient: Recipient,
        file: Option<MediaId>,
        book: &mut Book,
        now: Timestamp,
        before: usize,
    ) -> Result<(NewMessage, AcceptedRow), AppError> {
        if !book.organization(job.organization)?.allows(&recipient) {
            return Err(AppError::field_code(
                draft.names.recipient.as_str(),
                "RECIPIENT_NOT_ALLOWED",
                "This recipient is not on the organization's allow-list. Add it in the settings, or set the list to *.",
            ));
        }
        if book.organization(job.organization)?.has_opted_out(&recipient) {
            return Err(AppError::field_code(
                draft.names.recipient.as_str(),
                "RECIPIENT_OPTED_OUT",
                "This recipient has opted out of messages. Take the number off the opt-out list in the settings if they agreed again.",
            ));
        }
        let wanted = match (draft.session, job.pin) {
            (Some(session), Some(pin)) if session != pin => {
                return Err(AppError::Invalid {
                    fields: vec![unknown_session(&draft.names)],
                });
            }
            (session, pin) => session.or(pin),
        };
        if let Some(session) = wanted
            && !book.has_session(job.organization, session)
        {
            return Err(AppError::Invalid {
                fields: vec![unknown_session(&draft.names)],
            });
        }
        let named = wanted.is_some();
        let session = match wanted {
            Some(session) => Some(session),
            None => book.organization(job.organization)?.choose(&recipient),
        };
        let queue_id = book.next_queue_id(job.organization)?;
        let id = MessageId(self.shared.ids.uuid());
        let fetching = matches!(draft.attachment, Some(Attachment::Url { .. }));
        let message = NewMessage {
            id,
            organization: job.organization,
            session,
            chat: session.map(|session| chats::id_of(session, &recipient.jid())),
            queue_id,
            reference: draft.reference.clone(),
            recipient: recipient.jid(),
            body: draft.text.clone(),
            media: file,
            media_url: match &draft.attachment {
                Some(Attachment::Url { url, .. }) => Some(url.clone()),
                _ => None,
            },
            media_kind: draft.attachment.as_ref().and_then(Attachment::kind),
            fetching,
            class: job.class,
            batch: job.batch,
            chance: pacing::draw_chance(self.shared.random.u64()),
            chars: draft
                .text
                .as_deref()
                .map_or(0, |text| text.chars().count() as i64),
            named,
            created_at: now,
        };
        let estimate = job.outlook.estimate(before as i64, &recipient, now);
        let estimate = if fetching {
            Estimate { at: None, ..estimate }
        } else {
            estimate
        };
        Ok((
            message,
            AcceptedRow {
                id,
                queue_id,
                recipient,
                session,
                estimate,
            },
        ))
    }
}

fn recipient(draft: &Checked, book: &Book, organization: OrganizationId) -> Result<Recipient, AppError> {
    match &draft.to {
        Target::One(recipient) => Ok(recipient.clone()),
        Target::Main => book.organization(organization)?.main_number.clone().ok_or_else(|| {
            AppError::field_code(
                draft.names.recipient.as_str(),
                "MAIN_NUMBER_NOT_SET",
                "No main number is set. Set it in the organization's settings, or write the number itself.",
            )
        }),
    }
}
