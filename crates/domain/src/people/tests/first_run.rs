use super::{PASSWORD, app, form, from};
use crate::{
    Clock, Ctx, Domain,
    people::Init,
    testing::{TestDomain, each_engine},
};
use types::{AppError, OrganizationId, Permissions, RequestId, people::SetUp};

fn set_up(token: &str) -> SetUp {
    SetUp {
        token: token.into(),
        name: "Ana".into(),
        email: "Ana@Example.com".into(),
        password: PASSWORD.into(),
        organization: "Kopi Lestari".into(),
        time_zone: "Asia/Jakarta".into(),
        sandbox: true,
    }
}

fn owner(domain: &Domain, organization: OrganizationId) -> Ctx {
    Ctx::system(organization, RequestId(domain.shared.ids.uuid()))
}

#[tokio::test]
async fn the_form_makes_everything_a_first_message_needs() {
    each_engine(|engine| async move {
        let (domain, _store) = TestDomain::empty(engine, Clock::System).await;
        assert!(domain.people.is_empty().await.unwrap());
        let token = domain.people.setup_token().await.unwrap().unwrap();
        domain.people.check_setup_token(&token).await.unwrap();
        let done = domain.people.set_up(set_up(&token)).await.unwrap();

        assert!(!domain.people.is_empty().await.unwrap());
        assert_eq!(domain.people.setup_token().await.unwrap(), None);
        let (user, organization) = domain
            .people
            .log_in(form("ana@example.com", PASSWORD), from("10.0.0.1"))
            .await
            .unwrap();
        assert_eq!((user, organization), (done.user, Some(done.organization)));
        let key = domain
            .keys
            .authenticate(&done.api_key, RequestId(domain.shared.ids.uuid()))
            .await
            .unwrap();
        assert_eq!(
            (key.organization, key.permissions),
            (Some(done.organization), Permissions::all())
        );
        let session = domain
            .sessions
            .get(&owner(&domain, done.organization), done.session.unwrap())
            .await
            .unwrap();
        assert_eq!(session.number, done.session_number);
        let settings = domain
            .settings
            .get(&owner(&domain, done.organization))
            .await
            .unwrap();
        assert_eq!(
            (settings.time_zone.as_str(), settings.platform),
            ("Asia/Jakarta", types::pacing::Limits::defaults())
        );

        for _ in 0..2 {
            let error = app(domain.people.set_up(set_up(&token)).await);
            assert_eq!(error.code(), "ALREADY_SET_UP");
        }
        let again = Init {
            email: "b@example.com".into(),
            ..Init::default()
        };
        assert_eq!(app(domain.people.init(again).await).code(), "ALREADY_SET_UP");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_wins() {
    each_engine(|engine| async move {
        let (domain, _store) = TestDomain::empty(engine, Clock::System).await;
        let token = domain.people.setup_token().await.unwrap().unwrap();
        let tries: Vec<_> = (0..8)
            .map(|n| {
                let (people, token) = (domain.people.clone(), token.clone());
                tokio::spawn(async move {
                    let form = SetUp {
                        email: format!("ana{n}@example.com"),
                        ..set_up(&token)
                    };
                    people.set_up(form).await
                })
            })
            .collect();
        let mut won = 0;
        for outcome in futures::future::join_all(tries).await {
            match outcome.unwrap() {
                Ok(_) => won += 1,
                error => assert_eq!(app(error).code(), "ALREADY_SET_UP"),
            }
        }
        assert_eq!(won, 1);
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_token_opens() {
    each_engine(|engine| async move {
        let (domain, _store) = TestDomain::empty(engine, Clock::System).await;
        assert!(
            app(domain.people.set_up(set_up("")).await)
                .for_field("token")
                .is_some()
        );
        let old = domain.people.setup_token().await.unwrap().unwrap();
        let new = domain.people.setup_token().await.unwrap().unwrap();
        for wrong in ["", "x", old.as_str()] {
            let error = app(domain.people.set_up(set_up(wrong)).await);
            assert!(error.for_field("token").unwrap().contains("Restart"), "{error:?}");
        }
        assert!(domain.people.is_empty().await.unwrap());
        domain
            .people
            .set_up(SetUp {
                sandbox: false,
                ..set_up(&new)
            })
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_named_and_nothing_is_made() {
    each_engine(|engine| async move {
        let (domain, _store) = TestDomain::empty(engine, Clock::System).await;
        let token = domain.people.setup_token().await.unwrap().unwrap();
        let bad = SetUp {
            token: token.clone(),
            name: " ".into(),
            email: "ana".into(),
            password: "short".into(),
            organization: String::new(),
            time_zone: "Mars/Olympus".into(),
            sandbox: true,
        };
        let AppError::Invalid { fields } = app(domain.people.set_up(bad).await) else {
            panic!("not the fields")
        };
        let names: Vec<&str> = fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(names, ["name", "email", "password", "organization", "time_zone"]);
        assert!(domain.people.is_empty().await.unwrap());
        domain.people.set_up(set_up(&token)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_command_line_needs_no_token() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        assert!(t.made.session.is_some() && t.made.session_number.is_some());
        let viewer = t.domain.people.viewer(&t.owner()).await.unwrap();
        assert_eq!(
            (viewer.name.as_str(), viewer.email.as_str()),
            ("owner", "owner@example.com")
        );
    })
    .await;
}
