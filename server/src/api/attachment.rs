//! An attachment in a JSON body: by address, or in base64.

use super::fields::Fields;
use types::{FieldError, media::MediaKind, messages::AttachmentInput};

/// Longest file name, in characters.
const FILENAME: usize = 255;

/// Takes the object `media`, in which the type of the content is called `mime`.
pub fn take(fields: &mut Fields, mime: &str) -> Option<AttachmentInput> {
    let mut media = fields.object("media")?;
    let found = read(&mut media, mime);
    if found.is_none() && media.problems_mut().is_empty() {
        whole(
            &mut media,
            format!("Give media.url, or media.data with media.{mime}"),
        );
    }
    fields.absorb(media);
    found
}

fn read(media: &mut Fields, mime_name: &str) -> Option<AttachmentInput> {
    let url = media.text("url");
    let data = media.text("data");
    let mime = media.text(mime_name);
    let filename = media.text("filename");
    let kind = media.word("kind", "Write image, video, audio or document", kind);
    if filename
        .as_ref()
        .is_some_and(|name| name.chars().count() > FILENAME)
    {
        media.refuse::<()>(
            "filename",
            format!("A file name has at most {FILENAME} characters"),
        );
    }
    match (url, data) {
        (Some(_), Some(_)) => {
            whole(media, "Give media.url or media.data, not both".into());
            None
        }
        (Some(url), None) => Some(AttachmentInput::Url { url, kind }),
        (None, Some(data)) => {
            if kind.is_some() {
                media.refuse::<()>(
                    "kind",
                    "This goes with media.url; with media.data the content itself says it",
                );
            }
            let Some(mime) = mime else {
                let message =
                    format!("Say what media.data is, for example \"{mime_name}\": \"application/pdf\"");
                return media.refuse(mime_name, message);
            };
            match domain::media::decode_base64(&data) {
                Ok(data) => Some(AttachmentInput::Bytes {
                    data: data.into(),
                    mime,
                    filename,
                }),
                Err(error) => media.refuse("data", error.to_string()),
            }
        }
        (None, None) => None,
    }
}

/// A problem of the attachment as a whole, not of one part.
fn whole(media: &mut Fields, message: String) {
    let problem = FieldError {
        field: "media".into(),
        code: "VALIDATION_ERROR".into(),
        message,
    };
    media.problems_mut().push(problem);
}

pub fn kind(text: &str) -> Option<MediaKind> {
    MediaKind::from_name(&text.to_ascii_lowercase())
}
