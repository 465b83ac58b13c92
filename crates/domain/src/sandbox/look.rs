//! What the phone page shows.

use super::{Sandbox, store, store_screens};
use crate::{Ctx, Result};
use types::{
    AppError, MediaId, Page, PageRequest, Recipient, SessionId,
    media::Media,
    sandbox::{Phone, PhoneChat, PhoneMessage},
};

impl Sandbox {
    pub async fn phone(&self, ctx: &Ctx, session: SessionId) -> Result<Phone> {
        let (organization, row) = self.held(ctx, session).await?;
        let faults = store::faults(self.shared.read(), organization, session).await?;
        Ok(Phone {
            session,
            session_name: row.session_name,
            state: row.state,
            reason: row.reason,
            number: row.number,
            linked: row.linked,
            typing: self.line(organization, session).typing_to(),
            faults,
            as_of: self.shared.now(),
        })
    }

    /// The customers' chats, the one with the newest message first; at most 200.
    pub async fn chats(&self, ctx: &Ctx, session: SessionId) -> Result<Vec<PhoneChat>> {
        let (organization, _) = self.held(ctx, session).await?;
        store_screens::chats(self.shared.read(), organization, session).await
    }

    /// Everything that a customer's phone shows, oldest first; the cursor is the last `seq` read.
    pub async fn messages(
        &self,
        ctx: &Ctx,
        session: SessionId,
        number: &str,
        page: PageRequest,
    ) -> Result<Page<PhoneMessage>> {
        let (organization, _) = self.held(ctx, session).await?;
        let number = customer(number, "number")?;
        let after = match &page.cursor {
            None => 0,
            Some(cursor) => cursor.parse().map_err(|_| {
                AppError::field(
                    "cursor",
                    "This is no cursor: give back `next` of the page before, unchanged",
                )
            })?,
        };
        let rows = store_screens::messages_after(
            self.shared.read(),
            organization,
            session,
            &number,
            after,
            page.limit + 1,
        )
        .await?;
        Ok(Page::cut(rows, page.limit, |message| message.seq.to_string()))
    }

    /// The newest messages of a customer's phone, the oldest of them first.
    pub async fn latest_messages(
        &self,
        ctx: &Ctx,
        session: SessionId,
        number: &str,
        limit: u32,
    ) -> Result<Vec<PhoneMessage>> {
        let (organization, _) = self.held(ctx, session).await?;
        let number = customer(number, "number")?;
        let limit = limit.clamp(1, PageRequest::MAX);
        let mut rows =
            store_screens::latest_messages(self.shared.read(), organization, session, &number, limit).await?;
        rows.reverse();
        Ok(rows)
    }

    /// An attachment that arrived on one of the phones.
    pub async fn attachment(
        &self,
        ctx: &Ctx,
        session: SessionId,
        media: MediaId,
    ) -> Result<(Media, Vec<u8>)> {
        let (organization, _) = self.held(ctx, session).await?;
        if !store_screens::has_media(self.shared.read(), organization, session, media).await? {
            return Err(AppError::not_found("attachment").into());
        }
        self.media.open(ctx, media).await
    }
}

/// The number of a customer (or a group) as the phone stores it.
pub(super) fn customer(number: &str, field: &str) -> Result<String> {
    let recipient: Recipient = number
        .parse()
        .map_err(|error: types::recipient::RecipientError| AppError::field(field, error.to_string()))?;
    Ok(recipient.number())
}
