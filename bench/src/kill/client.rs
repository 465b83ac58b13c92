//! A client that does what clients are told to do: it repeats a call under the same key until
//! it is answered.

use super::Plan;
use crate::{
    http::{Connection, request},
    server::Installation,
};
use anyhow::{Result, bail, ensure};
use serde_json::Value;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

pub struct Client {
    installation: Arc<Installation>,
    number: u32,
    recipients: u32,
    most: u32,
    connection: Option<Connection>,
    repeated: u64,
}

/// A message that was answered with 200.
#[derive(Clone, Debug)]
pub struct Message {
    pub recipient: String,
    pub text: String,
    /// The UUID in the answer.
    pub id: String,
}

/// In the order of sending.
pub struct Sent {
    pub messages: Vec<Message>,
    pub repeated: u64,
}

impl Client {
    pub fn new(installation: Arc<Installation>, plan: &Plan, number: u32) -> Self {
        Self {
            installation,
            number,
            recipients: plan.recipients,
            most: plan.most,
            connection: None,
            repeated: 0,
        }
    }

    /// Sends until it is enough. A message that was begun is seen through.
    pub async fn send(mut self, enough: Arc<AtomicBool>) -> Result<Sent> {
        let mut messages = Vec::new();
        for n in 0..self.most {
            if enough.load(SeqCst) {
                break;
            }
            let recipient = format!("62811{:06}", self.number * self.recipients + n % self.recipients);
            let text = format!("client {} message {n}", self.number);
            let body = format!(r#"{{"number":"{recipient}","message":"{text}"}}"#);
            let key = format!("{}-{n}", self.number);
            let bytes = request(
                "POST",
                "/api/send",
                &self.installation.access.key,
                Some(&key),
                &body,
            );
            let id = self.until_answered(&bytes).await?;
            messages.push(Message { recipient, text, id });
        }
        Ok(Sent {
            messages,
            repeated: self.repeated,
        })
    }

    async fn until_answered(&mut self, bytes: &[u8]) -> Result<String> {
        let patience = Instant::now() + Duration::from_secs(40);
        loop {
            let call = tokio::time::timeout(Duration::from_secs(10), self.call(bytes));
            match call
                .await
                .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
            {
                Ok((200, answer)) => match answer["id"].as_str() {
                    Some(id) => return Ok(id.to_owned()),
                    None => bail!("a message was accepted without an id: {answer}"),
                },
                Ok((503, _)) => {}
                Ok((status, answer)) => bail!("a message was answered with {status}: {answer}"),
                Err(_) => self.connection = None,
            }
            ensure!(
                Instant::now() < patience,
                "a message was not accepted within 40 s"
            );
            self.repeated += 1;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn call(&mut self, bytes: &[u8]) -> std::io::Result<(u16, Value)> {
        if self.connection.is_none() {
            self.connection = Some(Connection::open(self.installation.address).await?);
        }
        let Some(connection) = &mut self.connection else {
            return Err(std::io::ErrorKind::NotConnected.into());
        };
        let answer = connection.call(bytes).await?;
        Ok((
            answer.status,
            serde_json::from_slice(answer.body).unwrap_or_default(),
        ))
    }
}
