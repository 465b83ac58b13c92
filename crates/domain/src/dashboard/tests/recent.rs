//! What happened last, and who may know.

use super::*;
use crate::{alerts::NewAlert, testing::each_engine};
use types::{
    Permission, Permissions,
    dashboard::{Happening, Recent},
};

fn kinds(all: &[Recent]) -> Vec<&'static str> {
    all.iter()
        .map(|one| match one.what {
            Happening::Chat(_) => "chat",
            Happening::Batch(_) => "batch",
            Happening::Session { .. } => "session",
            Happening::Alert { .. } => "alert",
        })
        .collect()
}

#[tokio::test]
async fn a_few_of_each_kind_newest_first() {
    each_engine(|engine| async move {
        let t = still(engine, "2026-11-10T05:00:00Z").await;
        for number in 0..6 {
            let when = format!("2026-11-10T0{number}:30:00Z");
            chat(&t, t.made.organization, t.session, number, Some(&when), None).await;
        }
        let mut tx = t.domain.shared.begin().await.unwrap();
        let session = crate::alerts::Named {
            organization: t.made.organization,
            session: t.session,
            name: "Sandbox",
        };
        t.domain
            .alerts
            .raise_in(&mut tx, NewAlert::repeated_text(session, 40, "Hello"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let recent = async |permissions: Permissions| {
            let ctx = Ctx {
                permissions,
                ..t.owner()
            };
            t.domain.dashboard.recent(&ctx).await.unwrap()
        };
        let all = recent(Permissions::all()).await;
        assert!(all.windows(2).all(|pair| pair[0].at >= pair[1].at), "{all:?}");
        let chats: Vec<_> = kinds(&all).into_iter().filter(|kind| *kind == "chat").collect();
        assert_eq!(chats.len(), 4);
        assert!(kinds(&all).contains(&"alert"));
        let few = recent([Permission::QueueView].into_iter().collect()).await;
        assert_eq!(kinds(&few), Vec::<&str>::new());
        let looks = recent(
            [Permission::QueueView, Permission::ChatsView]
                .into_iter()
                .collect(),
        )
        .await;
        assert!(kinds(&looks).iter().all(|kind| *kind == "chat"));

        let stranger = t.stranger().await;
        assert_eq!(t.domain.dashboard.recent(&stranger).await.unwrap(), []);
        let pinned = Ctx {
            session: Some(SessionId(t.domain.shared.ids.uuid())),
            ..t.owner()
        };
        assert_eq!(t.domain.dashboard.recent(&pinned).await.unwrap(), []);
        assert!(t.domain.dashboard.recent(&t.nobody()).await.is_err());
    })
    .await;
}
