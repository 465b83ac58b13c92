use super::{app, ctx, log_in, run, second};
use crate::{
    Actor, Clock,
    people::{LoginRecord, logins::IDLE_MS},
    testing::{TestDomain, each_engine},
};
use types::{AppError, OrganizationId, Permission, Permissions, Role, Timestamp};

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn a_login_acts_for_its_person_until_it_ends() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let people = &t.domain.people;
        assert!(ctx(&t, "nobody").await.is_none());
        let hash = log_in(&t, "browser").await;
        let found = ctx(&t, &hash).await.unwrap();
        assert_eq!(found.actor, Actor::User(t.made.user));
        assert_eq!(
            (found.organization, found.permissions),
            (Some(t.made.organization), Permissions::all())
        );
        assert!(found.super_admin && found.login.is_some());

        let record = people.load_login(&hash).await.unwrap().unwrap();
        let taken = people.create_login(&hash, record.clone()).await.unwrap();
        assert!(!taken, "a taken hash is not overwritten");

        let mut changed = people.logins_changed();
        people.delete_login(&hash).await.unwrap();
        assert!(changed.has_changed().unwrap());
        changed.mark_unchanged();
        assert!(ctx(&t, &hash).await.is_none());
        // A request that began before the logout saves its record after it.
        people.save_login(&hash, record).await.unwrap();
        assert!(ctx(&t, &hash).await.is_none());
        assert_eq!(people.load_login(&hash).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_login_that_nobody_uses_ends() {
    each_engine(|engine| async move {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let hash = log_in(&t, "browser").await;
        clock.advance(IDLE_MS - DAY_MS);
        assert!(ctx(&t, &hash).await.is_some(), "used a day before it would end");
        clock.advance(IDLE_MS - 1);
        assert!(t.domain.people.load_login(&hash).await.unwrap().is_some());
        clock.advance(1);
        assert!(ctx(&t, &hash).await.is_none());
        assert_eq!(t.domain.people.load_login(&hash).await.unwrap(), None);
        t.domain.people.sweep_logins().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_person_moves_between_their_organizations() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let people = &t.domain.people;
        run(&t, "UPDATE users SET super_admin = 0").await;
        let hash = log_in(&t, "browser").await;
        let other = second(&t, "Second", Role::Viewer).await;
        let before = ctx(&t, &hash).await.unwrap();
        assert_eq!(people.viewer(&before).await.unwrap().organizations.len(), 2);

        let mut changed = people.logins_changed();
        people.switch_organization(&before, other).await.unwrap();
        assert!(changed.has_changed().unwrap());
        changed.mark_unchanged();
        let after = ctx(&t, &hash).await.unwrap();
        assert_eq!(
            (after.organization, after.permissions),
            (Some(other), Role::Viewer.permissions())
        );
        let viewer = people.viewer(&after).await.unwrap();
        assert_eq!(viewer.organization.unwrap().name, "Second");
        assert_eq!(app(after.require(Permission::KeysManage)).status(), 403);

        // A store that still remembers the first organization does not lead back.
        let stale = LoginRecord {
            organization: Some(t.made.organization),
            ..people.load_login(&hash).await.unwrap().unwrap()
        };
        people.save_login(&hash, stale).await.unwrap();
        assert_eq!(ctx(&t, &hash).await.unwrap().organization, Some(other));

        let foreign = t.stranger().await.organization.unwrap();
        let unknown = OrganizationId(t.domain.shared.ids.uuid());
        for organization in [foreign, unknown] {
            let error = app(people.switch_organization(&after, organization).await);
            assert_eq!(error, AppError::not_found("organization"));
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_no_member_any_more_is_led_elsewhere_or_nowhere() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let hash = log_in(&t, "browser").await;
        let other = second(&t, "Second", Role::Agent).await;
        run(&t, "DELETE FROM members WHERE role = 'owner'").await;
        let found = ctx(&t, &hash).await.unwrap();
        assert_eq!(
            (found.organization, found.permissions),
            (Some(other), Permissions::all())
        );
        run(&t, "DELETE FROM members").await;
        let found = ctx(&t, &hash).await.unwrap();
        assert_eq!((found.organization, found.permissions), (None, Permissions::NONE));
        assert!(
            t.domain
                .people
                .viewer(&found)
                .await
                .unwrap()
                .organizations
                .is_empty()
        );
        run(&t, "UPDATE users SET disabled_at = 1").await;
        assert!(ctx(&t, &hash).await.is_none());
    })
    .await;
}
