use super::{PASSWORD, app, ctx, form, from, log_in};
use crate::{
    Actor, Ctx,
    testing::{TestDomain, each_engine},
};
use types::{
    ApiKeyId, AppError, LoginId,
    people::{ChangePassword, SaveProfile, Theme},
};

#[tokio::test]
async fn people_describe_themselves() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let people = &t.domain.people;
        let hash = log_in(&t, "browser").await;
        let me = ctx(&t, &hash).await.unwrap();
        people
            .save_profile(
                &me,
                SaveProfile {
                    name: " Ana\0 ".into(),
                    theme: Theme::Dark,
                },
            )
            .await
            .unwrap();
        let profile = people.profile(&me).await.unwrap();
        assert_eq!((profile.name.as_str(), profile.theme), ("Ana", Theme::Dark));
        assert_eq!(people.viewer(&me).await.unwrap().theme, Theme::Dark);
        let error = app(people.save_profile(&me, SaveProfile::default()).await);
        assert!(error.for_field("name").is_some());
    })
    .await;
}

#[tokio::test]
async fn people_see_and_end_their_logins() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let people = &t.domain.people;
        let (here, there) = (log_in(&t, "here").await, log_in(&t, "there").await);
        let me = ctx(&t, &here).await.unwrap();
        let logins = people.profile(&me).await.unwrap().logins;
        assert_eq!(logins.len(), 2);
        assert!(
            logins
                .iter()
                .all(|login| login.device == "curl" && login.ip == "10.0.0.1")
        );
        let other = logins.iter().find(|login| !login.current).unwrap().id;

        let mut changed = people.logins_changed();
        people.end_login(&me, other).await.unwrap();
        assert!(changed.has_changed().unwrap());
        changed.mark_unchanged();
        assert!(ctx(&t, &there).await.is_none());
        assert!(ctx(&t, &here).await.is_some());
        for gone in [other, LoginId(t.domain.shared.ids.uuid())] {
            assert_eq!(
                app(people.end_login(&me, gone).await),
                AppError::not_found("login")
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_logins() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let people = &t.domain.people;
        let (here, there) = (log_in(&t, "here").await, log_in(&t, "there").await);
        let me = ctx(&t, &here).await.unwrap();
        let change = |current: &str, new: &str| ChangePassword {
            current: current.into(),
            new: new.into(),
        };
        let new = "staple battery horse";
        assert!(
            app(people.change_password(&me, change(PASSWORD, "short")).await)
                .for_field("new")
                .is_some()
        );
        let wrong = app(people.change_password(&me, change("wrong", new)).await);
        assert!(wrong.for_field("current").is_some());
        assert!(ctx(&t, &there).await.is_some());

        people.change_password(&me, change(PASSWORD, new)).await.unwrap();
        assert!(ctx(&t, &here).await.is_some());
        assert!(ctx(&t, &there).await.is_none());
        let old = app(people
            .log_in(form("owner@example.com", PASSWORD), from("10.0.0.1"))
            .await);
        assert_eq!(old, AppError::Unauthenticated);
        people
            .log_in(form("owner@example.com", new), from("10.0.0.1"))
            .await
            .unwrap();

        for _ in 0..10 {
            assert!(
                app(people.change_password(&me, change("wrong", PASSWORD)).await)
                    .for_field("current")
                    .is_some()
            );
        }
        let error = app(people.change_password(&me, change(new, PASSWORD)).await);
        assert!(matches!(error, AppError::RateLimited { .. }));
    })
    .await;
}

#[tokio::test]
async fn a_key_has_no_profile() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let people = &t.domain.people;
        let key = Ctx {
            actor: Actor::Key(ApiKeyId(t.domain.shared.ids.uuid())),
            ..t.owner()
        };
        assert_eq!(app(people.profile(&key).await), AppError::Unauthenticated);
        assert_eq!(app(people.viewer(&key).await), AppError::Unauthenticated);
        assert_eq!(
            app(people.switch_organization(&key, t.made.organization).await),
            AppError::Unauthenticated
        );
    })
    .await;
}
