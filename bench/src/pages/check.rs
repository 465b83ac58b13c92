//! Whether every kept number is what counting would say.

use anyhow::{Result, ensure};
use db::{
    Db,
    sqlx::{self, Row as _},
};

/// What is kept, and a query that counts the rows in which it is not true.
const CLAIMS: [(&str, &str); 13] = [
    (
        "what waits, was sent and failed of each organization",
        "SELECT COUNT(*) FROM queue_counters q WHERE \
         q.waiting <> (SELECT COUNT(*) FROM messages m WHERE m.organization_id = q.organization_id \
         AND m.state IN ('pending', 'processing', 'uncertain')) \
         OR (q.sent, q.failed) <> (SELECT CAST(COALESCE(SUM(CASE WHEN m.state IN ('sent', 'delivered', 'read') THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN m.state = 'failed' THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM messages m WHERE m.organization_id = q.organization_id AND m.queue_id IS NOT NULL)",
    ),
    (
        "the next number of each queue",
        "SELECT COUNT(*) FROM queue_counters q WHERE q.next_queue_id <> \
         (SELECT MAX(m.queue_id) + 1 FROM messages m WHERE m.organization_id = q.organization_id)",
    ),
    (
        "every organization with messages has its numbers",
        "SELECT COUNT(*) FROM (SELECT DISTINCT m.organization_id FROM messages m WHERE m.queue_id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM queue_counters q WHERE q.organization_id = m.organization_id)) AS missing",
    ),
    (
        "the days of each session",
        "SELECT COUNT(*) FROM (SELECT d.organization_id, d.session_id, SUM(d.sent) AS sent, SUM(d.delivered) AS delivered, \
         SUM(d.read) AS read, SUM(d.failed) AS failed FROM day_counters d GROUP BY d.organization_id, d.session_id) AS days \
         FULL JOIN (SELECT m.organization_id, COALESCE(m.session_id, '') AS session_id, \
         SUM(CASE WHEN m.sent_at IS NOT NULL THEN 1 ELSE 0 END) AS sent, \
         SUM(CASE WHEN m.delivered_at IS NOT NULL THEN 1 ELSE 0 END) AS delivered, \
         SUM(CASE WHEN m.read_at IS NOT NULL THEN 1 ELSE 0 END) AS read, \
         SUM(CASE WHEN m.state = 'failed' THEN 1 ELSE 0 END) AS failed \
         FROM messages m WHERE m.settled_at IS NOT NULL AND m.state <> 'cancelled' \
         GROUP BY m.organization_id, COALESCE(m.session_id, '')) AS counted \
         ON counted.organization_id = days.organization_id AND counted.session_id = days.session_id \
         WHERE COALESCE(days.sent, 0) <> COALESCE(counted.sent, 0) \
         OR COALESCE(days.delivered, 0) <> COALESCE(counted.delivered, 0) \
         OR COALESCE(days.read, 0) <> COALESCE(counted.read, 0) OR COALESCE(days.failed, 0) <> COALESCE(counted.failed, 0)",
    ),
    (
        "what was written to each session",
        "SELECT COUNT(*) FROM sessions s WHERE (SELECT COALESCE(SUM(d.received), 0) FROM day_counters d \
         WHERE d.organization_id = s.organization_id AND d.session_id = s.id) <> \
         (SELECT COUNT(*) FROM messages m WHERE m.session_id = s.id AND m.wire_id IS NOT NULL AND m.from_me = 0)",
    ),
    (
        "what each session has sent",
        "SELECT COUNT(*) FROM sessions s LEFT JOIN (SELECT m.session_id, \
         SUM(CASE WHEN m.sent_at IS NOT NULL THEN 1 ELSE 0 END) AS sent, \
         SUM(CASE WHEN m.state = 'failed' THEN 1 ELSE 0 END) AS failed, MAX(m.sent_at) AS last FROM messages m \
         WHERE m.queue_id IS NOT NULL GROUP BY m.session_id) AS c ON c.session_id = s.id \
         WHERE s.sent <> COALESCE(c.sent, 0) OR s.failed <> COALESCE(c.failed, 0) \
         OR COALESCE(s.last_left_at, 0) <> COALESCE(c.last, 0)",
    ),
    (
        "the newest message of each chat",
        "SELECT COUNT(*) FROM chats c LEFT JOIN (SELECT m.chat_id, MAX(m.chat_at) AS last, \
         MAX(CASE WHEN m.from_me = 1 THEN m.chat_at END) AS left_at, \
         MAX(CASE WHEN m.from_me = 0 THEN m.chat_at END) AS in_at \
         FROM messages m WHERE m.chat_at IS NOT NULL GROUP BY m.chat_id) AS m ON m.chat_id = c.id \
         WHERE c.last_at <> COALESCE(m.last, 0) OR COALESCE(c.left_at, 0) <> COALESCE(m.left_at, 0) \
         OR COALESCE(c.in_at, 0) <> COALESCE(m.in_at, 0)",
    ),
    (
        "every message of a chat has its chat",
        "SELECT COUNT(*) FROM messages m WHERE m.chat_at IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM chats c WHERE c.id = m.chat_id AND c.session_id = m.session_id AND c.jid = m.recipient \
         AND c.organization_id = m.organization_id)",
    ),
    (
        "what went out on the days that are limited",
        "SELECT COUNT(*) FROM organization_days o WHERE o.used <> (SELECT CAST(COALESCE(SUM(d.used), 0) AS BIGINT) FROM day_counters d \
         WHERE d.organization_id = o.organization_id AND d.day = o.day)",
    ),
    (
        "what was taken of each list",
        "SELECT COUNT(*) FROM batches b WHERE b.accepted <> \
         (SELECT COUNT(*) FROM messages m WHERE m.organization_id = b.organization_id AND m.batch_id = b.id)",
    ),
    (
        "what is wrong with each list",
        "SELECT COUNT(*) FROM batches b WHERE b.invalid <> \
         (SELECT COUNT(*) FROM batch_errors e WHERE e.organization_id = b.organization_id AND e.batch_id = b.id)",
    ),
    (
        "alerts that stand",
        "SELECT COUNT(*) FROM (SELECT organization_id, severity, SUM(CASE WHEN status = 'open' THEN 1 ELSE 0 END) AS open, \
         SUM(CASE WHEN status = 'acknowledged' THEN 1 ELSE 0 END) AS acknowledged FROM alerts \
         WHERE status <> 'resolved' GROUP BY organization_id, severity) AS c \
         FULL JOIN alert_counters k ON k.organization_id = c.organization_id AND k.severity = c.severity \
         WHERE COALESCE(c.open, 0) <> COALESCE(k.open, 0) OR COALESCE(c.acknowledged, 0) <> COALESCE(k.acknowledged, 0)",
    ),
    (
        "lines of the request log",
        "SELECT COUNT(*) FROM request_log_numbers n WHERE n.entries <> \
         (SELECT COUNT(*) FROM request_log r WHERE r.organization_id = n.organization_id)",
    ),
];

/// Fails with what is not true.
pub async fn kept_numbers(db: &Db) -> Result<()> {
    let mut wrong = Vec::new();
    for (what, sql) in CLAIMS {
        let row = sqlx::query(sql).fetch_one(db.read()).await?;
        let rows: i64 = row.try_get(0)?;
        if rows > 0 {
            wrong.push(format!("{what}: not so in {rows} rows"));
        }
    }
    ensure!(
        wrong.is_empty(),
        "kept numbers are not what counting says: {}",
        wrong.join("; ")
    );
    Ok(())
}
