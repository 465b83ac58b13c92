//! SQL that shows calls. Ids begin with their time, so a span of time is a span of ids, and every
//! list is read off the primary key.

use crate::{Error, Result, request_log::record};
use db::AssertSqlSafe;
use sqlx::{AnyPool, Row as _, any::AnyRow};
use std::fmt::Write as _;
use types::{
    ApiKeyId, OrganizationId, RequestId, SessionId, Timestamp,
    request_log::{LoggedBody, LoggedRequest, RequestDetail, RequestFilter, StatusClass},
};

const SLIM: &str = "id, at, method, url, status, duration_ms, ip, key_id, key_prefix, session_id, \
                    first_queue_id, last_queue_id, queued";

/// The first id that a request of that moment could have.
pub fn first_id(at: Timestamp) -> String {
    const LAST: i64 = (1 << 48) - 1;
    if at.0 > LAST {
        "g".into()
    } else {
        format!("{:012x}", at.0.max(0))
    }
}

/// A span of ids.
#[derive(Debug)]
pub struct Range {
    from: String,
    /// Not included.
    until: String,
}

impl Range {
    pub fn new(from: Option<Timestamp>, to: Option<Timestamp>, before: Option<RequestId>) -> Self {
        let until = first_id(to.unwrap_or(Timestamp(i64::MAX)));
        Self {
            from: first_id(from.unwrap_or_default()),
            until: before.map_or(until.clone(), |before| before.key().min(until)),
        }
    }

    /// That line, if it is in the span.
    pub fn only(self, id: RequestId) -> Self {
        let id = id.key();
        Self {
            until: self.until.min(format!("{id}g")),
            from: self.from.max(id),
        }
    }
}

/// Which lines of a span.
pub struct Which<'a> {
    /// Only calls with keys of that session.
    pub pinned: Option<SessionId>,
    pub filter: &'a RequestFilter,
}

enum Value {
    Text(String),
    Number(i64),
}

impl Which<'_> {
    pub fn is_everything(&self) -> bool {
        self.conditions().is_empty()
    }

    /// Pieces of a condition, each with the value that goes where it has `?`.
    fn conditions(&self) -> Vec<(&'static str, Value)> {
        let filter = self.filter;
        let mut all = Vec::new();
        if let Some(session) = self.pinned {
            all.push(("pinned = 1 AND session_id = ?", Value::Text(session.key())));
        }
        if let Some(class) = filter.status {
            let (from, until) = match class {
                StatusClass::Ok => (100, 400),
                StatusClass::Refused => (400, 500),
                StatusClass::Broken => (500, 1_000),
            };
            if class == StatusClass::Broken {
                all.push(("(status = 0 OR status >= ?)", Value::Number(from)));
            } else {
                all.push(("status >= ?", Value::Number(from)));
                all.push(("status < ?", Value::Number(until)));
            }
        }
        if let Some(method) = &filter.method {
            all.push(("method = ?", Value::Text(method.clone())));
        }
        if let Some(path) = &filter.path {
            all.push((
                "substr(url, 1, CAST(? AS INTEGER))",
                Value::Number(path.chars().count() as i64),
            ));
            all.push(("", Value::Text(path.clone())));
        }
        if let Some(key) = filter.key {
            all.push(("key_id = ?", Value::Text(key.key())));
        }
        if let Some(session) = filter.session {
            all.push(("session_id = ?", Value::Text(session.key())));
        }
        all
    }
}

/// The id of the last line that a page looks at which looks at so many; `None` when there are fewer.
pub async fn nth(
    pool: &AnyPool,
    organization: OrganizationId,
    range: &Range,
    n: i64,
) -> Result<Option<String>> {
    let row = sqlx::query(
        "SELECT id FROM request_log WHERE organization_id = $1 AND id >= $2 AND id < $3 \
         ORDER BY id DESC LIMIT 1 OFFSET $4",
    )
    .bind(organization.key())
    .bind(range.from.as_str())
    .bind(range.until.as_str())
    .bind(n - 1)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| row.try_get("id")).transpose()?)
}

/// Lines of the span, newest first, down to `floor`.
pub async fn list(
    pool: &AnyPool,
    organization: OrganizationId,
    range: &Range,
    floor: Option<&str>,
    which: &Which<'_>,
    limit: i64,
) -> Result<Vec<LoggedRequest>> {
    let (sql, values) = list_sql(which);
    let from = floor.unwrap_or(&range.from);
    let mut query = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(from)
        .bind(range.until.as_str())
        .bind(limit);
    for value in values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
        };
    }
    query.fetch_all(pool).await?.iter().map(logged).collect()
}

fn list_sql(which: &Which<'_>) -> (String, Vec<Value>) {
    let mut sql =
        format!("SELECT {SLIM} FROM request_log WHERE organization_id = $1 AND id >= $2 AND id < $3");
    let mut values = Vec::new();
    for (condition, value) in which.conditions() {
        let place = values.len() + 5;
        let _ = if condition.is_empty() {
            write!(sql, " = ${place}")
        } else {
            write!(sql, " AND {}", condition.replace('?', &format!("${place}")))
        };
        values.push(value);
    }
    sql.push_str(" ORDER BY id DESC LIMIT $4");
    (sql, values)
}

pub async fn one(
    pool: &AnyPool,
    organization: OrganizationId,
    id: RequestId,
    pinned: Option<SessionId>,
) -> Result<Option<RequestDetail>> {
    let sql = format!(
        "SELECT {SLIM}, request_bytes, response_bytes, request_headers, response_headers, request_body, \
         response_body FROM request_log WHERE organization_id = $1 AND id = $2 \
         AND ($3 = '' OR (pinned = 1 AND session_id = $4))"
    );
    let pinned = pinned.map(SessionId::key).unwrap_or_default();
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(organization.key())
        .bind(id.key())
        .bind(pinned.as_str())
        .bind(pinned.as_str())
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(detail).transpose()
}

/// The first call whose answer names that entry. Later ones are repeats under its idempotency key.
pub async fn id_of_entry(
    pool: &AnyPool,
    organization: OrganizationId,
    queue_id: i32,
) -> Result<Option<RequestId>> {
    let row = sqlx::query(
        "SELECT id, first_queue_id FROM request_log WHERE organization_id = $1 AND last_queue_id >= $2 \
         AND last_queue_id IS NOT NULL ORDER BY last_queue_id, id LIMIT 1",
    )
    .bind(organization.key())
    .bind(i64::from(queue_id))
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let first: i64 = row.try_get("first_queue_id")?;
    Ok(if first <= i64::from(queue_id) {
        Some(id(&row)?)
    } else {
        None
    })
}

fn id(row: &AnyRow) -> Result<RequestId> {
    RequestId::from_key(row.try_get("id")?).map_err(|_| Error::Damaged("a request's id"))
}

fn logged(row: &AnyRow) -> Result<LoggedRequest> {
    let number = |name: &str| -> Result<i32> { Ok(row.try_get::<i64, _>(name)? as i32) };
    let queue_id =
        |name: &str| -> Result<Option<i32>> { Ok(row.try_get::<Option<i64>, _>(name)?.map(|id| id as i32)) };
    let key: Option<String> = row.try_get("key_id")?;
    let session: Option<String> = row.try_get("session_id")?;
    Ok(LoggedRequest {
        id: id(row)?,
        at: Timestamp(row.try_get("at")?),
        method: row.try_get("method")?,
        url: row.try_get("url")?,
        status: number("status")?,
        duration_ms: row.try_get("duration_ms")?,
        ip: row.try_get("ip")?,
        key: key.and_then(|key| ApiKeyId::from_key(&key).ok()),
        key_prefix: row.try_get("key_prefix")?,
        session: session.and_then(|session| SessionId::from_key(&session).ok()),
        first_queue_id: queue_id("first_queue_id")?,
        last_queue_id: queue_id("last_queue_id")?,
        queued: row.try_get("queued")?,
    })
}

fn detail(row: &AnyRow) -> Result<RequestDetail> {
    let body = |bytes: &str, text: &str| -> Result<LoggedBody> {
        Ok(LoggedBody {
            bytes: row.try_get(bytes)?,
            text: row.try_get(text)?,
        })
    };
    Ok(RequestDetail {
        request: logged(row)?,
        request_headers: record::lines(row.try_get("request_headers")?),
        request_body: body("request_bytes", "request_body")?,
        response_headers: record::lines(row.try_get("response_headers")?),
        response_body: body("response_bytes", "response_body")?,
        as_of: Timestamp::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_time_is_a_span_of_ids() {
        let at = Timestamp(1_790_000_000_000);
        assert_eq!(first_id(at), "01a0c4506c00".to_owned());
        assert!(first_id(at) < first_id(at + 1));
        let range = Range::new(Some(at), None, None);
        assert!(range.until > "f".repeat(32));
        assert_eq!(first_id(Timestamp(-5)), "0".repeat(12));
    }

    #[test]
    fn every_filter_has_its_value() {
        let filter = RequestFilter {
            status: Some(StatusClass::Refused),
            method: Some("POST".into()),
            path: Some("/api/send".into()),
            ..RequestFilter::default()
        };
        let which = Which {
            pinned: None,
            filter: &filter,
        };
        let (sql, values) = list_sql(&which);
        assert!(
            !sql.contains('?') && sql.contains("substr(url, 1, CAST($8 AS INTEGER)) = $9"),
            "{sql}"
        );
        assert_eq!(values.len(), 5);
    }
}
