//! Chats: what each session has with each person and group, as the viewer shows it.
//!
//! Reads only. Chats come into being when messages are sent and received (room `messages`).

mod store;

use crate::{Ctx, Result, Shared, messages::Messages};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use types::{
    AppError, ChatId, Page, PageRequest, Permission, SessionId, Timestamp,
    chats::{Chat, ChatFilter},
    messages::TimelineMessage,
};

/// A session has one chat with each recipient, so its id follows from the two: whoever needs it
/// computes it, and nobody has to look it up (UUID version 8, RFC 9562).
pub fn id_of(session: SessionId, jid: &str) -> ChatId {
    let mut hash = Sha256::new();
    hash.update(session.0.as_bytes());
    hash.update(jid.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    ChatId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[derive(Clone)]
pub struct Chats {
    shared: Arc<Shared>,
    messages: Messages,
}

impl Chats {
    pub fn new(shared: Arc<Shared>, messages: Messages) -> Self {
        Self { shared, messages }
    }

    /// A session's chats, the one with the newest message first.
    pub async fn list(&self, ctx: &Ctx, filter: ChatFilter, page: PageRequest) -> Result<Page<Chat>> {
        let organization = ctx.require(Permission::ChatsView)?;
        ctx.may_touch(filter.session)?;
        if !store::session_exists(self.shared.read(), organization, filter.session).await? {
            return Err(AppError::not_found("session").into());
        }
        let before = match page.cursor.as_deref() {
            None => None,
            Some(cursor) => Some(place(cursor).ok_or_else(|| {
                AppError::field(
                    "cursor",
                    "This cursor is not one that a list gave out. Leave it out to begin at the first page.",
                )
            })?),
        };
        let search = filter.search.as_deref().map(|text| text.replace('\0', ""));
        let search = search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let rows = store::list(
            self.shared.read(),
            organization,
            filter.session,
            search,
            before,
            i64::from(page.limit) + 1,
        )
        .await?;
        Ok(Page::cut(rows, page.limit, |chat| {
            format!("{}.{}", chat.last_at.0, chat.id.key())
        }))
    }

    /// The chats in which something happened last, over all sessions.
    pub async fn newest(&self, ctx: &Ctx, limit: u32) -> Result<Vec<Chat>> {
        let organization = ctx.require(Permission::ChatsView)?;
        let pool = self.shared.read();
        let limit = i64::from(limit);
        let mut all = Vec::new();
        // Only these sessions can have one of them.
        for session in store::liveliest(pool, organization, ctx.session, limit).await? {
            all.extend(store::list(pool, organization, session, None, None, limit).await?);
        }
        all.sort_by_key(|chat| std::cmp::Reverse(chat.last_at));
        all.truncate(usize::try_from(limit).unwrap_or_default());
        Ok(all)
    }

    pub async fn get(&self, ctx: &Ctx, id: ChatId) -> Result<Chat> {
        let organization = ctx.require(Permission::ChatsView)?;
        let chat = store::get(self.shared.read(), organization, id)
            .await?
            .ok_or_else(|| AppError::not_found("chat"))?;
        match ctx.session {
            Some(own) if own != chat.session => Err(AppError::not_found("chat").into()),
            _ => Ok(chat),
        }
    }

    /// A chat's messages, newest first. Looking at them marks nothing as read.
    pub async fn timeline(&self, ctx: &Ctx, id: ChatId, page: PageRequest) -> Result<Page<TimelineMessage>> {
        let organization = ctx.require(Permission::ChatsView)?;
        self.get(ctx, id).await?;
        self.messages.timeline_of(organization, id, page).await
    }
}

fn place(cursor: &str) -> Option<(Timestamp, ChatId)> {
    let (at, id) = cursor.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), ChatId::from_key(id).ok()?))
}
