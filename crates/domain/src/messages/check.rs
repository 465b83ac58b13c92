//! What can be said of a draft without asking the database.

use crate::media::{self, MediaRoom};
use bytes::Bytes;
use std::collections::HashMap;
use types::{
    AppError, FieldError, Recipient, SessionId,
    media::MediaKind,
    messages::{AttachmentInput, Draft, FieldNames},
};

/// Longest text of a message, in characters.
const TEXT: usize = 4_096;
/// Longest caption of an attachment, in characters.
const CAPTION: usize = 1_024;
/// Longest `reference_id`, in characters.
const REFERENCE: usize = 128;

/// A draft whose fields are well-formed.
#[derive(Clone)]
pub struct Checked {
    pub to: Target,
    pub text: Option<String>,
    pub attachment: Option<Attachment>,
    pub session: Option<SessionId>,
    pub reference: Option<String>,
    pub names: FieldNames,
}

#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    Main,
    One(Recipient),
}

#[derive(Clone)]
pub enum Attachment {
    Url {
        url: String,
        kind: Option<MediaKind>,
    },
    Bytes {
        data: Bytes,
        found: media::Detected,
        filename: Option<String>,
    },
}

impl Attachment {
    pub fn kind(&self) -> Option<MediaKind> {
        match self {
            Self::Url { kind, .. } => *kind,
            Self::Bytes { found, .. } => Some(found.kind),
        }
    }
}

/// Files of one call that were judged already, by where they lie: a thousand recipients share one.
pub type Judged = HashMap<(usize, Option<String>), Result<media::Detected, media::MediaProblem>>;

/// Every bad field of a draft at once, or the draft in its final form.
pub fn check(draft: Draft, room: &MediaRoom, judged: &mut Judged) -> Result<Checked, AppError> {
    let names = draft.names;
    let mut fields = Vec::new();
    let to = target(&draft.to)
        .map_err(|message| fields.push(bad(&names.recipient, message)))
        .ok();
    let text = draft
        .text
        .map(|text| text.replace('\0', ""))
        .filter(|text| !text.trim().is_empty());
    let has_attachment = draft.attachment.is_some();
    let attachment = match draft
        .attachment
        .map(|input| attachment(input, &names, room, judged))
    {
        None => None,
        Some(Ok(attachment)) => Some(attachment),
        Some(Err(error)) => {
            fields.push(error);
            None
        }
    };
    match &text {
        None if !has_attachment => {
            fields.push(bad(&names.text, "Message text is required".into()));
        }
        Some(text) => {
            let limit = if has_attachment { CAPTION } else { TEXT };
            let length = text.chars().count();
            if length > limit {
                let what = if has_attachment { "A caption" } else { "A message" };
                fields.push(bad(
                    &names.text,
                    format!("{what} has at most {limit} characters; this one has {length}"),
                ));
            }
        }
        None => {}
    }
    let reference = draft
        .reference_id
        .map(|text| text.replace('\0', ""))
        .filter(|text| !text.is_empty());
    if reference
        .as_ref()
        .is_some_and(|text| text.chars().count() > REFERENCE)
    {
        fields.push(bad(
            &names.reference,
            format!("A reference has at most {REFERENCE} characters"),
        ));
    }
    let session = draft.session.filter(|text| !text.trim().is_empty());
    let session = match session.map(|text| text.trim().parse::<SessionId>()) {
        None => None,
        Some(Ok(session)) => Some(session),
        Some(Err(_)) => {
            fields.push(unknown_session(&names));
            None
        }
    };
    match to {
        Some(to) if fields.is_empty() => Ok(Checked {
            to,
            text,
            attachment,
            session,
            reference,
            names,
        }),
        _ => Err(AppError::Invalid { fields }),
    }
}

/// The same words for a session that does not exist and one of another organization.
pub fn unknown_session(names: &FieldNames) -> FieldError {
    bad(
        &names.session,
        "There is no such session in this organization. Leave it out to let one be chosen.".into(),
    )
}

fn target(text: &str) -> Result<Target, String> {
    if text.trim().eq_ignore_ascii_case("main") {
        return Ok(Target::Main);
    }
    text.parse()
        .map(Target::One)
        .map_err(|error: types::recipient::RecipientError| error.to_string())
}

fn attachment(
    input: AttachmentInput,
    names: &FieldNames,
    room: &MediaRoom,
    judged: &mut Judged,
) -> Result<Attachment, FieldError> {
    match input {
        AttachmentInput::Url { url, kind } => match room.check_url(&url) {
            Ok(()) => Ok(Attachment::Url { url, kind }),
            Err(error) => Err(bad(&names.media_url, error.to_string())),
        },
        AttachmentInput::Bytes { data, mime, filename } => {
            let filename = filename.as_deref().and_then(media::clean_filename);
            let verdict = judged
                .entry((data.as_ptr().addr(), filename.clone()))
                .or_insert_with(|| media::check(&data, None, Some(&mime), filename.as_deref()));
            match verdict.clone() {
                Ok(found) => Ok(Attachment::Bytes {
                    data: Bytes::from_owner(data),
                    found,
                    filename,
                }),
                Err(problem) if problem.is_about_mime() => Err(bad(&names.media_mime, problem.to_string())),
                Err(problem) => Err(bad(&names.media_data, problem.to_string())),
            }
        }
    }
}

fn bad(field: &str, message: String) -> FieldError {
    FieldError {
        field: field.into(),
        code: "VALIDATION_ERROR".into(),
        message,
    }
}
