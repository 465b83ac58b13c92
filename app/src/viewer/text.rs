//! Words of the viewer.

use crate::i18n::{Locale, Plural, locale};

pub struct Text {
    pub title: &'static str,
    pub session: &'static str,
    pub chats: &'static str,
    pub count: Plural,
    pub search: &'static str,
    pub search_hint: &'static str,
    pub you: &'static str,
    pub attachment: &'static str,
    pub no_session: &'static str,
    pub no_session_why: &'static str,
    pub to_sessions: &'static str,
    pub no_chat: &'static str,
    pub no_chat_why: &'static str,
    pub nothing_found: &'static str,
    pub nothing_found_why: &'static str,
    pub show_all: &'static str,
    pub choose: &'static str,
    pub choose_why: &'static str,
    pub back: &'static str,
    pub thread: &'static str,
    pub messages: &'static str,
    pub no_message: &'static str,
    pub older: &'static str,
    pub newest: &'static str,
    pub read_only: &'static str,
    pub marks_nothing: &'static str,
    pub file: FileText,
}

pub struct FileText {
    pub image: &'static str,
    pub audio: &'static str,
    pub video: &'static str,
    pub document: &'static str,
    pub not_stored: &'static str,
    pub gone: &'static str,
    pub not_shown: &'static str,
    pub not_played: &'static str,
    pub download: &'static str,
}

pub const EN: Text = Text {
    title: "Viewer",
    session: "Session",
    chats: "Chats",
    count: Plural {
        one: "{n} chat",
        other: "{n} chats",
    },
    search: "Search chats by name or number",
    search_hint: "Name or number",
    you: "You:",
    attachment: "Attachment",
    no_session: "No number yet",
    no_session_why: "The viewer shows what a linked number says and hears. Link one first, or add a sandbox phone.",
    to_sessions: "To the sessions",
    no_chat: "No chat yet",
    no_chat_why: "A chat appears with its first message, sent or received.",
    nothing_found: "No chat is named so",
    nothing_found_why: "The search looks for a part of the name or of the number.",
    show_all: "Show all chats",
    choose: "Choose a chat",
    choose_why: "Its messages appear here and move by themselves.",
    back: "Back to the chats",
    thread: "Chat with {name}",
    messages: "Messages",
    no_message: "No message yet",
    older: "Older messages",
    newest: "Newest messages",
    read_only: "You are looking on.",
    marks_nothing: "Looking marks nothing as read.",
    file: FileText {
        image: "Picture",
        audio: "Sound",
        video: "Video",
        document: "Document",
        not_stored: "not stored here yet",
        gone: "no longer stored here",
        not_shown: "This browser cannot show it.",
        not_played: "This browser cannot play it.",
        download: "Save {name}",
    },
};

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}
