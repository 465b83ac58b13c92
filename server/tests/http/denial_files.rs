//! Who is refused what by the addresses that are neither pages nor API: `/media/{id}`, `/live` and
//! `/history/export.csv`.

use crate::{
    app::{Call, TestApp},
    ours::Ours,
};
use domain::testing::each_engine;
use futures::StreamExt as _;
use std::time::Duration;
use tower::ServiceExt as _;
use types::{OrganizationId, Permission, Role};

#[derive(Clone, Copy, Debug)]
enum Caller {
    Nobody,
    /// With an API key, which is for `/api` alone.
    Key,
    /// With a cookie that no login stands behind.
    Planted,
    /// Logged in, but a member of no organization: the one without any permission.
    Outsider,
    /// Logged in, in another organization.
    Elsewhere,
}

/// Who asks, and what `/media/{id}`, `/live` and the export answer.
const TABLE: [(Caller, u16, u16, u16); 5] = [
    (Caller::Nobody, 401, 401, 401),
    (Caller::Key, 401, 401, 401),
    (Caller::Planted, 401, 401, 401),
    (Caller::Outsider, 403, 404, 403),
    // The stream and the history name nothing of ours: they tell what happens there.
    (Caller::Elsewhere, 404, 200, 200),
];

impl Caller {
    async fn ask(self, app: &TestApp, cookie: &str, path: &str) -> Call {
        let call = Call::get(path);
        match self {
            Self::Nobody => call,
            Self::Key => call.key(&app.key),
            Self::Planted => call.cookie("switchboard=AAAAAAAAAAAAAAAAAAAAAA"),
            Self::Outsider => {
                run(app, "DELETE FROM members WHERE organization_id <> $1", "").await;
                call.cookie(cookie)
            }
            Self::Elsewhere => call.cookie(cookie),
        }
    }
}

async fn run(app: &TestApp, sql: &'static str, value: &str) {
    let mut tx = app.t.store.db.begin().await.expect("a transaction");
    db::sqlx::query(sql)
        .bind(value.to_owned())
        .execute(tx.conn())
        .await
        .expect("a change");
    tx.commit().await.expect("a commit");
}

async fn move_to(app: &TestApp, organization: OrganizationId) {
    run(
        app,
        "UPDATE members SET organization_id = $1",
        &organization.key(),
    )
    .await;
}

#[tokio::test]
async fn those_without_a_right_are_refused() {
    each_engine(async |engine| {
        for (caller, file, stream, export) in TABLE {
            let app = TestApp::started(engine).await;
            let media = format!("/media/{}", Ours::make(&app).await.media);
            let home = app.t.owner().organization.expect("an organization");
            if matches!(caller, Caller::Elsewhere) {
                let there = app.t.stranger().await.organization.expect("an organization");
                move_to(&app, there).await;
            }
            let cookie = app.log_in().await;
            for (path, expect) in [
                (media.as_str(), file),
                ("/live?after=0", stream),
                ("/history/export.csv", export),
            ] {
                let call = caller.ask(&app, &cookie, path).await;
                let response = app.router.clone().oneshot(call.0).await.expect("an answer");
                assert_eq!(response.status(), expect, "{caller:?} {path}");
            }
            if matches!(caller, Caller::Elsewhere) {
                // The same person, at home, is let in.
                move_to(&app, home).await;
                let cookie = app.log_in().await;
                assert_eq!(app.call(Call::get(&media).cookie(&cookie)).await.status, 200);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn roles_open_what_they_may_see() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let media = format!("/media/{}", Ours::make(&app).await.media);
        for role in Role::ALL {
            app.become_role(*role).await;
            let cookie = app.log_in().await;
            let may = [Permission::ChatsView, Permission::QueueView]
                .iter()
                .any(|one| role.permissions().has(*one));
            let answer = app.call(Call::get(&media).cookie(&cookie)).await;
            let expect = if may { 200 } else { 403 };
            assert_eq!(answer.status, expect, "{}", role.name());
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_elsewhere_tells_nothing_of_ours() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let ours = Ours::make(&app).await;
        let there = app.t.stranger().await.organization.expect("an organization");
        move_to(&app, there).await;
        let cookie = app.log_in().await;
        let call = Call::get("/live?after=0").cookie(&cookie);
        let response = app.router.clone().oneshot(call.0).await.expect("an answer");
        let mut body = response.into_body().into_data_stream();
        let mut told = String::new();
        while let Ok(Some(chunk)) = tokio::time::timeout(Duration::from_millis(1_500), body.next()).await {
            told.push_str(std::str::from_utf8(&chunk.expect("a whole chunk")).expect("text"));
        }
        assert!(told.contains("open"), "{told}");
        for id in [
            &ours.session,
            &ours.message,
            &ours.chat,
            &ours.media,
            &ours.key,
            &ours.batch,
        ] {
            assert!(!told.contains(id.as_str()), "{told}");
        }
    })
    .await;
}
