//! What lines bring, handed to the room of messages.

use super::Sessions;
use async_trait::async_trait;
use transport::{BoxError, Inbox, IncomingMessage, LineEvent};
use types::SessionId;

#[async_trait]
impl Inbox for Sessions {
    async fn deliver(&self, session: SessionId, events: Vec<LineEvent>) -> Result<(), BoxError> {
        let work = self.work().ok_or("this node does not work")?;
        let (organization, _) = self
            .runners
            .driven(session)
            .ok_or("the session does not run here")?;
        let mut incoming: Vec<IncomingMessage> = Vec::new();
        for event in events {
            match event {
                // Messages that follow each other are stored together.
                LineEvent::Incoming(message) => incoming.push(message),
                LineEvent::Receipt {
                    message_ids,
                    kind,
                    at,
                } => {
                    if !incoming.is_empty() {
                        work.messages
                            .incoming(session, organization, std::mem::take(&mut incoming))
                            .await?;
                    }
                    work.messages
                        .receipts(session, organization, message_ids, kind, at)
                        .await?;
                }
            }
        }
        if !incoming.is_empty() {
            work.messages.incoming(session, organization, incoming).await?;
        }
        Ok(())
    }
}
