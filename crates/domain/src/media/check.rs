//! Whether a file may be sent as what it is said to be, and a sentence if not.

use super::detect::{self, CSV, Detected, JPG, MP3, OGG, PDF, THREE_GP, TXT, ZIP, detect};
use types::media::MediaKind;

/// Why a file cannot be sent. The sentences are shown to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaProblem {
    Empty,
    /// No format that can be sent; `looks_like` names it where it is a known one (`GIF`).
    Unknown {
        looks_like: Option<String>,
        wanted: Option<MediaKind>,
    },
    /// The caller asked for another kind than the content is.
    WrongKind {
        wanted: MediaKind,
        found: Detected,
    },
    /// The name promises another format, for example a text that is named `.jpg`.
    WrongName {
        extension: &'static str,
        found: Detected,
    },
    /// The claimed MIME type is not that of the content.
    WrongMime {
        declared: String,
        found: Detected,
    },
    TooLarge {
        kind: MediaKind,
        bytes: i64,
    },
}

/// Decides by content. `wanted` is the caller's kind, `declared_mime` the caller's own claim
/// about the bytes (a web server's `Content-Type` is none: those are wrong too often).
///
/// Asked for a document, any format that can be sent goes as one: so people send photos
/// without loss.
pub fn check(
    bytes: &[u8],
    wanted: Option<MediaKind>,
    declared_mime: Option<&str>,
    filename: Option<&str>,
) -> Result<Detected, MediaProblem> {
    if bytes.is_empty() {
        return Err(MediaProblem::Empty);
    }
    let Some(mut found) = detect(bytes) else {
        return Err(MediaProblem::Unknown {
            looks_like: name_of(bytes),
            wanted,
        });
    };
    let declared = declared_mime.map(bare_mime).filter(|mime| !says_nothing(mime));
    let named = filename.and_then(named_format);
    if found == TXT && (named == Some(CSV) || declared.as_deref().and_then(mime_format) == Some(CSV)) {
        found = CSV;
    }
    match wanted {
        Some(MediaKind::Document) => found.kind = MediaKind::Document,
        Some(wanted) if wanted != found.kind => return Err(MediaProblem::WrongKind { wanted, found }),
        _ => {}
    }
    if let Some(declared) = declared.filter(|mime| !mime_agrees(mime, found)) {
        return Err(MediaProblem::WrongMime { declared, found });
    }
    if let Some(named) = named.filter(|named| !name_agrees(*named, found)) {
        return Err(MediaProblem::WrongName {
            extension: named.extension,
            found,
        });
    }
    let size = bytes.len() as i64;
    if size > found.kind.max_bytes() {
        return Err(MediaProblem::TooLarge {
            kind: found.kind,
            bytes: size,
        });
    }
    Ok(found)
}

/// `image/png; charset=x` and `IMAGE/PNG` are `image/png`.
fn bare_mime(mime: &str) -> String {
    mime.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn says_nothing(mime: &str) -> bool {
    matches!(
        mime,
        "" | "application/octet-stream" | "binary/octet-stream" | "application/binary"
    )
}

/// The format that a MIME type means, in the spellings that are about.
fn mime_format(mime: &str) -> Option<Detected> {
    match mime {
        "image/jpg" | "image/pjpeg" => Some(JPG),
        "audio/mp3" | "audio/x-mp3" | "audio/mpeg3" | "audio/x-mpeg" => Some(MP3),
        "audio/opus" | "audio/vorbis" | "application/ogg" => Some(OGG),
        "audio/amr-wb" | "audio/amr-nb" => Some(detect::AMR),
        "audio/3gpp" | "video/3gp" | "video/3gpp2" => Some(THREE_GP),
        "application/x-pdf" => Some(PDF),
        "application/csv" | "text/comma-separated-values" => Some(CSV),
        "application/x-zip-compressed" | "application/x-zip" => Some(ZIP),
        _ => detect::ALL.iter().copied().find(|format| format.mime == mime),
    }
}

fn mime_agrees(mime: &str, found: Detected) -> bool {
    let text = family(found.extension) == "txt" && mime.starts_with("text/");
    text || mime_format(mime).is_some_and(|declared| {
        let inside_zip = declared == ZIP && matches!(found.extension, "docx" | "xlsx" | "pptx");
        inside_zip || family(declared.extension) == family(found.extension)
    })
}

/// The format that a name promises; `None` for endings that are none of ours.
fn named_format(filename: &str) -> Option<Detected> {
    let (_, extension) = filename.rsplit_once('.')?;
    let extension = match extension.to_ascii_lowercase().as_str() {
        "jpeg" => "jpg".to_owned(),
        other => other.to_owned(),
    };
    detect::ALL
        .iter()
        .copied()
        .find(|format| format.extension == extension)
}

/// A PNG that is named `.jpg` opens everywhere, so within a kind names are forgiven, except
/// among documents, where the name decides which program opens them.
fn name_agrees(named: Detected, found: Detected) -> bool {
    let native = detect::ALL
        .iter()
        .find(|format| format.mime == found.mime)
        .map_or(found.kind, |f| f.kind);
    if native == MediaKind::Document {
        let inside_zip = named == ZIP && matches!(found.extension, "docx" | "xlsx" | "pptx");
        inside_zip || family(named.extension) == family(found.extension)
    } else {
        named.kind == native
    }
}

/// Formats that stand in for each other: old and new Office files open alike, CSV is text.
fn family(extension: &str) -> &str {
    match extension {
        "docx" => "doc",
        "xlsx" => "xls",
        "pptx" => "ppt",
        "csv" => "txt",
        other => other,
    }
}

/// What a file that cannot be sent is, for the sentence. The beginning is enough to name it.
fn name_of(bytes: &[u8]) -> Option<String> {
    infer::get(&bytes[..bytes.len().min(8_192)]).map(|kind| kind.extension().to_uppercase())
}

impl MediaProblem {
    /// The claimed type is at fault, not the content: it is another field.
    pub const fn is_about_mime(&self) -> bool {
        matches!(self, Self::WrongMime { .. })
    }
}

#[cfg(test)]
mod tests;
