//! What a person does who holds the phones: write as the customer, link, read.

use super::{
    Sandbox,
    look::customer,
    screen::Chat,
    store::{self, PhoneRow},
    store_arrivals::{self, Written},
    store_receipts,
};
use crate::{Ctx, Result, sessions::refusal};
use std::time::Duration;
use types::{
    AppError, OrganizationId, SessionId,
    sandbox::{Incoming, Pair, Phone, PhoneMessage, Tick},
    sessions::SessionState,
};

const TEXT_MAX: usize = 4_096;
const NAME_MAX: usize = 100;

impl Sandbox {
    /// A customer writes to the linked phone, or (`from_me`) the linked phone writes to the
    /// customer. The session hears of it at once, or as soon as it is connected.
    pub async fn incoming(&self, ctx: &Ctx, session: SessionId, input: Incoming) -> Result<PhoneMessage> {
        let (organization, _) = self.held(ctx, session).await?;
        let number = customer(&input.from, "from")?;
        let text = checked_text(input.text.as_deref())?;
        let name = input.name.map(|name| {
            name.replace('\0', "")
                .trim()
                .chars()
                .take(NAME_MAX)
                .collect::<String>()
        });
        let phone = self.phone_of(organization, session);
        let mut tx = self.shared.begin().await?;
        phone.lock_in(&mut tx, false).await?;
        let now = tx.now();
        let message_id = self.shared.ids.uuid().simple().to_string().to_uppercase();
        let written = Written {
            message_id: &message_id,
            number: &number,
            from_me: input.from_me,
            name: name.as_deref().filter(|name| !name.is_empty()),
            text: &text,
            at: now,
        };
        let seq = store_arrivals::write(tx.conn(), organization, session, &written).await?;
        tx.commit().await?;
        self.agenda.put(session, now);
        self.screen
            .change(organization, session, Chat::One(number.clone()));
        Ok(PhoneMessage {
            seq,
            message_id,
            number,
            from_customer: !input.from_me,
            from_linked_phone: input.from_me,
            text: Some(text),
            media_kind: None,
            media: None,
            filename: None,
            at: now,
            tick: Tick::Sent,
        })
    }

    /// The phone links itself, by the QR code or by a pairing code.
    pub async fn pair(&self, ctx: &Ctx, session: SessionId, input: Pair) -> Result<Phone> {
        let (organization, _) = self.held(ctx, session).await?;
        let line = self.line(organization, session);
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let linked = match (filled(input.qr), filled(input.code)) {
            (Some(_), Some(_)) => {
                return Err(
                    AppError::field("code", "Give either the QR code or the pairing code, not both").into(),
                );
            }
            (None, Some(code)) => line.enter_code(&code).await,
            (qr, None) => line.scan(qr.as_deref()).await,
        };
        linked.map_err(refusal)?;
        self.heard(organization, session, |row| {
            row.linked && row.state != SessionState::Linking
        })
        .await;
        self.phone(ctx, session).await
    }

    /// The customer opens the chat and reads everything in it. Returns how many were unread.
    pub async fn read_all(&self, ctx: &Ctx, session: SessionId, number: &str) -> Result<i64> {
        let (organization, _) = self.held(ctx, session).await?;
        let number = customer(number, "number")?;
        let mut tx = self.shared.begin().await?;
        let now = tx.now();
        let unread = store_receipts::read_now(tx.conn(), organization, session, &number, now).await?;
        tx.commit().await?;
        self.agenda.put(session, now);
        Ok(unread)
    }

    /// Waits until the session has heard what its phone did, a few seconds at most, so that the
    /// answer does not show the state before. Without running sessions there is nobody to hear.
    pub(super) async fn heard(
        &self,
        organization: OrganizationId,
        session: SessionId,
        so: impl Fn(&PhoneRow) -> bool,
    ) {
        let Some(sessions) = self.sessions() else { return };
        let mut changed = sessions.watch();
        let wait = async {
            while let Ok(Some(row)) = store::phone(self.shared.read(), organization, session).await {
                // The state is written before the line is given to those who send.
                let announced = sessions.line(session).is_some() == (row.state == SessionState::Connected);
                if (so(&row) && announced) || changed.changed().await.is_err() {
                    return;
                }
            }
        };
        if tokio::time::timeout(Duration::from_secs(5), wait).await.is_err() {
            tracing::warn!(%session, "a session takes long to hear from its phone");
        }
    }
}

fn checked_text(text: Option<&str>) -> Result<String> {
    let text = text.unwrap_or_default().replace('\0', "");
    if text.trim().is_empty() {
        return Err(AppError::field("text", "Write a text").into());
    }
    if text.chars().count() > TEXT_MAX {
        return Err(AppError::field("text", "The text is too long: write at most 4,096 characters").into());
    }
    Ok(text)
}
