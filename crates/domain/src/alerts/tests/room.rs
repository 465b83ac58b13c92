//! Raising, counting, looking after, and resolving.

use super::*;
use crate::{
    alerts::{Limit, Subject},
    testing::each_engine,
};
use EventType::{AlertAcknowledged, AlertRaised, AlertResolved};
use types::{
    Permission, Permissions, Role,
    alerts::{AlertVerb, Resolution, Severity},
};

#[tokio::test]
async fn what_happens_again_while_it_stands_is_the_same_alert() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let first = raise(
            &t,
            NewAlert::session_logged_out(named(&t), Some("The phone ended the link.")),
        )
        .await;
        t.domain.shared.clock.advance(60_000);
        let again = raise(&t, NewAlert::session_logged_out(named(&t), Some("Again."))).await;
        assert_eq!(first, again);
        let alert = t.domain.alerts.get(&t.owner(), first).await.unwrap();
        assert_eq!(
            (alert.times_seen, alert.raised_at, alert.last_seen_at),
            (2, NOW, NOW + 60_000)
        );
        assert_eq!(alert.details.happened, "“Sandbox” was logged out. Again.");
        assert_eq!(
            (alert.severity, alert.status),
            (Severity::Critical, AlertStatus::Open)
        );
        assert_eq!(alert.session_name.as_deref(), Some("Sandbox"));
        assert_eq!(alert.action.verb, AlertVerb::LinkAgain);
        assert_eq!(alert.action.href, format!("/sessions?id={0}&pair={0}", t.session));
        numbers_add_up(&t).await;

        // One that somebody looks after is counted on, and stays theirs.
        let seen = t.domain.alerts.acknowledge(&t.owner(), first).await.unwrap();
        assert_eq!(
            (seen.status, seen.acknowledged_at),
            (AlertStatus::Acknowledged, Some(NOW + 60_000))
        );
        assert_eq!(seen.acknowledged_by.as_deref(), Some("owner"));
        assert_eq!(
            raise(&t, NewAlert::session_logged_out(named(&t), None)).await,
            first
        );
        assert_eq!(
            t.domain
                .alerts
                .acknowledge(&t.owner(), first)
                .await
                .unwrap()
                .times_seen,
            3
        );
        numbers_add_up(&t).await;
        assert_eq!(t.domain.alerts.counts(&t.owner()).await.unwrap().acknowledged, 1);

        // One that was resolved by hand comes back as a new one.
        let over = t.domain.alerts.resolve(&t.owner(), first).await.unwrap();
        assert_eq!(
            (over.resolved_how, over.resolved_by.as_deref()),
            (Some(Resolution::ByHand), Some("owner"))
        );
        let same = t.domain.alerts.resolve(&t.owner(), first).await.unwrap();
        assert_eq!(same, over, "resolving twice changes nothing");
        let error = refused(t.domain.alerts.acknowledge(&t.owner(), first).await);
        assert_eq!(error.code(), "ALREADY_RESOLVED");
        let second = raise(&t, NewAlert::session_logged_out(named(&t), None)).await;
        assert_ne!(first, second);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn many_at_once_raise_one() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let raises = (0..24).map(|_| {
            let (domain, new) = (t.domain.clone(), NewAlert::cold_quota(named(&t), 20));
            tokio::spawn(async move {
                let mut tx = domain.shared.begin().await.unwrap();
                let id = domain.alerts.raise_in(&mut tx, new).await.unwrap();
                tokio::task::yield_now().await;
                tx.commit().await.unwrap();
                id
            })
        });
        let ids: Vec<AlertId> = futures::future::join_all(raises)
            .await
            .into_iter()
            .map(|id| id.unwrap())
            .collect();
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(
            t.domain.alerts.get(&t.owner(), ids[0]).await.unwrap().times_seen,
            24
        );
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn an_alert_ends_when_its_cause_does_and_with_its_transaction() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let organization = t.made.organization;
        let near = |limit| NewAlert::limit_near(organization, Some(named(&t)), limit, 80, 100);
        raise(&t, near(Limit::Hourly)).await;
        let daily = raise(&t, near(Limit::Daily)).await;
        raise(
            &t,
            NewAlert::limit_near(organization, None, Limit::Daily, 900, 1_000),
        )
        .await;
        assert_eq!(standing(&t, AlertKind::LimitNear).await.len(), 3);
        let mut tx = t.domain.shared.begin().await.unwrap();
        let subject = Limit::Daily.subject(Some(t.session));
        t.domain
            .alerts
            .clear_in(&mut tx, organization, AlertKind::LimitNear, &subject)
            .await
            .unwrap();
        t.domain
            .alerts
            .clear_in(&mut tx, organization, AlertKind::LimitReached, &subject)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let over = t.domain.alerts.get(&t.owner(), daily).await.unwrap();
        assert_eq!(over.resolved_how, Some(Resolution::ByItself));
        assert_eq!(
            over.resolution.as_deref(),
            Some("There is room below the limit again.")
        );
        assert_eq!(standing(&t, AlertKind::LimitNear).await.len(), 2);

        let mut tx = t.domain.shared.begin().await.unwrap();
        let new = NewAlert::limit_reached(organization, None, Limit::Daily, 1_000);
        t.domain.alerts.raise_in(&mut tx, new).await.unwrap();
        t.domain
            .alerts
            .clear_in(
                &mut tx,
                organization,
                AlertKind::LimitNear,
                &Limit::Daily.subject(None),
            )
            .await
            .unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(standing(&t, AlertKind::LimitReached).await, []);
        assert_eq!(standing(&t, AlertKind::LimitNear).await.len(), 2);
        numbers_add_up(&t).await;

        // Raised and cleared at once: the numbers know both.
        let mut tx = t.domain.shared.begin().await.unwrap();
        let new = NewAlert::stalled_queue(named(&t), 12);
        t.domain.alerts.raise_in(&mut tx, new).await.unwrap();
        let subject = Subject::session(t.session);
        t.domain
            .alerts
            .clear_in(&mut tx, organization, AlertKind::StalledQueue, &subject)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn lists_are_filtered_and_page_by_key() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let other = second_session(&t).await;
        let second = Named {
            session: other,
            name: "Second",
            ..named(&t)
        };
        let ids = [
            raise(&t, NewAlert::session_restricted(named(&t), None)).await,
            raise(&t, NewAlert::repeated_text(named(&t), 30, "Promo")).await,
            raise(&t, NewAlert::repeated_text(second, 30, "Promo")).await,
            raise(&t, NewAlert::cold_quota(second, 30)).await,
            raise(
                &t,
                NewAlert::limit_reached(t.made.organization, None, Limit::Hourly, 5),
            )
            .await,
        ];
        let owner = t.owner();
        t.domain.alerts.resolve(&owner, ids[0]).await.unwrap();
        t.domain.alerts.acknowledge(&owner, ids[3]).await.unwrap();
        let page = |limit, cursor| {
            t.domain
                .alerts
                .list(&owner, AlertFilter::default(), PageRequest::of(limit, cursor))
        };
        let first = page(2, None).await.unwrap();
        let rest = page(100, first.next.clone()).await.unwrap();
        let all: Vec<AlertId> = first
            .data
            .iter()
            .chain(&rest.data)
            .map(|alert| alert.id)
            .collect();
        assert_eq!(all, ids.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(rest.next, None);
        assert!(
            refused(page(2, Some("x".into())).await)
                .for_field("cursor")
                .is_some()
        );

        let found = async |filter| -> Vec<AlertId> {
            list(&t, &owner, filter)
                .await
                .iter()
                .map(|alert| alert.id)
                .collect()
        };
        let none = AlertFilter::default();
        let open = AlertFilter {
            status: Some(AlertStatus::Open),
            ..none
        };
        assert_eq!(found(open).await, [ids[4], ids[2], ids[1]]);
        let warning = AlertFilter {
            severity: Some(Severity::Warning),
            ..none
        };
        assert_eq!(found(warning).await, [ids[4], ids[2], ids[1]]);
        let kind = AlertFilter {
            kind: Some(AlertKind::RepeatedText),
            ..none
        };
        assert_eq!(
            found(AlertFilter {
                session: Some(other),
                ..kind
            })
            .await,
            [ids[2]]
        );

        // A key of one session sees that session's alone.
        let pinned = Ctx {
            session: Some(other),
            ..t.owner()
        };
        let seen: Vec<AlertId> = list(&t, &pinned, none)
            .await
            .iter()
            .map(|alert| alert.id)
            .collect();
        assert_eq!(seen, [ids[3], ids[2]]);
        for id in [ids[1], ids[4]] {
            assert_eq!(refused(t.domain.alerts.get(&pinned, id).await).status(), 404);
            assert_eq!(refused(t.domain.alerts.resolve(&pinned, id).await).status(), 404);
        }
        let others = AlertFilter {
            session: Some(t.session),
            ..none
        };
        let asked = t
            .domain
            .alerts
            .list(&pinned, others, PageRequest::default())
            .await;
        assert_eq!(refused(asked).status(), 404);
        assert_eq!(t.domain.alerts.resolve_many(&pinned, none).await.unwrap(), 2);
        assert_eq!(found(open).await, [ids[4], ids[1]]);
        numbers_add_up(&t).await;
    })
    .await;
}

#[tokio::test]
async fn everything_that_a_filter_names_is_resolved() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let owner = t.owner();
        // More than one transaction's worth.
        for n in 0..430 {
            let subject = Subject::session(SessionId(t.domain.shared.ids.uuid()));
            let kind = if n % 2 == 0 {
                AlertKind::Failures
            } else {
                AlertKind::ColdQuota
            };
            let id = raise(
                &t,
                NewAlert::new(t.made.organization, kind, subject, format!("{n}")),
            )
            .await;
            if n == 0 {
                t.domain.alerts.acknowledge(&owner, id).await.unwrap();
            }
        }
        let warning = AlertFilter {
            severity: Some(Severity::Warning),
            ..AlertFilter::default()
        };
        let over = AlertFilter {
            status: Some(AlertStatus::Resolved),
            ..warning
        };
        let error = refused(t.domain.alerts.resolve_many(&owner, over).await);
        assert!(error.for_field("status").is_some());
        assert_eq!(t.domain.alerts.resolve_many(&owner, warning).await.unwrap(), 215);
        numbers_add_up(&t).await;
        let counts = t.domain.alerts.counts(&owner).await.unwrap();
        assert_eq!((counts.info, counts.warning, counts.acknowledged), (215, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn who_may_not_is_refused() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let id = raise(&t, NewAlert::cold_quota(named(&t), 20)).await;
        let alerts = &t.domain.alerts;
        let none = AlertFilter::default();
        let nobody = t.nobody();
        let needs = |permission| AppError::Forbidden { permission };
        let (view, manage) = (needs(Permission::AlertsView), needs(Permission::AlertsManage));
        assert_eq!(
            refused(alerts.list(&nobody, none, PageRequest::default()).await),
            view
        );
        assert_eq!(refused(alerts.get(&nobody, id).await), view);
        assert_eq!(refused(alerts.counts(&nobody).await), view);
        let viewer = Ctx {
            permissions: Role::Viewer.permissions(),
            ..t.owner()
        };
        assert_eq!(alerts.get(&viewer, id).await.unwrap().id, id);
        for ctx in [&nobody, &viewer] {
            assert_eq!(refused(alerts.acknowledge(ctx, id).await), manage);
            assert_eq!(refused(alerts.resolve(ctx, id).await), manage);
            assert_eq!(refused(alerts.resolve_many(ctx, none).await), manage);
        }
        for role in [Role::Owner, Role::Admin, Role::Agent] {
            assert!(
                role.permissions().has(Permission::AlertsManage),
                "{}",
                role.name()
            );
        }
        let stranger = Ctx {
            permissions: Permissions::all(),
            ..t.stranger().await
        };
        assert_eq!(list(&t, &stranger, none).await, []);
        assert_eq!(refused(alerts.get(&stranger, id).await).status(), 404);
        assert_eq!(refused(alerts.acknowledge(&stranger, id).await).status(), 404);
        assert_eq!(refused(alerts.resolve(&stranger, id).await).status(), 404);
        assert_eq!(alerts.resolve_many(&stranger, none).await.unwrap(), 0);
        assert_eq!(
            alerts.get(&t.owner(), id).await.unwrap().status,
            AlertStatus::Open
        );
    })
    .await;
}

#[tokio::test]
async fn events_tell_of_it_but_not_of_every_count() {
    each_engine(|engine| async move {
        let t = still(engine).await;
        let from = t.domain.events.latest(&t.owner()).await.unwrap();
        for _ in 0..10 {
            raise(&t, NewAlert::repeated_text(named(&t), 30, "Promo")).await;
            t.domain.shared.clock.advance(1_000);
        }
        let id = raise(&t, NewAlert::repeated_text(named(&t), 30, "Promo")).await;
        t.domain.alerts.acknowledge(&t.owner(), id).await.unwrap();
        t.domain.alerts.resolve(&t.owner(), id).await.unwrap();
        let (events, _) = t.domain.events.after(&t.owner(), from, 100).await.unwrap();
        let kinds: Vec<EventType> = events.iter().map(|event| event.kind).collect();
        assert_eq!(
            kinds,
            [
                AlertRaised,
                AlertRaised,
                AlertRaised,
                AlertAcknowledged,
                AlertResolved
            ]
        );
        assert_eq!(events[0].data["times_seen"], 1);
        assert_eq!(events[0].data["severity"], "warning");
        assert_eq!(events[4].data["status"], "resolved");
        assert!(events.iter().all(|event| event.session == Some(t.session)));
        let (hidden, _) = t.domain.events.after(&t.nobody(), from, 100).await.unwrap();
        assert_eq!(hidden.len(), 0);
    })
    .await;
}
