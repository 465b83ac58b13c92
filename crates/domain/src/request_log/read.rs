//! Looking at calls: the list, one of them, and the one that queued a message.

use super::{RequestLog, store};
use crate::{Ctx, Error, Result, time};
use types::{
    AppError, OrganizationId, Page, PageRequest, Permission, RequestId, Timestamp,
    request_log::{LoggedRequest, RequestDetail, RequestFilter},
};

/// Lines that one page looks through for a filter that few of them fit. When they are through,
/// the page ends early and says where to go on, so that no filter ever reads a million lines.
const LOOK: i64 = 20_000;

impl RequestLog {
    /// Calls of the organization, newest first. A key of one session sees the calls of that
    /// session's keys alone. A filtered page may be short, or empty, and still name a next one.
    pub async fn list(
        &self,
        ctx: &Ctx,
        filter: RequestFilter,
        page: PageRequest,
    ) -> Result<Page<LoggedRequest>> {
        self.list_looking_through(ctx, filter, page, LOOK).await
    }

    pub(super) async fn list_looking_through(
        &self,
        ctx: &Ctx,
        filter: RequestFilter,
        page: PageRequest,
        look: i64,
    ) -> Result<Page<LoggedRequest>> {
        let organization = ctx.require(Permission::RequestLogView)?;
        if let Some(session) = filter.session {
            ctx.may_touch(session)?;
        }
        let (from, to) = self.moments(organization, &filter).await?;
        let before = match &page.cursor {
            None => None,
            Some(cursor) => Some(RequestId::from_key(cursor).map_err(|_| bad_cursor())?),
        };
        let pool = self.shared.read();
        let mut range = store::Range::new(from, to, before);
        if let Some(queue_id) = filter.queue_id {
            // There is an index for these, and there is only one.
            match store::id_of_entry(pool, organization, queue_id).await? {
                Some(id) => range = range.only(id),
                None => return Ok(Page::empty()),
            }
        }
        let which = store::Which {
            pinned: ctx.session,
            filter: &filter,
        };
        let floor = if which.is_everything() {
            None
        } else {
            store::nth(pool, organization, &range, look).await?
        };
        let rows = store::list(
            pool,
            organization,
            &range,
            floor.as_deref(),
            &which,
            i64::from(page.limit) + 1,
        )
        .await?;
        let mut page = Page::cut(rows, page.limit, |request: &LoggedRequest| request.id.key());
        page.next = page.next.or(floor);
        Ok(page)
    }

    /// One call with its headers and bodies.
    pub async fn get(&self, ctx: &Ctx, id: RequestId) -> Result<RequestDetail> {
        let organization = ctx.require(Permission::RequestLogView)?;
        self.detail(store::one(self.shared.read(), organization, id, ctx.session).await?)
    }

    /// The call that queued the entry with that number; `None` when it is not in the log (any more).
    pub async fn of_entry(&self, ctx: &Ctx, queue_id: i32) -> Result<Option<RequestDetail>> {
        let organization = ctx.require(Permission::RequestLogView)?;
        let pool = self.shared.read();
        match store::id_of_entry(pool, organization, queue_id).await? {
            None => Ok(None),
            Some(id) => match self.get(ctx, id).await {
                Err(Error::App(AppError::NotFound { .. })) => Ok(None),
                other => other.map(Some),
            },
        }
    }

    fn detail(&self, found: Option<RequestDetail>) -> Result<RequestDetail> {
        let mut found = found.ok_or_else(|| AppError::not_found("logged request"))?;
        found.as_of = self.shared.now();
        Ok(found)
    }

    async fn moments(
        &self,
        organization: OrganizationId,
        filter: &RequestFilter,
    ) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
        let given = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
        if !given(&filter.from) && !given(&filter.to) {
            return Ok((None, None));
        }
        let zone = store::time_zone(self.shared.read(), organization).await?;
        let from = moment(filter.from.as_deref(), "from", &zone)?.map(|(start, _)| start);
        let to = moment(filter.to.as_deref(), "to", &zone)?.map(|(_, end)| end);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(AppError::field("to", "The end is before the start").into());
        }
        Ok((from, to))
    }
}

/// The first moment of a day and the first after it; of a moment, itself twice.
fn moment(text: Option<&str>, field: &str, zone: &str) -> Result<Option<(Timestamp, Timestamp)>, AppError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let read = if text.len() == 10 {
        text.parse().ok().and_then(|day| time::day_bounds(zone, day))
    } else {
        let at = text.parse::<jiff::Timestamp>().ok();
        at.map(|at| Timestamp(at.as_millisecond())).map(|at| (at, at))
    };
    read.map(Some).ok_or_else(|| {
        let message = "Write a day as YYYY-MM-DD, or a moment such as 2026-11-20T08:00:00Z";
        AppError::field(field, message)
    })
}

fn bad_cursor() -> AppError {
    AppError::field(
        "cursor",
        "This cursor is not one that a list gave out. Leave it out to begin at the first page.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments() {
        let read = |text| moment(Some(text), "from", "Asia/Jakarta");
        let (start, end) = read("2026-11-20").unwrap().unwrap();
        assert_eq!(
            (start.rfc3339().as_str(), end - start),
            ("2026-11-19T17:00:00.000Z", 86_400_000)
        );
        assert_eq!(
            read("2026-11-20T08:00:00+07:00").unwrap().unwrap().0.rfc3339(),
            "2026-11-20T01:00:00.000Z"
        );
        assert_eq!(read("  "), Ok(None));
        for text in ["2026-02-30", "yesterday", "20-11-2026", "2026-11-20 08:00"] {
            assert_eq!(read(text).unwrap_err().first_field(), Some("from"), "{text}");
        }
    }
}
