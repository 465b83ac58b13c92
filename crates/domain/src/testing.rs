//! A whole domain on a throw-away database.
#![expect(
    clippy::missing_panics_doc,
    reason = "what goes wrong here should end the test"
)]

use crate::{Clock, Config, Ctx, Domain, Random, Secrets, Shared};
use db::{Engine, testing::TestDb};
use std::future::Future;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use types::{Permissions, RequestId, SessionId, people::SetUpDone};

/// A domain with one organization, one key and one connected sandbox session, pacing off.
pub struct TestDomain {
    pub domain: Domain,
    pub made: SetUpDone,
    pub session: SessionId,
    pub engine: Engine,
    pub store: TestDb,
    stop: CancellationToken,
    tasks: Option<TaskTracker>,
}

impl TestDomain {
    /// Nothing in it: as at the first start.
    pub async fn empty(engine: Engine, clock: Clock) -> (Domain, TestDb) {
        let store = TestDb::new(engine).await;
        let random = Random::System;
        let secrets = Secrets::open(store.folder(), random.clone()).expect("a key file");
        let config = Config {
            data: store.folder().to_owned(),
            public_url: "http://127.0.0.1:8080".into(),
            node: "test".into(),
            allow_net: vec!["127.0.0.0/8".into()],
        };
        (
            Domain::new(Shared::new(store.db.clone(), clock, random, secrets, config)),
            store,
        )
    }

    pub async fn new(engine: Engine) -> Self {
        Self::with_clock(engine, Clock::System, true).await
    }

    pub async fn with_clock(engine: Engine, clock: Clock, no_pacing: bool) -> Self {
        let (domain, store) = Self::empty(engine, clock).await;
        let made = domain
            .people
            .init(crate::people::Init {
                email: "owner@example.com".into(),
                password: "correct horse battery".into(),
                name: None,
                organization: "Kopi Lestari".into(),
                time_zone: "Asia/Jakarta".into(),
                sandbox: true,
                no_pacing,
            })
            .await
            .expect("a first organization");
        let session = made.session.expect("a sandbox session");
        Self {
            domain,
            made,
            session,
            engine,
            store,
            stop: CancellationToken::new(),
            tasks: None,
        }
    }

    /// Starts the background work; it ends with this value or at [`Self::stop`].
    pub async fn started(mut self) -> Self {
        self.tasks = Some(self.domain.start(self.stop.clone()));
        self.until("the sandbox session is connected", async |t: &Self| {
            t.domain.sessions.line(t.session).is_some()
        })
        .await;
        self
    }

    pub async fn stop(&mut self) {
        self.stop.cancel();
        if let Some(tasks) = self.tasks.take() {
            tasks.wait().await;
        }
    }

    /// A new server over the same data, as after a restart; not started yet.
    #[must_use]
    pub fn restarted(mut self) -> Self {
        let shared = &self.domain.shared;
        let again = Shared::new(
            shared.db.clone(),
            shared.clock.clone(),
            shared.random.clone(),
            shared.secrets.clone(),
            shared.config.clone(),
        );
        self.domain = Domain::new(again);
        self.stop = CancellationToken::new();
        self
    }

    /// The organization's owner.
    pub fn owner(&self) -> Ctx {
        let mut ctx = Ctx::system(self.made.organization, RequestId(self.domain.shared.ids.uuid()));
        ctx.actor = crate::Actor::User(self.made.user);
        ctx
    }

    /// A member of another organization, with every permission there.
    pub async fn stranger(&self) -> Ctx {
        let mut tx = self.domain.shared.begin().await.expect("a transaction");
        let other = self
            .domain
            .orgs
            .create_in(&mut tx, "Elsewhere", "UTC")
            .await
            .expect("another organization");
        tx.commit().await.expect("a commit");
        Ctx::system(other, RequestId(self.domain.shared.ids.uuid()))
    }

    /// The same caller with nothing allowed.
    pub fn nobody(&self) -> Ctx {
        Ctx {
            permissions: Permissions::NONE,
            ..self.owner()
        }
    }

    /// Polls until it is so; panics after twenty seconds of real time.
    pub async fn until(&self, what: &str, mut so: impl AsyncFnMut(&Self) -> bool) {
        for _ in 0..2_000 {
            if so(self).await {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("it did not come about that {what}");
    }
}

impl Drop for TestDomain {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Runs the same test on SQLite and on PostgreSQL.
pub async fn each_engine<F, Fut>(test: F)
where
    F: Fn(Engine) -> Fut,
    Fut: Future<Output = ()>,
{
    for engine in [Engine::Sqlite, Engine::Postgres] {
        test(engine).await;
    }
}
