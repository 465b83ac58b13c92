//! API keys on both engines.

use crate::{
    Actor, Clock, Ctx, Error, Result,
    testing::{TestDomain, each_engine},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{
    AppError, Permission, Permissions, RequestId, Timestamp,
    keys::{CreateKey, CreatedKey},
};

const START: Timestamp = Timestamp(1_790_000_000_000);

fn named(name: &str) -> CreateKey {
    CreateKey {
        name: name.into(),
        ..CreateKey::default()
    }
}

async fn create(t: &TestDomain, input: CreateKey) -> Result<CreatedKey> {
    t.domain.keys.create(&t.owner(), input).await
}

async fn come_in(t: &TestDomain, secret: &str) -> Result<Ctx> {
    t.domain
        .keys
        .authenticate(secret, RequestId(t.domain.shared.ids.uuid()))
        .await
}

fn app<T>(result: Result<T>) -> AppError {
    match result {
        Err(Error::App(error)) => error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was allowed"),
    }
}

#[tokio::test]
async fn a_key_lets_in_whom_it_was_made_for() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let ctx = come_in(&t, &t.made.api_key).await.unwrap();
        assert_eq!(ctx.organization, Some(t.made.organization));
        assert_eq!(ctx.permissions, Permissions::all());
        assert!(!ctx.super_admin);

        let made = create(
            &t,
            CreateKey {
                scopes: vec![Permission::MessagesSend],
                session: Some(t.session),
                ..named(" Shop ")
            },
        )
        .await
        .unwrap();
        assert_eq!(made.key.name, "Shop");
        assert!(made.secret.starts_with(&made.key.prefix));
        let ctx = come_in(&t, &made.secret).await.unwrap();
        assert_eq!(ctx.actor, Actor::Key(made.key.id));
        assert_eq!(ctx.permissions, Permissions::NONE.with(Permission::MessagesSend));
        assert_eq!(ctx.session, Some(t.session));

        let listed = t.domain.keys.list(&t.owner()).await.unwrap();
        let names: Vec<&str> = listed.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(names, ["Shop", "First key"]);
        assert_eq!(listed[0], made.key);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_key_lets_nobody_in() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let secret = &t.made.api_key;
        let last = if secret.ends_with('A') { 'B' } else { 'A' };
        let near = format!("{}{last}", &secret[..53]);
        for text in ["", "sb_", "Bearer", &secret[..53], &near, &near] {
            assert_eq!(app(come_in(&t, text).await), AppError::Unauthenticated, "{text}");
        }
        come_in(&t, secret).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_revoked_key_is_out_at_once() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let made = create(&t, named("Shop")).await.unwrap();
        come_in(&t, &made.secret).await.unwrap();
        t.domain.keys.revoke(&t.owner(), made.key.id).await.unwrap();
        assert_eq!(app(come_in(&t, &made.secret).await), AppError::Unauthenticated);
        t.domain.keys.revoke(&t.owner(), made.key.id).await.unwrap();
        come_in(&t, &t.made.api_key).await.unwrap();
        let listed = t.domain.keys.list(&t.owner()).await.unwrap();
        assert!(
            listed
                .iter()
                .find(|key| key.id == made.key.id)
                .unwrap()
                .revoked_at
                .is_some()
        );
    })
    .await;
}

#[tokio::test]
async fn another_node_hears_of_it_within_two_seconds() {
    each_engine(|engine| async move {
        let clock = Clock::manual(START);
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let elsewhere = crate::keys::Keys::new(std::sync::Arc::clone(&t.domain.shared));
        come_in(&t, &t.made.api_key).await.unwrap();
        let first = t.domain.keys.list(&t.owner()).await.unwrap()[0].id;
        elsewhere.revoke(&t.owner(), first).await.unwrap();
        clock.advance(2_000);
        assert_eq!(app(come_in(&t, &t.made.api_key).await), AppError::Unauthenticated);
    })
    .await;
}

#[tokio::test]
async fn a_key_expires_to_the_moment() {
    each_engine(|engine| async move {
        let clock = Clock::manual(START);
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let made = create(
            &t,
            CreateKey {
                expires_in_days: Some(1),
                ..named("Day")
            },
        )
        .await
        .unwrap();
        assert_eq!(made.key.expires_at, Some(START + 86_400_000));
        clock.advance(86_400_000 - 1);
        come_in(&t, &made.secret).await.unwrap();
        clock.advance(1);
        assert_eq!(app(come_in(&t, &made.secret).await), AppError::Unauthenticated);
        come_in(&t, &t.made.api_key).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn bad_fields_are_named() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        for days in [0, -1, 3_651, i64::MAX, i64::MIN] {
            let error = app(create(
                &t,
                CreateKey {
                    expires_in_days: Some(days),
                    ..named("Key")
                },
            )
            .await);
            assert!(
                error
                    .for_field("expires_in_days")
                    .unwrap()
                    .contains("1 to 3650 days"),
                "{error:?}"
            );
        }
        let error = app(create(
            &t,
            CreateKey {
                expires_in_days: Some(0),
                ..named(" ")
            },
        )
        .await);
        assert!(error.for_field("name").is_some() && error.for_field("expires_in_days").is_some());

        let agent = Ctx {
            permissions: Permissions::NONE.with(Permission::KeysManage),
            ..t.owner()
        };
        let wide = CreateKey {
            scopes: vec![Permission::KeysManage, Permission::MessagesSend],
            ..named("Wide")
        };
        let error = app(t.domain.keys.create(&agent, wide).await);
        assert!(error.for_field("scopes").unwrap().contains("messages:send"));
        let narrow = t.domain.keys.create(&agent, named("Narrow")).await.unwrap();
        assert_eq!(narrow.key.scopes, [Permission::KeysManage]);

        let stranger = t.stranger().await;
        let foreign = CreateKey {
            session: Some(t.session),
            ..named("Foreign")
        };
        assert!(
            app(t.domain.keys.create(&stranger, foreign).await)
                .for_field("session")
                .is_some()
        );
    })
    .await;
}

#[tokio::test]
async fn a_sessions_key_makes_no_wider_one() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let pinned = Ctx {
            session: Some(t.session),
            ..t.owner()
        };
        let made = t.domain.keys.create(&pinned, named("Pinned")).await.unwrap();
        assert_eq!(made.key.session, Some(t.session));
        assert_eq!(t.domain.keys.list(&pinned).await.unwrap().len(), 1);
        let first = t.domain.keys.list(&t.owner()).await.unwrap().pop().unwrap();
        assert_eq!(
            app(t.domain.keys.revoke(&pinned, first.id).await),
            AppError::not_found("key")
        );
    })
    .await;
}

#[tokio::test]
async fn strangers_find_nothing_and_nobody_may_do_nothing() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let keys = &t.domain.keys;
        let first = keys.list(&t.owner()).await.unwrap()[0].id;
        let stranger = t.stranger().await;
        assert!(keys.list(&stranger).await.unwrap().is_empty());
        assert_eq!(
            app(keys.revoke(&stranger, first).await),
            AppError::not_found("key")
        );
        let lacks = |permission| AppError::Forbidden { permission };
        assert_eq!(app(keys.list(&t.nobody()).await), lacks(Permission::KeysView));
        assert_eq!(
            app(keys.create(&t.nobody(), named("x")).await),
            lacks(Permission::KeysManage)
        );
        assert_eq!(
            app(keys.revoke(&t.nobody(), first).await),
            lacks(Permission::KeysManage)
        );
        come_in(&t, &t.made.api_key).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_last_use_is_written_down() {
    each_engine(|engine| async move {
        let clock = Clock::manual(START);
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let last_used = async || t.domain.keys.list(&t.owner()).await.unwrap()[0].last_used_at;
        let place = t.domain.events.latest(&t.owner()).await.unwrap();
        come_in(&t, &t.made.api_key).await.unwrap();
        t.domain.keys.write_used().await.unwrap();
        assert_eq!(last_used().await, Some(START));
        clock.advance(500);
        come_in(&t, &t.made.api_key).await.unwrap();
        clock.advance(10_000);
        come_in(&t, &t.made.api_key).await.unwrap();
        t.domain.keys.write_used().await.unwrap();
        assert_eq!(last_used().await, Some(START + 10_500));
        let (events, _) = t.domain.events.after(&t.owner(), place, 10).await.unwrap();
        assert_eq!(events.len(), 1, "only the first use is an event");
    })
    .await;
}

#[tokio::test]
async fn a_suspended_organizations_key_is_told_so() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let mut tx = t.domain.shared.begin().await.unwrap();
        sqlx::query("UPDATE organizations SET suspended_at = 1")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(app(come_in(&t, &t.made.api_key).await), AppError::Suspended);
    })
    .await;
}

#[tokio::test]
async fn a_first_use_is_written_by_itself() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        t.domain.keys.start(&tasks, stop.clone());
        let place = t.domain.events.latest(&t.owner()).await.unwrap();
        come_in(&t, &t.made.api_key).await.unwrap();
        t.until("the first use is in the list", async |t: &TestDomain| {
            t.domain.keys.list(&t.owner()).await.unwrap()[0]
                .last_used_at
                .is_some()
        })
        .await;
        let made = create(&t, named("Shop")).await.unwrap();
        t.domain.keys.revoke(&t.owner(), made.key.id).await.unwrap();
        let (events, _) = t.domain.events.after(&t.owner(), place, 10).await.unwrap();
        let ids: Vec<_> = events
            .iter()
            .map(|event| event.data["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids.len(), 3, "used, made, revoked");
        assert_eq!(ids[1..], [made.key.id.to_string(), made.key.id.to_string()]);
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    })
    .await;
}
