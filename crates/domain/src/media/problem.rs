//! The sentences of [`MediaProblem`]: what is wrong, and what can be sent instead.

use super::MediaProblem;
use std::fmt;
use types::media::MediaKind;

impl fmt::Display for MediaProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The attachment is empty. Give a file with content."),
            Self::Unknown { looks_like, wanted } => {
                match looks_like {
                    Some(name) => write!(f, "The attachment is a {name} file, which cannot be sent. ")?,
                    None => f.write_str("The attachment is of no format that can be sent. ")?,
                }
                remedy(f, *wanted)
            }
            Self::WrongKind { wanted, found } => {
                let article = article(*wanted);
                let format = found.extension.to_uppercase();
                write!(f, "The attachment is not {article}: its content is {format}. ")?;
                remedy(f, Some(*wanted))
            }
            Self::WrongName { extension, found } => {
                let format = found.extension.to_uppercase();
                write!(
                    f,
                    "The attachment is named .{extension}, but its content is {format}. Name it .{} or give a real {} file.",
                    found.extension,
                    extension.to_uppercase()
                )
            }
            Self::WrongMime { declared, found } => write!(
                f,
                "The MIME type {declared} does not agree with the content, which is {}. Correct the type or give the right file.",
                found.mime
            ),
            Self::TooLarge { kind, bytes } => {
                let limit = kind.max_bytes() >> 20;
                // Rounded up, so that one byte too many does not read as "5.0 MB, at most 5 MB".
                let tenths = (bytes * 10 + (1 << 20) - 1) >> 20;
                let (whole, tenth) = (tenths / 10, tenths % 10);
                let article = article(*kind);
                write!(
                    f,
                    "The attachment has {whole}.{tenth} MB, but {article} may have at most {limit} MB. "
                )?;
                f.write_str(match kind {
                    MediaKind::Document => "Give a smaller file.",
                    _ => "Give a smaller file, or send it as a document (at most 100 MB).",
                })
            }
        }
    }
}

impl std::error::Error for MediaProblem {}

const fn article(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "an image",
        MediaKind::Audio => "an audio file",
        MediaKind::Video => "a video",
        MediaKind::Document => "a document",
    }
}

fn remedy(f: &mut fmt::Formatter<'_>, wanted: Option<MediaKind>) -> fmt::Result {
    let kinds = wanted.as_ref().map_or(MediaKind::ALL, std::slice::from_ref);
    for (n, kind) in kinds.iter().enumerate() {
        let lead = if n == 0 { "Send " } else { "; or " };
        let (article, formats, limit) = (article(*kind), kind.formats(), kind.max_bytes() >> 20);
        write!(f, "{lead}{article} ({formats}) of at most {limit} MB")?;
    }
    f.write_str(".")
}
