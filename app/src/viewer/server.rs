//! What the viewer asks the server. It only reads, and reading marks nothing as read.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{
    AppError, Page, SessionId, Timestamp, chats::Chat, messages::TimelineMessage, sessions::SessionState,
};

#[cfg(feature = "ssr")]
use crate::door::{answer, door};
#[cfg(feature = "ssr")]
use types::{ChatId, PageRequest, chats::ChatFilter};

#[cfg(feature = "ssr")]
const CHATS: u32 = 50;
#[cfg(feature = "ssr")]
const MESSAGES: u32 = 100;

/// A session as the picker names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    pub id: SessionId,
    pub name: String,
    pub state: SessionState,
}

/// The sessions to choose from, and the chats of the chosen one, newest message first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatsData {
    pub sessions: Vec<Picked>,
    /// `None` where there is no session at all.
    pub chosen: Option<Picked>,
    pub chats: Page<Chat>,
    pub as_of: Timestamp,
}

/// One chat and a page of its messages, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadData {
    pub chat: Chat,
    pub messages: Page<TimelineMessage>,
    pub as_of: Timestamp,
}

/// Without a session the first one is taken.
#[server(prefix = "/fn", endpoint = "load_chats")]
pub async fn load_chats(session: String, search: String, cursor: String) -> Result<ChatsData, AppError> {
    let (domain, ctx) = door().await?;
    let sessions: Vec<Picked> = answer(&ctx, domain.sessions.named(&ctx).await)?
        .into_iter()
        .map(|session| Picked {
            id: session.id,
            name: session.name,
            state: session.state,
        })
        .collect();
    let chosen = if session.is_empty() {
        sessions.first().cloned()
    } else {
        let found = sessions.iter().find(|one| one.id.to_string() == session);
        Some(found.cloned().ok_or_else(|| AppError::not_found("session"))?)
    };
    let chats = match &chosen {
        Some(session) => {
            let filter = ChatFilter {
                session: session.id,
                search: Some(search).filter(|text| !text.is_empty()),
            };
            answer(
                &ctx,
                domain
                    .chats
                    .list(&ctx, filter, PageRequest::of(CHATS, Some(cursor)))
                    .await,
            )?
        }
        None => Page::empty(),
    };
    Ok(ChatsData {
        sessions,
        chosen,
        chats,
        as_of: domain.shared.now(),
    })
}

#[server(prefix = "/fn", endpoint = "load_thread")]
pub async fn load_thread(chat: String, cursor: String) -> Result<ThreadData, AppError> {
    let (domain, ctx) = door().await?;
    let id: ChatId = chat.parse().map_err(|_| AppError::not_found("chat"))?;
    let chat = answer(&ctx, domain.chats.get(&ctx, id).await)?;
    let page = PageRequest::of(MESSAGES, Some(cursor));
    let messages = answer(&ctx, domain.chats.timeline(&ctx, id, page).await)?;
    Ok(ThreadData {
        chat,
        messages,
        as_of: domain.shared.now(),
    })
}
