//! Settings on both engines.

use crate::{
    Ctx, Error, Result,
    testing::{TestDomain, each_engine},
};
use types::{
    AppError,
    settings::{PatchSettings, Settings},
};

async fn patch(t: &TestDomain, json: &str) -> Result<Settings> {
    let patch: PatchSettings = serde_json::from_str(json).unwrap();
    t.domain.settings.patch(&t.owner(), patch).await
}

async fn refused(t: &TestDomain, json: &str, field: &str, words: &str) {
    match patch(t, json).await {
        Err(Error::App(error)) => {
            let message = error
                .for_field(field)
                .unwrap_or_else(|| panic!("{json}: {error:?}"));
            assert!(message.contains(words), "{json}: {message}");
        }
        other => panic!("{json}: {:?}", other.map(|s| s.name)),
    }
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let before = t.domain.settings.get(&t.owner()).await.unwrap();
        assert_eq!(before.name, "Kopi Lestari");
        assert_eq!(before.time_zone, "Asia/Jakarta");
        assert_eq!(before.allow_list, ["*"]);
        assert_eq!(
            (
                before.delay_min_ms,
                before.platform_delay_min_ms,
                before.platform_delay_max_ms
            ),
            (None, 0, 0)
        );
        let place = t.domain.events.latest(&t.owner()).await.unwrap();

        let after = patch(
            &t,
            r#"{"name":" Kopi Baru ","time_zone":"europe/berlin","main_number":"+62 821-4672-7409",
               "allow_list":["6282146727409","120363xxx@g.us"],"delay_min_ms":0,"delay_max_ms":1500}"#,
        )
        .await
        .unwrap();
        assert_eq!(after, t.domain.settings.get(&t.owner()).await.unwrap());
        assert_eq!(after.name, "Kopi Baru");
        assert_eq!(after.time_zone, "Europe/Berlin");
        assert_eq!(after.main_number.as_deref(), Some("6282146727409"));
        assert_eq!(after.allow_list, ["6282146727409", "120363xxx@g.us"]);
        assert_eq!((after.delay_min_ms, after.delay_max_ms), (Some(0), Some(1_500)));

        let inherit = patch(
            &t,
            r#"{"main_number":null,"delay_min_ms":null,"delay_max_ms":null}"#,
        )
        .await
        .unwrap();
        assert_eq!(
            (inherit.main_number, inherit.delay_min_ms, inherit.delay_max_ms),
            (None, None, None)
        );
        assert_eq!(inherit.name, "Kopi Baru");

        patch(&t, "{}").await.unwrap();
        let (events, _) = t.domain.events.after(&t.owner(), place, 10).await.unwrap();
        let fields: Vec<_> = events.iter().map(|e| e.data["fields"].to_string()).collect();
        assert_eq!(
            fields,
            [
                r#"["name","time_zone","main_number","allow_list","delay_min_ms","delay_max_ms"]"#,
                r#"["main_number","delay_min_ms","delay_max_ms"]"#,
            ],
            "a patch that changes nothing is no event"
        );
    })
    .await;
}

#[tokio::test]
async fn the_platform_has_a_delay_until_it_is_told_otherwise() {
    each_engine(|engine| async move {
        let t = TestDomain::with_clock(engine, crate::Clock::System, false).await;
        let settings = t.domain.settings.get(&t.owner()).await.unwrap();
        assert_eq!(
            (settings.platform_delay_min_ms, settings.platform_delay_max_ms),
            (5_000, 20_000)
        );
        refused(
            &t,
            r#"{"delay_min_ms":20001}"#,
            "delay_min_ms",
            "greatest (20000 ms)",
        )
        .await;
        refused(
            &t,
            r#"{"delay_max_ms":4999}"#,
            "delay_max_ms",
            "least delay (5000 ms)",
        )
        .await;
        patch(&t, r#"{"delay_min_ms":20000}"#).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_wrong_field_changes_nothing_and_says_what_to_do() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let before = t.domain.settings.get(&t.owner()).await.unwrap();
        refused(&t, r#"{"name":"  "}"#, "name", "1 to 80").await;
        refused(&t, r#"{"time_zone":"Mars/Olympus"}"#, "time_zone", "Asia/Jakarta").await;
        refused(&t, r#"{"main_number":"12"}"#, "main_number", "7 to 15 digits").await;
        refused(
            &t,
            r#"{"main_number":"120363xxx@g.us"}"#,
            "main_number",
            "not a group",
        )
        .await;
        refused(&t, r#"{"allow_list":[]}"#, "allow_list", "*").await;
        refused(
            &t,
            r#"{"allow_list":["*","628214672740"]}"#,
            "allow_list",
            "alone",
        )
        .await;
        refused(&t, r#"{"delay_min_ms":-1}"#, "delay_min_ms", "3600000").await;
        refused(&t, r#"{"delay_max_ms":3600001}"#, "delay_max_ms", "3600000").await;
        refused(
            &t,
            r#"{"name":"Fine","delay_min_ms":2,"delay_max_ms":1}"#,
            "delay_min_ms",
            "lower the least",
        )
        .await;
        assert_eq!(before, t.domain.settings.get(&t.owner()).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn settings_need_their_permission_and_stay_at_home() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let settings = &t.domain.settings;
        assert!(forbidden(settings.get(&t.nobody()).await));
        assert!(forbidden(
            settings.patch(&t.nobody(), PatchSettings::default()).await
        ));
        let stranger: Ctx = t.stranger().await;
        let theirs = PatchSettings {
            name: Some("Theirs".into()),
            ..PatchSettings::default()
        };
        settings.patch(&stranger, theirs).await.unwrap();
        assert_eq!(settings.get(&stranger).await.unwrap().name, "Theirs");
        assert_eq!(settings.get(&t.owner()).await.unwrap().name, "Kopi Lestari");
    })
    .await;
}

fn forbidden<T>(result: Result<T>) -> bool {
    matches!(result, Err(Error::App(AppError::Forbidden { .. })))
}
