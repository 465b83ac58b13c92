//! Messages that fail too often.

use super::*;
use crate::{alerts::watch::Looks, testing::each_engine};

#[tokio::test]
async fn five_failures_in_a_row_are_told_and_a_sent_message_ends_it() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        left(&t, t.session, "ssffff").await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        left(&t, t.session, "f").await;
        catch_up(&t).await;
        let told = standing(&t, AlertKind::Failures).await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            told[0].details.happened,
            "The last 5 messages through “Sandbox” all failed. No such number."
        );
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await.len(), 1);
        left(&t, t.session, "s").await;
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn a_high_share_of_failures_is_told_until_it_is_low_again() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let mut looks = Looks::default();
        left(&t, t.session, "sssfsssfsssfsssfssf").await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        left(&t, t.session, "f").await;
        catch_up(&t).await;
        let told = standing(&t, AlertKind::Failures).await;
        assert_eq!(
            told[0].details.happened,
            "6 of the last 20 messages through “Sandbox” failed. No such number."
        );
        left(&t, t.session, "s").await;
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await.len(), 1, "still as many");
        left(&t, t.session, "sss").await;
        t.domain.alerts.look_at_failures(&mut looks).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_quiet_session_is_seen_beside_a_busy_one() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let quiet = second_session(&t).await;
        let busy = async || {
            let now = t.domain.shared.now().0;
            run(
                &t,
                &format!(
                    "INSERT INTO messages (id, organization_id, session_id, from_me, recipient, class, state, created_at, settled_at) \
                     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) \
                     SELECT 'busy' || {now} || '-' || i, '{}', '{}', 1, 'x', 'single', 'sent', {now}, {now} FROM n",
                    t.made.organization.key(),
                    t.session.key()
                ),
            )
            .await;
        };
        left(&t, quiet, "sffff").await;
        busy().await;
        catch_up(&t).await;
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
        left(&t, quiet, "f").await;
        busy().await;
        catch_up(&t).await;
        let told = standing(&t, AlertKind::Failures).await;
        assert_eq!((told.len(), told[0].session), (1, Some(quiet)));
        left(&t, quiet, "s").await;
        busy().await;
        t.domain.alerts.look_at_failures(&mut Looks::default()).await.unwrap();
        assert_eq!(standing(&t, AlertKind::Failures).await, []);
    })
    .await;
}
