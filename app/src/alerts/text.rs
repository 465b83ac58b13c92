//! Words of the alerts.

use crate::i18n::{Locale, Plural, locale};
use types::alerts::{AlertKind, AlertStatus, AlertVerb, Severity};

pub struct Text {
    pub title: &'static str,
    pub open_count: Plural,
    pub open_of_rail: &'static str,
    pub status: &'static str,
    pub open: &'static str,
    pub acknowledged: &'static str,
    pub resolved: &'static str,
    pub severity: &'static str,
    pub all: &'static str,
    pub critical: &'static str,
    pub warning: &'static str,
    pub info: &'static str,
    pub all_kinds: &'static str,
    pub kinds: KindText,
    pub verbs: VerbText,
    pub list: &'static str,
    pub organization: &'static str,
    pub deleted_session: &'static str,
    pub raised: &'static str,
    pub last_seen: &'static str,
    pub times: Plural,
    pub acknowledged_by: &'static str,
    pub resolved_by: &'static str,
    pub resolved_itself: &'static str,
    pub acknowledge: &'static str,
    pub acknowledge_of: &'static str,
    pub resolve: &'static str,
    pub resolve_of: &'static str,
    pub resolve_shown: &'static str,
    pub resolved_many: Plural,
    pub empty_open: &'static str,
    pub empty_open_why: &'static str,
    pub empty_acknowledged: &'static str,
    pub empty_acknowledged_why: &'static str,
    pub empty_resolved: &'static str,
    pub empty_resolved_why: &'static str,
    pub empty_here: &'static str,
    pub empty_here_why: &'static str,
    pub show_all: &'static str,
    pub shown: Plural,
    pub pages: &'static str,
    pub toast: &'static str,
}

pub struct KindText {
    pub session_down: &'static str,
    pub session_logged_out: &'static str,
    pub session_restricted: &'static str,
    pub failures: &'static str,
    pub limit_near: &'static str,
    pub limit_reached: &'static str,
    pub repeated_text: &'static str,
    pub cold_quota: &'static str,
    pub stalled_queue: &'static str,
}

pub struct VerbText {
    pub link_again: &'static str,
    pub see_session: &'static str,
    pub see_failed: &'static str,
    pub see_queue: &'static str,
    pub raise_limit: &'static str,
}

pub const EN: Text = Text {
    title: "Alerts",
    open_count: Plural {
        one: "{n} open",
        other: "{n} open",
    },
    open_of_rail: "open alerts",
    status: "Status",
    open: "Open",
    acknowledged: "Acknowledged",
    resolved: "Resolved",
    severity: "Severity",
    all: "All",
    critical: "Critical",
    warning: "Warning",
    info: "Info",
    all_kinds: "All types",
    kinds: KindText {
        session_down: "Session down",
        session_logged_out: "Session logged out",
        session_restricted: "Session restricted",
        failures: "Messages fail",
        limit_near: "Limit near",
        limit_reached: "Limit reached",
        repeated_text: "Repeated text",
        cold_quota: "First messages used up",
        stalled_queue: "Queue stands still",
    },
    verbs: VerbText {
        link_again: "Link it again",
        see_session: "See the session",
        see_failed: "See failed messages",
        see_queue: "See the queue",
        raise_limit: "Raise the limit",
    },
    list: "List of alerts",
    organization: "Whole organization",
    deleted_session: "Deleted session",
    raised: "Raised",
    last_seen: "last seen",
    times: Plural {
        one: "seen once",
        other: "seen {n} times",
    },
    acknowledged_by: "Acknowledged by {name}",
    resolved_by: "Resolved by {name}",
    resolved_itself: "Resolved by itself",
    acknowledge: "Acknowledge",
    acknowledge_of: "Acknowledge: {what}",
    resolve: "Resolve",
    resolve_of: "Resolve: {what}",
    resolve_shown: "Resolve all shown",
    resolved_many: Plural {
        one: "{n} alert resolved",
        other: "{n} alerts resolved",
    },
    empty_open: "Nothing is wrong",
    empty_open_why: "When a session goes down or is logged out or restricted, when many messages fail, a limit is near or the queue stands still, it shows here and ends by itself when the cause ends.",
    empty_acknowledged: "Nobody looks after an alert now",
    empty_acknowledged_why: "An alert that somebody acknowledges moves here until its cause ends.",
    empty_resolved: "No alert has ended yet",
    empty_resolved_why: "Alerts whose cause has ended, and those that somebody resolved, are kept here.",
    empty_here: "Nothing like this",
    empty_here_why: "No alert fits this filter.",
    show_all: "Show all of them",
    shown: Plural {
        one: "{n} alert",
        other: "{n} alerts",
    },
    pages: "Pages of alerts",
    toast: "{kind}. {happened}",
};

pub fn text() -> &'static Text {
    match locale() {
        Locale::En => &EN,
    }
}

pub fn severity_word(severity: Severity) -> &'static str {
    let t = text();
    match severity {
        Severity::Critical => t.critical,
        Severity::Warning => t.warning,
        Severity::Info => t.info,
    }
}

pub fn status_word(status: AlertStatus) -> &'static str {
    let t = text();
    match status {
        AlertStatus::Open => t.open,
        AlertStatus::Acknowledged => t.acknowledged,
        AlertStatus::Resolved => t.resolved,
    }
}

pub fn kind_word(kind: AlertKind) -> &'static str {
    let t = &text().kinds;
    match kind {
        AlertKind::SessionDown => t.session_down,
        AlertKind::SessionLoggedOut => t.session_logged_out,
        AlertKind::SessionRestricted => t.session_restricted,
        AlertKind::Failures => t.failures,
        AlertKind::LimitNear => t.limit_near,
        AlertKind::LimitReached => t.limit_reached,
        AlertKind::RepeatedText => t.repeated_text,
        AlertKind::ColdQuota => t.cold_quota,
        AlertKind::StalledQueue => t.stalled_queue,
    }
}

pub fn verb_word(verb: AlertVerb) -> &'static str {
    let t = &text().verbs;
    match verb {
        AlertVerb::LinkAgain => t.link_again,
        AlertVerb::SeeSession => t.see_session,
        AlertVerb::SeeFailed => t.see_failed,
        AlertVerb::SeeQueue => t.see_queue,
        AlertVerb::RaiseLimit => t.raise_limit,
    }
}
