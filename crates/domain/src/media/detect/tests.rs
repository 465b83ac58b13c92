use super::*;

/// The smallest things that are what they say, made here so that no binary files lie around.
pub(in crate::media) mod sample {
    pub const JPG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
    pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    pub const WEBP: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8 ";
    pub const MP3: &[u8] = b"ID3\x04\0\0\0\0\0\0";
    pub const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead";
    pub const AMR: &[u8] = b"#!AMR\n\x3c\x91\x17\x16";
    pub const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";
    pub const THREE_GP: &[u8] = b"\0\0\0\x14ftyp3gp4\0\0\0\x003gp4";
    pub const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
    pub const TXT: &[u8] = "Selamat pagi, Budi ☕\r\n".as_bytes();

    /// A compound file of a header and one directory entry.
    pub fn ole(stream: &str) -> Vec<u8> {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(512 + 128, 0);
        let mut entry: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = (entry.len() + 2) as u16;
        entry.resize(128, 0);
        entry[64..66].copy_from_slice(&length.to_le_bytes());
        entry[66] = 2;
        bytes.extend(entry);
        bytes
    }

    /// A zip file of empty members.
    pub fn zip(names: &[&str]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            let length = (name.len() as u16).to_le_bytes();
            bytes.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
            bytes.extend([length[0], length[1], 0, 0]);
            bytes.extend(name.as_bytes());
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
            directory.extend([length[0], length[1]]);
            directory.extend([0; 16]);
            directory.extend(name.as_bytes());
        }
        let start = bytes.len() as u32;
        bytes.extend(&directory);
        bytes.extend(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0");
        bytes.extend(start.to_le_bytes());
        bytes.extend([0, 0]);
        bytes
    }

    pub fn office(folder: &str) -> Vec<u8> {
        zip(&[
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/app.xml",
            &format!("{folder}/main.xml"),
        ])
    }
}

fn check(bytes: &[u8], expect: Option<Detected>) {
    assert_eq!(
        detect(bytes),
        expect,
        "{:?}",
        String::from_utf8_lossy(&bytes[..bytes.len().min(40)])
    );
}

#[test]
fn images_audio_and_video() {
    check(sample::JPG, Some(JPG));
    check(sample::PNG, Some(PNG));
    check(sample::WEBP, Some(WEBP));
    check(sample::MP3, Some(MP3));
    check(sample::OGG, Some(OGG));
    check(sample::AMR, Some(AMR));
    check(b"#!AMR-WB\n\x04", Some(AMR));
    check(sample::MP4, Some(MP4));
    check(b"\0\0\0\x18ftypXAVC\0\0\0\0XAVCmp42", Some(MP4));
    check(sample::THREE_GP, Some(THREE_GP));
}

#[test]
fn mp3_frames_of_each_mpeg_version() {
    for header in [
        [0xff, 0xfb, 0x90],
        [0xff, 0xfa, 0x90],
        [0xff, 0xf3, 0x40],
        [0xff, 0xf2, 0x40],
        [0xff, 0xe3, 0x40],
    ] {
        check(&header, Some(MP3));
    }
    // AAC, Layer I, reserved version, reserved bit rate, reserved sample rate.
    for header in [
        [0xff, 0xf1, 0x50],
        [0xff, 0xff, 0x90],
        [0xff, 0xeb, 0x90],
        [0xff, 0xfb, 0xf0],
        [0xff, 0xfb, 0x9c],
    ] {
        check(&header, None);
    }
}

#[test]
fn documents() {
    check(sample::PDF, Some(PDF));
    check(b"\xef\xbb\xbf\r\n%PDF-1.4", Some(PDF));
    check(&sample::ole("WordDocument"), Some(DOC));
    check(&sample::ole("Workbook"), Some(XLS));
    check(&sample::ole("Book"), Some(XLS));
    check(&sample::ole("PowerPoint Document"), Some(PPT));
    check(&sample::office("word"), Some(DOCX));
    check(&sample::office("xl"), Some(XLSX));
    check(&sample::office("ppt"), Some(PPTX));
    check(&sample::zip(&["a.txt"]), Some(ZIP));
    check(&sample::zip(&[]), Some(ZIP));
    check(&sample::zip(&["word/without-types.xml"]), Some(ZIP));
    check(sample::TXT, Some(TXT));
    check(b"name,number\nBudi,62821\n", Some(TXT));
}

#[test]
fn what_cannot_be_sent() {
    for bytes in [
        &b""[..],
        b"GIF89a\x01\0\x01\0\x80\0\0",
        b"BM\x46\0\0\0\0\0",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x18ftypavif\0\0\0\0avifmif1",
        b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
        b"\0\0\0\x18ftypM4A \0\0\0\0M4A isom",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x2a\x80theora",
        b"\x7fELF\x02\x01\x01\0",
        b"MZ\x90\0\x03\0\0\0",
        b"\xff\xfeh\0i\0",
        b"caf\xe9",
        b"text with a \0 in it",
    ] {
        check(bytes, None);
    }
    check(&sample::ole("__properties_version1.0"), None);
    check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None);
}

#[test]
fn cut_off_files_do_no_harm() {
    let whole = [
        sample::ole("WordDocument"),
        sample::office("word"),
        sample::MP4.to_vec(),
        sample::OGG.to_vec(),
        sample::WEBP.to_vec(),
    ];
    for bytes in whole {
        for length in 0..bytes.len() {
            let _ = detect(&bytes[..length]);
        }
    }
    check(
        b"PK\x03\x04PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0",
        Some(ZIP),
    );
    check(b"\xff\xff\xff\xffftypisom", Some(MP4));
    check(b"\0\0\0\0ftypisom", Some(MP4));
    check(b"\0\0\0\0ftypis", None);
}

#[test]
fn each_format_is_of_the_kind_that_names_it() {
    for format in ALL {
        let word = format.extension.to_uppercase();
        assert!(format.kind.formats().contains(&word), "{word}");
    }
}
