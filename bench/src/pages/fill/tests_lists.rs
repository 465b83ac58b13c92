//! What the lists of a filled installation show is what its tables hold: they look for it in other
//! ways, because looking through everything would take too long.

use super::{SMALL, filled};
use db::{
    AssertSqlSafe,
    sqlx::{self, Row as _},
};
use domain::testing::{TestDomain, each_engine};
use types::{
    PageRequest, SessionId,
    messages::{HistoryFilter, MessageState as S, QueueFilter},
};

/// The numbers in the queue of what fulfils that, in the order of that.
async fn rows(t: &TestDomain, condition: &str, order: &str) -> Vec<i32> {
    let organization = t.made.organization.key();
    let sql = format!(
        "SELECT queue_id FROM messages WHERE organization_id = '{organization}' AND queue_id IS NOT NULL AND {condition} ORDER BY {order}"
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .fetch_all(t.domain.shared.read())
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get::<i64, _>(0).unwrap() as i32)
        .collect()
}

async fn sessions(t: &TestDomain) -> Vec<Option<SessionId>> {
    let all = t.domain.sessions.list(&t.owner()).await.unwrap();
    let mut ids: Vec<_> = all.iter().map(|session| Some(session.id)).collect();
    ids.push(None);
    ids
}

fn of(session: Option<SessionId>) -> String {
    session.map_or_else(|| "1 = 1".into(), |id| format!("session_id = '{}'", id.key()))
}

fn within(states: &[S]) -> String {
    let names: Vec<String> = states.iter().map(|state| format!("'{}'", state.name())).collect();
    format!("state IN ({})", names.join(","))
}

#[tokio::test]
async fn the_history_has_everything_in_its_order() {
    each_engine(|engine| async move {
        let (t, _) = filled(engine).await;
        let wishes = [
            vec![S::Sent, S::Delivered, S::Read, S::Failed],
            vec![S::Sent, S::Delivered, S::Read, S::Failed, S::Cancelled],
            vec![S::Sent, S::Delivered, S::Read],
            vec![S::Failed],
            vec![S::Cancelled],
            vec![S::Failed, S::Cancelled],
            vec![S::Read],
        ];
        let month = domain::time::day_of("Asia/Jakarta", t.domain.shared.now() + -30 * 86_400_000);
        let begin = domain::time::day_bounds("Asia/Jakarta", month.parse().unwrap())
            .unwrap()
            .0;
        for session in sessions(&t).await {
            for states in &wishes {
                for start_date in [None, Some(month.clone())] {
                    let since = start_date.as_ref().map_or(0, |_| begin.0);
                    let condition =
                        format!("{} AND {} AND settled_at >= {since}", of(session), within(states));
                    let expect = rows(&t, &condition, "settled_at DESC, id DESC").await;
                    let filter = HistoryFilter {
                        start_date,
                        end_date: None,
                        states: states.clone(),
                        session,
                    };
                    let (mut shown, mut cursor, mut total) = (Vec::new(), None, None);
                    loop {
                        let page = PageRequest::of(400, cursor).with_total();
                        let page = t
                            .domain
                            .messages
                            .history(&t.owner(), filter.clone(), page)
                            .await
                            .unwrap();
                        shown.extend(page.data.iter().map(|entry| entry.queue_id));
                        total = total.or(page.total);
                        cursor = page.next;
                        if cursor.is_none() {
                            break;
                        }
                    }
                    assert_eq!(shown, expect, "{session:?} {states:?} since {since}");
                    assert_eq!(
                        total,
                        Some(expect.len() as i64),
                        "{session:?} {states:?} since {since}"
                    );
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_queue_has_everything_in_its_order() {
    each_engine(|engine| async move {
        let (t, _) = filled(engine).await;
        let open = [S::Pending, S::Processing, S::Uncertain];
        for session in sessions(&t).await {
            for state in [None, Some(S::Pending), Some(S::Processing), Some(S::Uncertain)] {
                let states = state.map_or(open.to_vec(), |state| vec![state]);
                let condition = format!("{} AND {}", of(session), within(&states));
                let expect = rows(&t, &condition, "queue_id").await;
                let filter = QueueFilter { state, session };
                let (mut shown, mut cursor) = (Vec::new(), None);
                loop {
                    let page = PageRequest::of(50, cursor);
                    let page = t
                        .domain
                        .messages
                        .queue(&t.owner(), filter.clone(), page)
                        .await
                        .unwrap();
                    shown.extend(page.data.iter().map(|entry| entry.queue_id));
                    cursor = page.next;
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(shown, expect, "{session:?} {state:?}");
            }
        }
        let lanes = t.domain.messages.lanes(&t.owner()).await.unwrap();
        for lane in &lanes.lanes {
            let condition = format!("{} AND state = 'pending'", of(Some(lane.session)));
            assert_eq!(lane.waiting, rows(&t, &condition, "queue_id").await.len() as i64);
        }
        let pool = rows(&t, "session_id IS NULL AND state = 'pending'", "queue_id").await;
        assert_eq!(lanes.pool, pool.len() as i64);
        assert!(SMALL.messages / 10 > lanes.pool as u32 && lanes.pool > 0);
    })
    .await;
}
