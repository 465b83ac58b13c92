//! The vocabulary's states and permissions in the language of the page, with their marks.

use super::{Mark, text::text};
use types::{Permission, Role, messages::MessageState, sessions::SessionState};

pub fn session_mark(state: SessionState) -> Mark {
    match state {
        SessionState::Stopped => Mark::Off,
        SessionState::Connecting => Mark::Work,
        SessionState::Linking => Mark::Wait,
        SessionState::Connected => Mark::Ok,
        SessionState::Reconnecting | SessionState::Restricted => Mark::Warn,
        SessionState::LoggedOut => Mark::Bad,
    }
}

pub fn session_word(state: SessionState) -> &'static str {
    let t = &text().session_state;
    match state {
        SessionState::Stopped => t.stopped,
        SessionState::Connecting => t.connecting,
        SessionState::Linking => t.linking,
        SessionState::Connected => t.connected,
        SessionState::Reconnecting => t.reconnecting,
        SessionState::LoggedOut => t.logged_out,
        SessionState::Restricted => t.restricted,
    }
}

pub fn message_mark(state: MessageState) -> Mark {
    match state {
        MessageState::Pending => Mark::Wait,
        MessageState::Processing => Mark::Work,
        MessageState::Sent | MessageState::Delivered | MessageState::Read | MessageState::Received => {
            Mark::Ok
        }
        MessageState::Failed => Mark::Bad,
        MessageState::Cancelled => Mark::Off,
        MessageState::Uncertain => Mark::Unsure,
    }
}

pub fn message_word(state: MessageState) -> &'static str {
    let t = &text().message_state;
    match state {
        MessageState::Pending => t.pending,
        MessageState::Processing => t.processing,
        MessageState::Sent => t.sent,
        MessageState::Delivered => t.delivered,
        MessageState::Read => t.read,
        MessageState::Failed => t.failed,
        MessageState::Cancelled => t.cancelled,
        MessageState::Uncertain => t.uncertain,
        MessageState::Received => t.received,
    }
}

pub fn permission_word(permission: Permission) -> &'static str {
    let t = &text().permission;
    match permission {
        Permission::SessionsView => t.sessions_view,
        Permission::SessionsManage => t.sessions_manage,
        Permission::MessagesSend => t.messages_send,
        Permission::QueueView => t.queue_view,
        Permission::QueueManage => t.queue_manage,
        Permission::ChatsView => t.chats_view,
        Permission::KeysView => t.keys_view,
        Permission::KeysManage => t.keys_manage,
        Permission::RequestLogView => t.request_log_view,
        Permission::SettingsView => t.settings_view,
        Permission::SettingsManage => t.settings_manage,
        Permission::SandboxUse => t.sandbox_use,
        Permission::AlertsView => t.alerts_view,
        Permission::AlertsManage => t.alerts_manage,
    }
}

pub fn role_word(role: Role) -> &'static str {
    let t = &text().role;
    match role {
        Role::Owner => t.owner,
        Role::Admin => t.admin,
        Role::Agent => t.agent,
        Role::Viewer => t.viewer,
    }
}
