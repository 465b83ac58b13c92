//! What is asked for.

use super::{browser::Ask, fill::Filled};

/// One page or list.
#[derive(Clone, Debug)]
pub struct Page {
    pub name: &'static str,
    pub ask: Ask,
    pub by: By,
    /// One of those that the project wants answered within a tenth of a second.
    pub must: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Nobody,
    /// The owner of the large organization, who is in no other.
    Owner,
    /// Whoever set up, a member of every organization.
    Admin,
    Key,
}

pub const NOTHING: &str = "a page that reads nothing";
pub const ONE_ROW: &str = "an answer that reads one row";

/// Everything, in the order of the report.
pub fn pages(filled: &Filled, today: &str, month: &str) -> Vec<Page> {
    let mut all = limits();
    all.extend(named(filled, today, month));
    all.extend(others(filled));
    all.extend(api(filled, month));
    all
}

fn limits() -> Vec<Page> {
    [(NOTHING, "/health/live"), (ONE_ROW, "/health/ready")]
        .map(|(name, path)| Page {
            name,
            ask: Ask::get(path),
            by: By::Nobody,
            must: false,
        })
        .into()
}

/// Dashboard, queue and history.
fn named(filled: &Filled, today: &str, month: &str) -> Vec<Page> {
    let Filled {
        first_waiting,
        last_queue_id,
        sessions,
        history_cursor,
        ..
    } = filled;
    let (spent, stopped, rare) = (&sessions.spent, &sessions.stopped, &sessions.rare);
    let middle = i64::midpoint(*first_waiting, *last_queue_id);
    let page = |name, path: String| Page {
        name,
        ask: Ask::get(path),
        by: By::Owner,
        must: true,
    };
    let all = vec![
        page("dashboard", "/".into()),
        page("queue", "/queue".into()),
        page("queue, waiting", "/queue?state=pending".into()),
        page("queue, on the wire", "/queue?state=processing".into()),
        page("queue, uncertain", "/queue?state=uncertain".into()),
        page("queue, a session", format!("/queue?session={spent}")),
        page("queue, a stopped session", format!("/queue?session={stopped}")),
        page(
            "queue, a session, uncertain",
            format!("/queue?session={stopped}&state=uncertain"),
        ),
        page("queue, page 2", format!("/queue?cursor={}", first_waiting + 49)),
        page("queue, in the middle", format!("/queue?cursor={middle}")),
        page(
            "queue, last page",
            format!("/queue?cursor={}", last_queue_id - 50),
        ),
        page(
            "queue, a session, last page",
            format!("/queue?session={spent}&cursor={}", last_queue_id - 500),
        ),
        page("queue, first entry", format!("/queue?entry={first_waiting}")),
        page("queue, last entry", format!("/queue?entry={last_queue_id}")),
        page("lanes", "/queue?view=lanes".into()),
        page("what if", "/queue?view=lanes&limit=daily_limit&value=500".into()),
        page("history", "/history".into()),
        page("history, a day", format!("/history?start={today}&end={today}")),
        page("history, since a month", format!("/history?start={month}")),
        page("history, deep", format!("/history?cursor={history_cursor}")),
        page("history, a session", format!("/history?session={spent}")),
        page("history, a rare session", format!("/history?session={rare}")),
        page("history, failed", "/history?state=failed".into()),
        page(
            "history, failed, a rare session",
            format!("/history?state=failed&session={rare}"),
        ),
        page("history, cancelled", "/history?state=cancelled".into()),
        page("history, only sent", "/history?state=sent".into()),
    ];
    let admin = all
        .iter()
        .filter(|page| matches!(page.name, "dashboard" | "queue" | "history"))
        .map(|page| Page {
            by: By::Admin,
            ..page.clone()
        })
        .collect::<Vec<_>>();
    all.into_iter().chain(admin).collect()
}

fn others(filled: &Filled) -> Vec<Page> {
    let Filled {
        batch,
        chat,
        chat_session,
        chat_cursor,
        last_queue_id,
        ..
    } = filled;
    [
        ("balancer", "/balancer".to_owned()),
        ("viewer", format!("/viewer?session={chat_session}")),
        (
            "viewer, search",
            format!("/viewer?session={chat_session}&q=Customer+00"),
        ),
        (
            "viewer, a chat",
            format!("/viewer?session={chat_session}&chat={chat}"),
        ),
        (
            "viewer, deep in a chat",
            format!("/viewer?session={chat_session}&chat={chat}&before={chat_cursor}"),
        ),
        ("sessions", "/sessions".into()),
        ("alerts", "/alerts".into()),
        ("alerts, resolved", "/alerts?status=resolved".into()),
        (
            "alerts, resolved warnings",
            "/alerts?status=resolved&severity=warning".into(),
        ),
        ("request log", "/request-log".into()),
        ("request log, refused", "/request-log?status=4xx".into()),
        (
            "request log, posts",
            "/request-log?method=POST&path=/api/send".into(),
        ),
        (
            "request log, nothing found",
            "/request-log?path=/api/nothing".into(),
        ),
        (
            "request log, of an entry",
            format!("/request-log?queue={last_queue_id}"),
        ),
        ("send many", "/send/many".into()),
        ("send many, one list", format!("/send/many/{batch}")),
        ("settings", "/settings".into()),
        ("keys", "/keys".into()),
    ]
    .into_iter()
    .map(|(name, path)| Page {
        name,
        ask: Ask::get(path),
        by: By::Owner,
        must: false,
    })
    .collect()
}

fn api(filled: &Filled, month: &str) -> Vec<Page> {
    let Filled {
        last_queue_id,
        sessions,
        history_cursor,
        chat_session,
        batch,
        ..
    } = filled;
    let spent = &sessions.spent;
    let mut all: Vec<Page> = [
        ("GET /api/v1/queue", "/api/v1/queue".to_owned()),
        ("GET /api/v1/queue, 1,000", "/api/v1/queue?limit=1000".into()),
        ("GET /api/v1/queue, waiting", "/api/v1/queue?state=pending".into()),
        (
            "GET /api/v1/queue, uncertain",
            "/api/v1/queue?state=uncertain".into(),
        ),
        (
            "GET /api/v1/queue, a session",
            format!("/api/v1/queue?session={spent}"),
        ),
        ("GET /api/v1/queue/{id}", format!("/api/v1/queue/{last_queue_id}")),
        ("GET /api/v1/queue/lanes", "/api/v1/queue/lanes".into()),
        ("GET /api/v1/queue/balance", "/api/v1/queue/balance".into()),
        ("GET /api/v1/history", "/api/v1/history".into()),
        (
            "GET /api/v1/history, deep",
            format!("/api/v1/history?cursor={history_cursor}"),
        ),
        ("GET /api/v1/sessions", "/api/v1/sessions".into()),
        (
            "GET /api/v1/chats",
            format!("/api/v1/chats?session={chat_session}"),
        ),
        ("GET /api/v1/alerts", "/api/v1/alerts".into()),
        ("GET /api/v1/batches", "/api/v1/batches".into()),
        ("GET /api/v1/batches/{id}", format!("/api/v1/batches/{batch}")),
        ("GET /api/v1/request-log", "/api/v1/request-log".into()),
        ("GET /api/v1/events", "/api/v1/events".into()),
        ("GET /api/queue", "/api/queue".into()),
        ("GET /api/history", "/api/history".into()),
        (
            "GET /api/history, since a month",
            format!("/api/history?startDate={month}"),
        ),
        (
            "GET /api/history, all its time",
            "/api/history?startDate=2000-01-01".into(),
        ),
        (
            "GET /api/history, a session",
            format!("/api/history?sessionId={spent}"),
        ),
        ("GET /api/history, failed", "/api/history?status=failed".into()),
        (
            "GET /api/history, cancelled",
            "/api/history?status=cancelled".into(),
        ),
    ]
    .into_iter()
    .map(|(name, path)| Page {
        name,
        ask: Ask::get(path),
        by: By::Key,
        must: false,
    })
    .collect();
    all.push(Page {
        name: "POST /api/v1/queue/what-if",
        ask: Ask::post("/api/v1/queue/what-if", r#"{"daily_limit":500}"#),
        by: By::Key,
        must: false,
    });
    all
}
