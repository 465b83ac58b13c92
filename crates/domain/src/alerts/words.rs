//! What is said of an alert: what happened, what it means, what to do. And what it is about.

use types::{
    OrganizationId, SessionId, Timestamp,
    alerts::{AlertAction, AlertDetails, AlertKind, AlertVerb, Severity},
};

/// What of its kind an alert is about. While one stands, the same subject raises no second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    session: Option<SessionId>,
    part: &'static str,
}

impl Subject {
    pub const fn organization() -> Self {
        Self {
            session: None,
            part: "",
        }
    }

    pub const fn session(session: SessionId) -> Self {
        Self {
            session: Some(session),
            part: "",
        }
    }

    /// One of several things of the same owner, for example its `daily` limit.
    #[must_use]
    pub const fn part(self, part: &'static str) -> Self {
        Self { part, ..self }
    }

    pub(super) const fn whose(&self) -> Option<SessionId> {
        self.session
    }

    /// How the database spells it.
    pub(crate) fn key(&self) -> String {
        let owner = self
            .session
            .map_or_else(|| "organization".to_owned(), SessionId::key);
        match self.part {
            "" => owner,
            part => format!("{owner}:{part}"),
        }
    }
}

/// A session as sentences name it.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    pub organization: OrganizationId,
    pub session: SessionId,
    pub name: &'a str,
}

/// Which limit, for [`NewAlert::limit_near`] and [`NewAlert::limit_reached`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Hourly,
    Daily,
}

impl Limit {
    const fn part(self) -> &'static str {
        match self {
            Self::Hourly => "hourly",
            Self::Daily => "daily",
        }
    }

    /// What the alert of that limit is about: of one session, or of the whole organization.
    pub fn subject(self, session: Option<SessionId>) -> Subject {
        session
            .map_or_else(Subject::organization, Subject::session)
            .part(self.part())
    }
}

/// An alert to raise. The constructors hold the sentences.
#[derive(Clone, Debug)]
pub struct NewAlert {
    pub organization: OrganizationId,
    pub kind: AlertKind,
    pub severity: Severity,
    pub subject: Subject,
    pub details: AlertDetails,
    /// When it happened; without it, now.
    pub at: Option<Timestamp>,
}

impl NewAlert {
    /// With the kind's own severity and what the kind means.
    pub fn new(organization: OrganizationId, kind: AlertKind, subject: Subject, happened: String) -> Self {
        let (means, advice) = means(kind);
        Self {
            organization,
            kind,
            severity: kind.severity(),
            subject,
            details: AlertDetails {
                happened,
                means: means.into(),
                advice: advice.into(),
            },
            at: None,
        }
    }

    #[must_use]
    pub fn at(self, at: Timestamp) -> Self {
        Self { at: Some(at), ..self }
    }

    fn of(session: Named<'_>, kind: AlertKind, happened: String) -> Self {
        Self::new(
            session.organization,
            kind,
            Subject::session(session.session),
            happened,
        )
    }

    pub fn session_down(session: Named<'_>, reason: Option<&str>) -> Self {
        let happened = with_reason(
            format!("“{}” has not been connected for over a minute.", session.name),
            reason,
        );
        Self::of(session, AlertKind::SessionDown, happened)
    }

    pub fn session_logged_out(session: Named<'_>, reason: Option<&str>) -> Self {
        let happened = with_reason(format!("“{}” was logged out.", session.name), reason);
        Self::of(session, AlertKind::SessionLoggedOut, happened)
    }

    pub fn session_restricted(session: Named<'_>, reason: Option<&str>) -> Self {
        let happened = with_reason(format!("WhatsApp has restricted “{}”.", session.name), reason);
        Self::of(session, AlertKind::SessionRestricted, happened)
    }

    /// What answers that ask to slow down are about: apart from the session itself, because one that
    /// connects clears that.
    pub const fn answers(session: SessionId) -> Subject {
        Subject::session(session).part("answers")
    }

    /// WhatsApp asked it to slow down. It mends itself, so it is not critical.
    pub fn asked_to_wait(session: Named<'_>, reason: Option<&str>) -> Self {
        let happened = with_reason(
            format!("WhatsApp asked “{}” to wait before it sends more.", session.name),
            reason,
        );
        Self {
            subject: Self::answers(session.session),
            severity: Severity::Warning,
            ..Self::of(session, AlertKind::SessionRestricted, happened)
        }
    }

    /// The newest messages all failed.
    pub fn failures_in_a_row(session: Named<'_>, count: i64, reason: Option<&str>) -> Self {
        let happened = with_reason(
            format!("The last {count} messages through “{}” all failed.", session.name),
            reason,
        );
        Self::of(session, AlertKind::Failures, happened)
    }

    /// Too many of the newest messages failed.
    pub fn failures_among(session: Named<'_>, failed: i64, all: i64, reason: Option<&str>) -> Self {
        let happened = with_reason(
            format!(
                "{failed} of the last {all} messages through “{}” failed.",
                session.name
            ),
            reason,
        );
        Self::of(session, AlertKind::Failures, happened)
    }

    pub fn stalled_queue(session: Named<'_>, minutes: i64) -> Self {
        let happened = format!(
            "Messages through “{}” have been due for {minutes} minutes, and none leaves although it is connected.",
            session.name
        );
        Self::of(session, AlertKind::StalledQueue, happened)
    }

    /// Of a session, or without one of the organization.
    pub fn limit_near(
        organization: OrganizationId,
        session: Option<Named<'_>>,
        limit: Limit,
        used: i64,
        most: i64,
    ) -> Self {
        let percent = used.saturating_mul(100) / most.max(1);
        let happened = format!(
            "{} is used up to {percent} %: {used} of {most}.",
            whose_limit(session, limit)
        );
        let subject = limit.subject(session.map(|session| session.session));
        Self::new(organization, AlertKind::LimitNear, subject, happened)
    }

    pub fn limit_reached(
        organization: OrganizationId,
        session: Option<Named<'_>>,
        limit: Limit,
        most: i64,
    ) -> Self {
        let happened = format!("{} is used up: {most} of {most}.", whose_limit(session, limit));
        let subject = limit.subject(session.map(|session| session.session));
        Self::new(organization, AlertKind::LimitReached, subject, happened)
    }

    /// The same text went to that many recipients.
    pub fn repeated_text(session: Named<'_>, recipients: i64, text: &str) -> Self {
        let short: String = text.chars().take(60).collect();
        let dots = if short.len() < text.len() { "…" } else { "" };
        let happened = format!(
            "“{}” sent the same text to {recipients} recipients: “{short}{dots}”.",
            session.name
        );
        Self::of(session, AlertKind::RepeatedText, happened)
    }

    pub fn cold_quota(session: Named<'_>, most: i64) -> Self {
        let happened = format!(
            "“{}” has sent the {most} messages that it may send in a day to people who never wrote to it.",
            session.name
        );
        Self::of(session, AlertKind::ColdQuota, happened)
    }

    /// It is WhatsApp that takes no more of them.
    pub fn cold_refused(session: Named<'_>, reason: Option<&str>) -> Self {
        let happened = with_reason(
            format!(
                "WhatsApp takes no more messages from “{}” to people who never wrote to it.",
                session.name
            ),
            reason,
        );
        Self::of(session, AlertKind::ColdQuota, happened)
    }
}

fn with_reason(sentence: String, reason: Option<&str>) -> String {
    match reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{sentence} {reason}"),
        None => sentence,
    }
}

fn whose_limit(session: Option<Named<'_>>, limit: Limit) -> String {
    let span = limit.part();
    match session {
        Some(session) => format!("The {span} limit of “{}”", session.name),
        None => format!("The {span} limit of the organization"),
    }
}

/// What a kind means, and what to do about it.
const fn means(kind: AlertKind) -> (&'static str, &'static str) {
    match kind {
        AlertKind::SessionDown => (
            "Nothing leaves through it and nothing comes in; its messages wait. It is being tried again.",
            "If it lasts, see that the phone is on and has a line, or restart the session.",
        ),
        AlertKind::SessionLoggedOut => (
            "Nothing leaves through it until a phone is linked again. Its messages wait and are not lost.",
            "Link the phone again.",
        ),
        AlertKind::SessionRestricted => (
            "It may send nothing for a while. Its messages wait, so that none is burned.",
            "Do not work around it with the same number: let it rest, and send slower afterwards.",
        ),
        AlertKind::Failures => (
            "These messages did not arrive and are not tried again by themselves.",
            "Read why the failed ones failed, mend it, and try them again.",
        ),
        AlertKind::LimitNear => (
            "When it is used up, further messages wait for the next hour or day.",
            "Nothing needs doing if they may wait. Otherwise raise the limit or link another number.",
        ),
        AlertKind::LimitReached => (
            "Further messages wait for the next hour or day; none is lost.",
            "Raise the limit or link another number, if they must not wait.",
        ),
        AlertKind::RepeatedText => (
            "WhatsApp takes the same words to many people for spam and may restrict the number, so sending slows down.",
            "Vary the text, for example by the recipient's name.",
        ),
        AlertKind::ColdQuota => (
            "First messages wait until there is room again. Answers to people who wrote to it leave as usual.",
            "Nothing needs doing if they may wait. Many first messages are what numbers are restricted for.",
        ),
        AlertKind::StalledQueue => (
            "The line looks well, but messages do not leave. They are not lost.",
            "Restart the session. If it does not help, the server's log has the cause.",
        ),
    }
}

/// How the cause ended, where nobody says more.
pub const fn ended(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::SessionDown | AlertKind::SessionLoggedOut | AlertKind::SessionRestricted => {
            "It is connected again."
        }
        AlertKind::Failures => "A message was sent again.",
        AlertKind::LimitNear | AlertKind::LimitReached => "There is room below the limit again.",
        AlertKind::RepeatedText => "The text was not repeated any more.",
        AlertKind::ColdQuota => "There is room for first messages again.",
        AlertKind::StalledQueue => "Nothing is overdue any more.",
    }
}

/// Where something can be done about it.
pub fn action(kind: AlertKind, session: Option<SessionId>) -> AlertAction {
    let id = session.map(|session| session.to_string());
    let to = |path: &str, key: &str, more: &str| match &id {
        Some(id) => format!("{path}?{key}={id}{more}"),
        None => path.to_owned(),
    };
    let (verb, href) = match kind {
        AlertKind::SessionLoggedOut => {
            let pair = id.as_ref().map(|id| format!("&pair={id}")).unwrap_or_default();
            (AlertVerb::LinkAgain, to("/sessions", "id", &pair))
        }
        AlertKind::SessionDown | AlertKind::SessionRestricted => {
            (AlertVerb::SeeSession, to("/sessions", "id", ""))
        }
        AlertKind::Failures => (
            AlertVerb::SeeFailed,
            match &id {
                Some(id) => format!("/history?state=failed&session={id}"),
                None => "/history?state=failed".into(),
            },
        ),
        AlertKind::RepeatedText | AlertKind::StalledQueue => {
            (AlertVerb::SeeQueue, to("/queue", "session", ""))
        }
        AlertKind::LimitNear | AlertKind::LimitReached | AlertKind::ColdQuota => {
            (AlertVerb::RaiseLimit, to("/settings", "session", ""))
        }
    };
    AlertAction { verb, href }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Named<'_> {
        Named {
            organization: OrganizationId::from_key(&"1".repeat(32)).unwrap(),
            session: SessionId::from_key(&"2".repeat(32)).unwrap(),
            name,
        }
    }

    #[test]
    fn each_limit_of_each_owner_is_a_subject_of_its_own() {
        let session = named("Shop").session;
        let keys = [
            Limit::Hourly.subject(None).key(),
            Limit::Daily.subject(None).key(),
            Limit::Hourly.subject(Some(session)).key(),
            Limit::Daily.subject(Some(session)).key(),
            Subject::session(session).key(),
        ];
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{key}");
        }
    }

    #[test]
    fn sentences_say_what_happened() {
        let near = NewAlert::limit_near(
            named("").organization,
            Some(named("Shop")),
            Limit::Daily,
            160,
            200,
        );
        assert_eq!(
            near.details.happened,
            "The daily limit of “Shop” is used up to 80 %: 160 of 200."
        );
        let text = "é".repeat(61);
        let repeated = NewAlert::repeated_text(named("Shop"), 40, &text);
        assert!(repeated.details.happened.ends_with("é…”."));
        let out = NewAlert::session_logged_out(named("Shop"), Some(" "));
        assert_eq!(out.details.happened, "“Shop” was logged out.");
        assert_eq!(
            action(AlertKind::Failures, Some(named("").session)).href,
            format!("/history?state=failed&session={}", named("").session)
        );
    }
}
