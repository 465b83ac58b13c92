//! People on both engines.

mod first_run;
mod log_in;
mod logins;
mod profile;

use super::{LoginRecord, Origin, login_hash};
use crate::{Ctx, Error, Result, testing::TestDomain};
use types::{AppError, OrganizationId, RequestId, Role, people::LogIn};

const PASSWORD: &str = "correct horse battery";

fn app<T>(result: Result<T>) -> AppError {
    match result {
        Err(Error::App(error)) => error,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was allowed"),
    }
}

fn form(email: &str, password: &str) -> LogIn {
    LogIn {
        email: email.into(),
        password: password.into(),
    }
}

fn from(ip: &str) -> Origin {
    Origin {
        ip: ip.into(),
        user_agent: "curl/8.5.0".into(),
    }
}

/// Logs the owner in as the server does; the hash is what the browser's cookie would lead to.
async fn log_in(t: &TestDomain, browser: &str) -> String {
    let people = &t.domain.people;
    let (user, organization) = people
        .log_in(form("owner@example.com", PASSWORD), from("10.0.0.1"))
        .await
        .unwrap();
    let hash = login_hash(browser);
    let record = LoginRecord {
        user: Some(user),
        organization,
        data: "{}".into(),
        ip: "10.0.0.1".into(),
        user_agent: "curl/8.5.0".into(),
        expires_at: t.domain.shared.now() + super::logins::IDLE_MS,
    };
    assert!(people.create_login(&hash, record).await.unwrap());
    hash
}

async fn ctx(t: &TestDomain, hash: &str) -> Option<Ctx> {
    t.domain
        .people
        .ctx_for_login(hash, RequestId(t.domain.shared.ids.uuid()))
        .await
        .unwrap()
}

/// A second organization that the owner belongs to.
async fn second(t: &TestDomain, name: &str, role: Role) -> OrganizationId {
    let mut tx = t.domain.shared.begin().await.unwrap();
    let organization = t.domain.orgs.create_in(&mut tx, name, "UTC").await.unwrap();
    t.domain
        .people
        .join_in(&mut tx, organization, t.made.user, role)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    organization
}

async fn run(t: &TestDomain, sql: &'static str) {
    let mut tx = t.domain.shared.begin().await.unwrap();
    sqlx::query(sql).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}
