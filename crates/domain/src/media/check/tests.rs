use super::*;
use crate::media::detect::{DOCX, PNG, XLSX, tests::sample};
use MediaKind::{Audio, Document, Image, Video};

fn ok(bytes: &[u8], wanted: Option<MediaKind>, mime: Option<&str>, name: Option<&str>) -> Detected {
    check(bytes, wanted, mime, name).unwrap_or_else(|problem| panic!("{mime:?} {name:?}: {problem}"))
}

fn refused(bytes: &[u8], wanted: Option<MediaKind>, mime: Option<&str>, name: Option<&str>, expect: &str) {
    let problem = check(bytes, wanted, mime, name).expect_err("a problem");
    assert_eq!(problem.to_string(), expect);
}

#[test]
fn claims_that_agree() {
    assert_eq!(
        ok(sample::JPG, Some(Image), Some("image/jpeg"), Some("a.JPEG")),
        JPG
    );
    assert_eq!(ok(sample::JPG, None, Some("IMAGE/JPG; q=1"), None), JPG);
    assert_eq!(
        ok(
            sample::OGG,
            Some(Audio),
            Some("audio/ogg; codecs=opus"),
            Some("voice")
        ),
        OGG
    );
    assert_eq!(
        ok(sample::PDF, None, Some("application/pdf"), Some("invoice.pdf")),
        PDF
    );
    assert_eq!(
        ok(
            sample::PDF,
            None,
            Some("application/octet-stream"),
            Some("invoice")
        ),
        PDF
    );
    assert_eq!(ok(sample::PDF, None, Some(""), None), PDF);
    assert_eq!(
        ok(
            &sample::office("word"),
            None,
            Some("application/zip"),
            Some("a.doc")
        ),
        DOCX
    );
    assert_eq!(
        ok(
            &sample::office("xl"),
            None,
            Some("application/vnd.ms-excel"),
            None
        ),
        XLSX
    );
    assert_eq!(ok(sample::TXT, None, Some("text/markdown"), Some("a.md")), TXT);
}

#[test]
fn a_name_or_a_claim_makes_text_csv() {
    assert_eq!(ok(sample::TXT, None, None, Some("list.csv")), CSV);
    assert_eq!(ok(sample::TXT, None, Some("text/csv"), None), CSV);
    assert_eq!(ok(sample::TXT, None, Some("text/plain"), Some("list.CSV")), CSV);
}

#[test]
fn anything_sendable_goes_as_a_document() {
    let sent = ok(sample::PNG, Some(Document), Some("image/png"), Some("plan.png"));
    assert_eq!(
        sent,
        Detected {
            kind: Document,
            ..PNG
        }
    );
    let large = [sample::JPG, &vec![0; 6 << 20]].concat();
    assert_eq!(ok(&large, Some(Document), None, Some("photo.jpg")).kind, Document);
    let renamed = check(sample::TXT, Some(Document), None, Some("photo.jpg"));
    assert!(matches!(
        renamed,
        Err(MediaProblem::WrongName { extension: "jpg", .. })
    ));
}

#[test]
fn a_text_file_named_jpg() {
    let expect =
        "The attachment is named .jpg, but its content is TXT. Name it .txt or give a real JPG file.";
    refused(sample::TXT, None, None, Some("photo.jpg"), expect);
    let expect = "The attachment is not an image: its content is TXT. Send an image (JPG, PNG or WEBP) of at most 5 MB.";
    refused(sample::TXT, Some(Image), None, Some("photo.jpg"), expect);
    let expect = "The MIME type image/jpeg does not agree with the content, which is text/plain. \
                  Correct the type or give the right file.";
    refused(sample::TXT, None, Some("image/jpeg"), Some("photo.jpg"), expect);
}

#[test]
fn a_png_named_jpg_is_forgiven_but_not_a_text_named_pdf() {
    assert_eq!(ok(sample::PNG, None, None, Some("photo.jpg")), PNG);
    assert!(check(sample::TXT, None, None, Some("report.pdf")).is_err());
    assert!(
        check(sample::PNG, None, Some("image/jpeg"), None).is_err(),
        "a claim must be right"
    );
    assert!(check(sample::MP4, Some(Audio), None, None).is_err());
    assert!(check(sample::MP3, Some(Video), None, None).is_err());
}

#[test]
fn sizes_end_at_each_kinds_limit() {
    let padded = |head: &[u8], size: usize| [head, &vec![0; size - head.len()]].concat();
    ok(&padded(sample::JPG, 5 << 20), Some(Image), None, None);
    let expect = "The attachment has 6.0 MB, but an image may have at most 5 MB. \
                  Give a smaller file, or send it as a document (at most 100 MB).";
    refused(&padded(sample::JPG, 6 << 20), Some(Image), None, None, expect);
    refused(
        &padded(sample::JPG, (5 << 20) + 1),
        None,
        None,
        None,
        &expect.replace("6.0", "5.1"),
    );
    ok(&padded(sample::MP4, 16 << 20), None, None, None);
    assert!(check(&padded(sample::MP4, (16 << 20) + 1), None, None, None).is_err());
    let expect = "The attachment has 100.1 MB, but a document may have at most 100 MB. Give a smaller file.";
    refused(&padded(sample::PDF, (100 << 20) + 1), None, None, None, expect);
}

#[test]
fn what_cannot_be_sent_is_named() {
    refused(
        b"",
        None,
        None,
        None,
        "The attachment is empty. Give a file with content.",
    );
    let expect = "The attachment is a GIF file, which cannot be sent. Send an image (JPG, PNG or WEBP) of at most 5 MB.";
    refused(
        b"GIF89a\x01\0\x01\0\x80\0\0",
        Some(Image),
        Some("image/gif"),
        None,
        expect,
    );
    let all = check(b"\x00\x01\x02\x03", None, None, None)
        .unwrap_err()
        .to_string();
    assert!(
        all.starts_with("The attachment is of no format that can be sent. Send an image (JPG"),
        "{all}"
    );
    assert!(all.ends_with(
        "; or a document (PDF, DOC, DOCX, XLS, XLSX, PPT, PPTX, TXT, CSV or ZIP) of at most 100 MB."
    ));
}

#[test]
fn a_problem_knows_its_field() {
    let about_mime = |mime| {
        check(sample::TXT, None, mime, Some("a.jpg"))
            .unwrap_err()
            .is_about_mime()
    };
    assert!(about_mime(Some("image/jpeg")));
    assert!(!about_mime(None));
}
