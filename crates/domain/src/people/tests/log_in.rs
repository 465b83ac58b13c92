use super::{PASSWORD, app, form, from, run, second};
use crate::{
    Clock,
    people::{email::Email, store},
    testing::{TestDomain, each_engine},
};
use types::{AppError, Role, Timestamp, UserId};

#[tokio::test]
async fn the_right_password_and_no_other() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let people = &t.domain.people;
        let found = people
            .log_in(form(" OWNER@example.com ", PASSWORD), from("10.0.0.1"))
            .await
            .unwrap();
        assert_eq!(found, (t.made.user, Some(t.made.organization)));
        for (email, password) in [
            ("owner@example.com", "correct horse batterY"),
            ("owner@example.com", &PASSWORD.repeat(100)),
            ("nobody@example.com", PASSWORD),
        ] {
            let error = app(people.log_in(form(email, password), from("10.0.0.1")).await);
            assert_eq!(error, AppError::Unauthenticated, "{email}");
        }
        let empty = app(people.log_in(form("", ""), from("10.0.0.1")).await);
        assert!(empty.for_field("email").is_some() && empty.for_field("password").is_some());

        run(&t, "UPDATE users SET disabled_at = 1").await;
        let error = app(people
            .log_in(form("owner@example.com", PASSWORD), from("10.0.0.1"))
            .await);
        assert_eq!(error, AppError::Unauthenticated);
    })
    .await;
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    each_engine(|engine| async move {
        let clock = Clock::manual(Timestamp(1_790_000_000_000));
        let t = TestDomain::with_clock(engine, clock.clone(), true).await;
        let people = &t.domain.people;
        for _ in 0..10 {
            let error = app(people
                .log_in(form("owner@example.com", "wrong"), from("10.0.0.1"))
                .await);
            assert_eq!(error, AppError::Unauthenticated);
        }
        let error = app(people
            .log_in(form("Owner@example.com", PASSWORD), from("10.0.0.1"))
            .await);
        assert!(
            matches!(error, AppError::RateLimited { retry_after: 1..=901 }),
            "{error:?}"
        );
        people
            .log_in(form("owner@example.com", PASSWORD), from("10.0.0.2"))
            .await
            .unwrap();
        clock.advance(15 * 60_000);
        people
            .log_in(form("owner@example.com", PASSWORD), from("10.0.0.1"))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_login_begins_where_the_last_one_was() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let other = second(&t, "Aardvark", Role::Viewer).await;
        let begin = async || {
            t.domain
                .people
                .log_in(form("owner@example.com", PASSWORD), from("10.0.0.1"))
                .await
                .unwrap()
                .1
        };
        assert_eq!(begin().await, Some(other), "the first by name");
        let hash = super::log_in(&t, "browser").await;
        let ctx = super::ctx(&t, &hash).await.unwrap();
        t.domain
            .people
            .switch_organization(&ctx, t.made.organization)
            .await
            .unwrap();
        assert_eq!(begin().await, Some(t.made.organization));
    })
    .await;
}

#[tokio::test]
async fn an_email_address_belongs_to_one_person() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let email = Email::parse("email", "OWNER@Example.com").unwrap();
        let mut tx = t.domain.shared.begin().await.unwrap();
        let new = store::NewUser {
            id: UserId(t.domain.shared.ids.uuid()),
            email: &email,
            name: "Somebody else",
            password_hash: "",
            super_admin: false,
        };
        let error = app(store::insert_user(tx.conn(), &new, Timestamp(0)).await);
        assert!(error.for_field("email").is_some());
    })
    .await;
}
