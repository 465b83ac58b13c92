//! What the alerts page was asked for in its address, and the links that change it.

use super::{
    server::AlertsData,
    text::{kind_word, severity_word, status_word, text},
};
use crate::{
    queue::{SessionChoice, SessionMenu},
    routes,
    ui::{Glyph, Menu, MenuLook, Segment, Segments, Tabs, Toolbar, url},
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use types::{
    AppError,
    alerts::{AlertCounts, AlertKind, AlertStatus, Severity},
};

/// The list that is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub status: String,
    pub severity: String,
    pub kind: String,
    pub session: String,
    pub cursor: String,
}

impl Asked {
    pub fn read(query: &ParamsMap) -> Self {
        let get = |key| query.get(key).unwrap_or_default();
        Self {
            status: get("status"),
            severity: get("severity"),
            kind: get("type"),
            session: get("session"),
            cursor: get("cursor"),
        }
    }

    /// The tab; the open ones unless the address names another.
    pub fn tab(&self) -> AlertStatus {
        AlertStatus::from_name(&self.status).unwrap_or(AlertStatus::Open)
    }

    /// Nothing but the tab narrows the list.
    pub fn is_whole_tab(&self) -> bool {
        [&self.severity, &self.kind, &self.session, &self.cursor]
            .into_iter()
            .all(String::is_empty)
    }
}

/// A tab in the address; the open ones need no word.
const fn tab_name(status: AlertStatus) -> &'static str {
    match status {
        AlertStatus::Open => "",
        other => other.name(),
    }
}

/// The address of a whole tab.
pub fn tab_href(status: AlertStatus) -> String {
    url::href(routes::ALERTS, &[("status", tab_name(status))])
}

#[component]
pub fn Filters(
    query: Memo<ParamsMap>,
    asked: Memo<Asked>,
    now: Memo<Result<AlertsData, AppError>>,
) -> impl IntoView {
    let counts = Memo::new(move |_| {
        now.with(|now| {
            now.as_ref()
                .map_or_else(|_| AlertCounts::default(), |data| data.counts)
        })
    });
    let sessions = Memo::new(move |last: Option<&Vec<SessionChoice>>| {
        now.with(|now| match now {
            Ok(data) => data.sessions.clone(),
            Err(_) => last.cloned().unwrap_or_default(),
        })
    });
    let tabs = move || {
        let (counts, now) = (counts.get(), asked.with(Asked::tab));
        let link = |status| {
            query.with(|query| {
                url::with(
                    routes::ALERTS,
                    query,
                    &[("status", tab_name(status)), ("cursor", "")],
                )
            })
        };
        let tab = |status: AlertStatus| Segment::new(status_word(status), link(status), now == status);
        let open = tab(AlertStatus::Open).with_count(counts.open());
        let acknowledged = tab(AlertStatus::Acknowledged).with_count(counts.acknowledged);
        view! { <Tabs label=text().status tabs=vec![open, acknowledged, tab(AlertStatus::Resolved)]/> }
    };
    let severities = move || {
        let now = asked.with(|asked| Severity::from_name(&asked.severity));
        let link = |name: &str| {
            query.with(|query| url::with(routes::ALERTS, query, &[("severity", name), ("cursor", "")]))
        };
        let all = Segment::new(text().all, link(""), now.is_none());
        let others = [Severity::Critical, Severity::Warning, Severity::Info]
            .map(|one| Segment::new(severity_word(one), link(one.name()), now == Some(one)));
        view! { <Segments label=text().severity segments=std::iter::once(all).chain(others).collect()/> }
    };
    view! {
        <div class="tab-bar">{tabs}</div>
        <Toolbar>
            {severities} <KindMenu query=query asked=asked/>
            <SessionMenu path=routes::ALERTS query=query sessions=sessions/>
        </Toolbar>
    }
}

/// Which type: a menu of links, so that it opens and works without script.
#[component]
fn KindMenu(query: Memo<ParamsMap>, asked: Memo<Asked>) -> impl IntoView {
    move || {
        let now = asked.with(|asked| AlertKind::from_name(&asked.kind));
        let link = |name: &str| {
            query.with(|query| url::with(routes::ALERTS, query, &[("type", name), ("cursor", "")]))
        };
        let every = (link(""), now.is_none().then_some("true"));
        let entries = AlertKind::ALL
            .iter()
            .map(|kind| {
                let current = (now == Some(*kind)).then_some("true");
                view! { <a href=link(kind.name()) aria-current=current>{kind_word(*kind)}</a> }
            })
            .collect_view();
        let label = now.map_or(text().all_kinds, kind_word);
        view! {
            <Menu id="kind-filter" label=label look=MenuLook::Word(Some(Glyph::FILTER))>
                <a href=every.0 aria-current=every.1>{text().all_kinds}</a>
                {entries}
            </Menu>
        }
    }
}
