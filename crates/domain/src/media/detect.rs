//! What a file is, by its content alone: neither its name nor its claimed type is believed.

use types::media::MediaKind;

/// A format that can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    pub kind: MediaKind,
    pub mime: &'static str,
    /// Without a dot, as files of this format are usually named.
    pub extension: &'static str,
}

const fn format(kind: MediaKind, mime: &'static str, extension: &'static str) -> Detected {
    Detected {
        kind,
        mime,
        extension,
    }
}

pub(super) const JPG: Detected = format(MediaKind::Image, "image/jpeg", "jpg");
pub(super) const PNG: Detected = format(MediaKind::Image, "image/png", "png");
pub(super) const WEBP: Detected = format(MediaKind::Image, "image/webp", "webp");
pub(super) const MP3: Detected = format(MediaKind::Audio, "audio/mpeg", "mp3");
pub(super) const OGG: Detected = format(MediaKind::Audio, "audio/ogg", "ogg");
pub(super) const AMR: Detected = format(MediaKind::Audio, "audio/amr", "amr");
pub(super) const MP4: Detected = format(MediaKind::Video, "video/mp4", "mp4");
pub(super) const THREE_GP: Detected = format(MediaKind::Video, "video/3gpp", "3gp");
pub(super) const PDF: Detected = format(MediaKind::Document, "application/pdf", "pdf");
pub(super) const DOC: Detected = format(MediaKind::Document, "application/msword", "doc");
pub(super) const XLS: Detected = format(MediaKind::Document, "application/vnd.ms-excel", "xls");
pub(super) const PPT: Detected = format(MediaKind::Document, "application/vnd.ms-powerpoint", "ppt");
pub(super) const DOCX: Detected = format(
    MediaKind::Document,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "docx",
);
pub(super) const XLSX: Detected = format(
    MediaKind::Document,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsx",
);
pub(super) const PPTX: Detected = format(
    MediaKind::Document,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pptx",
);
pub(super) const TXT: Detected = format(MediaKind::Document, "text/plain", "txt");
pub(super) const CSV: Detected = format(MediaKind::Document, "text/csv", "csv");
pub(super) const ZIP: Detected = format(MediaKind::Document, "application/zip", "zip");

/// Every format of `compat-api.md`, "Media kinds".
pub(super) const ALL: &[Detected] = &[
    JPG, PNG, WEBP, MP3, OGG, AMR, MP4, THREE_GP, PDF, DOC, XLS, PPT, DOCX, XLSX, PPTX, TXT, CSV, ZIP,
];

/// The format of a whole file; `None` for one that cannot be sent. CSV has no mark of its own
/// and comes out as text; a name or a claim may refine it (see [`check`](super::check)).
pub fn detect(bytes: &[u8]) -> Option<Detected> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(JPG),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(PNG),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(WEBP),
        [b'I', b'D', b'3', ..] => Some(MP3),
        [b'O', b'g', b'g', b'S', ..] => (bytes.get(28..35) != Some(b"\x80theora")).then_some(OGG),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => film(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => compound(bytes),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Some(archive(bytes)),
        _ if bytes.starts_with(b"#!AMR\n") || bytes.starts_with(b"#!AMR-WB\n") => Some(AMR),
        _ if is_pdf(bytes) => Some(PDF),
        _ if is_mpeg_layer_3(bytes) => Some(MP3),
        _ if is_text(bytes) => Some(TXT),
        _ => None,
    }
}

/// An MP3 without tags begins with a frame header: sync, Layer III, and no reserved value.
fn is_mpeg_layer_3(bytes: &[u8]) -> bool {
    let [0xff, version, rates, ..] = bytes else {
        return false;
    };
    let synced = version & 0xe0 == 0xe0 && version & 0x18 != 0x08;
    synced && version & 0x06 == 0x02 && rates & 0xf0 != 0xf0 && rates & 0x0c != 0x0c
}

/// ISO media: the brands tell films from photos (HEIC, AVIF), songs (M4A) and QuickTime.
fn film(bytes: &[u8]) -> Option<Detected> {
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    let head = &bytes[8..length.clamp(8, bytes.len().min(512))];
    let major = bytes.get(8..12)?;
    if major.starts_with(b"3g") {
        return Some(THREE_GP);
    }
    let other = [
        &b"qt"[..],
        b"M4A",
        b"M4B",
        b"M4P",
        b"hei",
        b"hev",
        b"mif",
        b"msf",
        b"avi",
        b"crx",
        b"jp",
    ];
    if other.iter().any(|brand| major.starts_with(brand)) {
        return None;
    }
    let known = [
        &b"iso"[..],
        b"mp4",
        b"mp7",
        b"avc",
        b"dash",
        b"mmp4",
        b"M4V",
        b"MSNV",
        b"ND",
        b"f4v",
        b"F4V",
    ];
    let mut brands = head.chunks_exact(4).chain([major]);
    brands
        .any(|brand| known.iter().any(|k| brand.starts_with(k)))
        .then_some(MP4)
}

/// OLE compound files hold old Office documents, but also installers and mails: the streams say
/// which. Directory entries lie at multiples of 128 bytes and are looked at where they lie,
/// without following the file's own tables, which a hostile file could bend into a loop.
fn compound(bytes: &[u8]) -> Option<Detected> {
    const STREAMS: [(&str, Detected); 4] = [
        ("WordDocument", DOC),
        ("Workbook", XLS),
        ("Book", XLS),
        ("PowerPoint Document", PPT),
    ];
    let is_stream = |entry: &[u8], name: &str| {
        let stored = (name.len() as u16 + 1) * 2;
        let letters = name
            .bytes()
            .zip(entry.chunks_exact(2))
            .all(|(letter, pair)| pair == [letter, 0]);
        letters && entry[64..66] == stored.to_le_bytes() && entry[66] == 2
    };
    bytes
        .chunks_exact(128)
        .find_map(|entry| STREAMS.iter().find(|(name, _)| is_stream(entry, name)))
        .map(|(_, detected)| *detected)
}

/// A zip file, or one of the Office formats that are zip files inside.
fn archive(bytes: &[u8]) -> Detected {
    let (mut declares_types, mut office) = (false, None);
    for name in names_in_zip(bytes).take(10_000) {
        declares_types |= name == b"[Content_Types].xml";
        office = office.or(match name {
            _ if name.starts_with(b"word/") => Some(DOCX),
            _ if name.starts_with(b"xl/") => Some(XLSX),
            _ if name.starts_with(b"ppt/") => Some(PPTX),
            _ => None,
        });
    }
    office.filter(|_| declares_types).unwrap_or(ZIP)
}

/// The names in the central directory, which is found from the end of the file.
fn names_in_zip(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let tail = bytes.len().saturating_sub(65_557);
    let end = bytes[tail..]
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")
        .map(|at| &bytes[tail + at..]);
    let mut rest = end
        .and_then(|end| end.get(16..20)?.try_into().ok())
        .and_then(|offset| bytes.get(u32::from_le_bytes(offset) as usize..))
        .unwrap_or_default();
    std::iter::from_fn(move || {
        let header = rest
            .get(..46)
            .filter(|header| header.starts_with(b"PK\x01\x02"))?;
        let length = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let name = rest.get(46..46 + length(28))?;
        rest = rest
            .get(46 + length(28) + length(30) + length(32)..)
            .unwrap_or_default();
        Some(name)
    })
}

fn is_pdf(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"%PDF-")
}

/// UTF-8 without control characters: whatever else it is (HTML, a script), it travels as text.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    !text.is_empty()
        && !text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c'))
}

#[cfg(test)]
pub(super) mod tests;
