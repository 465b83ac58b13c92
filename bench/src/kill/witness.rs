//! The phones say what arrived; they remember every arrival and remove none.

use super::client::Message;
use crate::server::Installation;
use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, HashMap};

/// Holds the phones against what was accepted: each message once, in order, and nothing else.
pub async fn check(installation: &Installation, sent: &[Message]) -> Result<()> {
    let mut by_recipient: BTreeMap<&str, Vec<&Message>> = BTreeMap::new();
    for message in sent {
        by_recipient.entry(&message.recipient).or_default().push(message);
    }
    for (recipient, expected) in by_recipient {
        let path = format!(
            "/api/v1/sandbox/{}/phones/{recipient}/messages",
            installation.access.session
        );
        let arrived = installation.pages(&path).await?;
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for row in &arrived {
            *seen.entry(row["text"].as_str().unwrap_or_default()).or_default() += 1;
        }
        for message in &expected {
            match seen.remove(message.text.as_str()) {
                Some(1) => {}
                Some(times) => anyhow::bail!("`{}` arrived {times} times", message.text),
                None => anyhow::bail!(
                    "`{}` was accepted and never arrived ({})",
                    message.text,
                    message.id
                ),
            }
        }
        ensure!(
            seen.is_empty(),
            "phone {recipient} shows what no client was answered for: {:?}",
            seen.keys()
        );
        for (place, (row, message)) in arrived.iter().zip(&expected).enumerate() {
            ensure!(
                row["text"] == message.text.as_str(),
                "phone {recipient} shows {} in place {place}, where `{}` was sent",
                row["text"],
                message.text
            );
            // The id that the client was told is the id under which it arrived.
            let id = row["message_id"].as_str().context("an arrival without an id")?;
            ensure!(
                id.eq_ignore_ascii_case(&message.id.replace('-', "")),
                "`{}` was accepted as {} and arrived as {id}",
                message.text,
                message.id
            );
        }
    }
    Ok(())
}
