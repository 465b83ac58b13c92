//! What a call of seed 004 asks for.

use crate::api::{attachment, fields::Fields, problem::ApiError};
use bytes::Bytes;
use serde_json::Value;
use std::collections::HashSet;
use types::{
    Recipient,
    messages::{Draft, FieldNames},
};

/// Most recipients of one call.
const MOST: usize = 1_000;

/// What was asked, one draft per recipient.
pub struct Call {
    pub rows: Vec<Draft>,
    pub reference_id: Option<String>,
}

impl Call {
    pub fn read(body: Bytes) -> Result<Self, ApiError> {
        let mut fields = Fields::parse(&body)?;
        drop(body);
        let recipients = recipients(&mut fields);
        let text = fields.text("message");
        let attachment = attachment::take(&mut fields, "mimetype");
        let reference_id = fields.text("reference_id");
        let session = fields.text("sessionId");
        if text.is_none() && attachment.is_none() && fields.problems_mut().is_empty() {
            fields.refuse::<()>("message", "Give a message, or media, or both");
        }
        fields.finish()?;
        let rows = recipients
            .into_iter()
            .map(|(field, to)| Draft {
                to,
                text: text.clone(),
                attachment: attachment.clone(),
                session: session.clone(),
                reference_id: reference_id.clone(),
                names: FieldNames::seed_004(field),
            })
            .collect();
        Ok(Self { rows, reference_id })
    }
}

/// The recipients with the name of the field each stands in; one that comes twice counts once.
fn recipients(fields: &mut Fields) -> Vec<(String, String)> {
    let number = fields.text("number");
    let list = fields.list("recipients");
    let list = match (number, list) {
        (Some(_), Some(_)) => {
            fields.refuse::<()>("recipients", "Give number or recipients, not both");
            return Vec::new();
        }
        (Some(number), None) => return vec![("number".into(), number)],
        (None, None) => {
            if fields.problems_mut().is_empty() {
                fields.refuse::<()>("number", "Phone number is required");
            }
            return Vec::new();
        }
        (None, Some(list)) => list,
    };
    if !(1..=MOST).contains(&list.len()) {
        fields.refuse::<()>("recipients", format!("Give 1 to {MOST} recipients"));
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut recipients = Vec::with_capacity(list.len());
    for (index, value) in list.into_iter().enumerate() {
        let field = format!("recipients[{index}]");
        let Value::String(text) = value else {
            fields.refuse::<()>(&field, "This must be text in quotes");
            continue;
        };
        let text = text.replace('\0', "");
        let same = text
            .parse()
            .map_or_else(|_| text.trim().to_lowercase(), |who: Recipient| who.jid());
        if seen.insert(same) {
            recipients.push((field, text));
        }
    }
    recipients
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expect: Result<&[&str], &[&str]>) {
        match Call::read(Bytes::copy_from_slice(body.as_bytes())) {
            Ok(call) => {
                let names: Vec<_> = call.rows.iter().map(|row| row.names.recipient.as_str()).collect();
                assert_eq!(Ok(names.as_slice()), expect, "{body}");
            }
            Err(error) => {
                let text = format!("{error:?}");
                let Err(fields) = expect else {
                    panic!("{body}: {text}")
                };
                assert!(
                    fields
                        .iter()
                        .all(|field| text.contains(&format!("field: \"{field}\""))),
                    "{body}: {text}"
                );
            }
        }
    }

    #[test]
    fn bodies_of_seed_004() {
        check(
            r#"{"number":"6282146727409","message":"Hello!"}"#,
            Ok(&["number"]),
        );
        check(
            r#"{"recipients":["6282146727409","628xxx","+62 821-4672-7409"],"message":"a"}"#,
            Ok(&["recipients[0]", "recipients[1]"]),
        );
        check(
            r#"{"number":"6282146727409","media":{"url":"https://example.com/photo.jpg"}}"#,
            Ok(&["number"]),
        );
        check(
            r#"{"number":"6282146727409","recipients":["1"],"message":"a"}"#,
            Err(&["recipients"]),
        );
        check(r#"{"message":"a"}"#, Err(&["number"]));
        check(r#"{"recipients":[],"message":"a"}"#, Err(&["recipients"]));
        check(r#"{"recipients":[5],"message":"a"}"#, Err(&["recipients[0]"]));
        check(r#"{"number":"6282146727409"}"#, Err(&["message"]));
        check(r#"{"number":"6282146727409","media":{}}"#, Err(&["media"]));
        check(
            r#"{"number":"6282146727409","media":{"url":"https://a.example/","data":"eA=="}}"#,
            Err(&["media"]),
        );
        check(
            r#"{"number":"6282146727409","media":{"data":"eA=="}}"#,
            Err(&["media.mimetype"]),
        );
        check(
            r#"{"number":"6282146727409","media":{"data":"BASE64_ENCODED_DATA","mimetype":"application/pdf"}}"#,
            Err(&["media.data"]),
        );
    }
}
