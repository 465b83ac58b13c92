//! Settings on both engines.

use crate::{
    Ctx, Error, Result,
    testing::{TestDomain, each_engine},
};
use types::{
    AppError,
    pacing::{Limit, LimitValue, Limits},
    settings::{PatchSettings, Settings},
};

fn delays(settings: &Settings) -> (Option<i64>, Option<i64>) {
    let limit = |limit| settings.limits.get(limit);
    (limit(Limit::DelayMin), limit(Limit::DelayMax))
}

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
            (before.limits, before.platform),
            (Limits::default(), Limits::off())
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
        assert_eq!(delays(&after), (Some(0), Some(1_500)));

        let inherit = patch(
            &t,
            r#"{"main_number":null,"delay_min_ms":null,"delay_max_ms":null}"#,
        )
        .await
        .unwrap();
        assert_eq!((delays(&inherit), inherit.main_number), ((None, None), None));
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
        assert_eq!(settings.platform, Limits::defaults());
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

#[tokio::test]
async fn limits_are_set_at_every_level_and_the_nearest_one_holds() {
    each_engine(|engine| async move {
        let t = TestDomain::with_clock(engine, crate::Clock::System, false).await;
        let settings = &t.domain.settings;
        let rules = async || {
            let pool = t.domain.shared.read();
            let policy = super::policy(pool, t.made.organization).await.unwrap().unwrap();
            policy.rules(Some(t.session))
        };
        assert_eq!(rules().await.hourly, Some(100));
        patch(&t, r#"{"hourly_limit":50,"window":"09:00-17:00 mon-fri"}"#)
            .await
            .unwrap();
        assert_eq!(rules().await.hourly, Some(50));
        let change = |name: &str, value| [(name.to_owned(), value)].into_iter().collect();
        let own = settings
            .patch_session(
                &t.owner(),
                t.session,
                change("hourly_limit", LimitValue::Number(7)),
            )
            .await
            .unwrap();
        assert_eq!(
            (own.limits.get(Limit::Hourly), own.inherited.get(Limit::Hourly)),
            (Some(7), Some(50))
        );
        assert_eq!(rules().await.hourly, Some(7));
        settings
            .patch_session(
                &t.owner(),
                t.session,
                change("hourly_limit", LimitValue::Number(0)),
            )
            .await
            .unwrap();
        assert_eq!(rules().await.hourly, None, "0 turns it off");
        assert!(rules().await.window.is_some());
        settings
            .patch_session(&t.owner(), t.session, change("hourly_limit", LimitValue::Blank))
            .await
            .unwrap();
        assert_eq!(rules().await.hourly, Some(50), "blank inherits again");
        let mut admin = t.owner();
        admin.super_admin = true;
        settings
            .patch_platform(&admin, change("daily_limit", LimitValue::Number(9)))
            .await
            .unwrap();
        assert_eq!(rules().await.daily, Some(9));
    })
    .await;
}

#[tokio::test]
async fn absurd_limits_are_refused_by_name_and_nothing_changes() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let before = t.domain.settings.get(&t.owner()).await.unwrap();
        for (json, field, words) in [
            (r#"{"hourly_limit":-1}"#, "hourly_limit", "0 (no limit)"),
            (
                r#"{"daily_limit":9223372036854775807}"#,
                "daily_limit",
                "10000000",
            ),
            (
                r#"{"recipient_gap_ms":99999999999}"#,
                "recipient_gap_ms",
                "milliseconds",
            ),
            (r#"{"window":"10:00-10:00"}"#, "window", "never opens"),
            (r#"{"window":"25:00-26:00"}"#, "window", "00:00 to 24:00"),
            (r#"{"window":"09:00-10:00 someday"}"#, "window", "mon, tue"),
            (r#"{"warm_up":3}"#, "warm_up", "1 (on) or 0 (off)"),
            (r#"{"colour":3}"#, "colour", "no such setting"),
            (
                r#"{"hourly_limit":5,"daily_limit":-5}"#,
                "daily_limit",
                "0 (no limit)",
            ),
            (r#"{"opt_outs":["12"]}"#, "opt_outs", "12"),
        ] {
            refused(&t, json, field, words).await;
        }
        assert_eq!(before, t.domain.settings.get(&t.owner()).await.unwrap());
        let change = [("organization_daily_limit".to_owned(), LimitValue::Number(7))];
        let error = t
            .domain
            .settings
            .patch_session(&t.owner(), t.session, change.into_iter().collect())
            .await;
        assert!(matches!(error, Err(Error::App(AppError::Invalid { .. }))));
    })
    .await;
}

/// The numbers from there on, one after another.
fn numbers(from: u64, count: u64) -> Vec<String> {
    (from..from + count)
        .map(|n| (628_120_000_000 + n).to_string())
        .collect()
}

async fn opt_out(t: &TestDomain, list: Vec<String>) -> Settings {
    let patch = PatchSettings {
        opt_outs: Some(list),
        ..PatchSettings::default()
    };
    t.domain.settings.patch(&t.owner(), patch).await.unwrap()
}

#[tokio::test]
async fn a_long_list_of_opt_outs_becomes_another() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        for (from, count) in [(0, 10_000), (5_000, 10_000), (5_001, 600), (9_000, 0), (3, 1)] {
            let mut list = numbers(from, count);
            list.reverse();
            let told = opt_out(&t, list).await;
            assert_eq!(told.opt_outs, numbers(from, count));
            let kept = t.domain.settings.get(&t.owner()).await.unwrap();
            assert_eq!(kept.opt_outs, numbers(from, count));
        }
    })
    .await;
}

#[tokio::test]
async fn what_changes_nothing_waits_for_nobody() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let list = numbers(0, 3_000);
        opt_out(&t, list.clone()).await;
        patch(&t, r#"{"hourly_limit":50}"#).await.unwrap();
        let before = t.domain.settings.version(t.made.organization);
        // Somebody else changes the organization and takes long about it.
        let mut tx = t.domain.shared.begin().await.unwrap();
        super::store::lock(tx.conn(), t.made.organization).await.unwrap();
        let own = [("hourly_limit".to_owned(), LimitValue::Blank)]
            .into_iter()
            .collect();
        let all = async {
            opt_out(&t, list).await;
            patch(&t, "{}").await.unwrap();
            patch(&t, r#"{"hourly_limit":50,"allow_list":["*"]}"#)
                .await
                .unwrap();
            let settings = &t.domain.settings;
            settings.patch_session(&t.owner(), t.session, own).await.unwrap();
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), all)
            .await
            .expect("they need no turn at writing");
        tx.commit().await.unwrap();
        assert_eq!(t.domain.settings.version(t.made.organization), before);
    })
    .await;
}

#[tokio::test]
async fn changes_are_told_to_their_organization_alone() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await;
        let stranger = t.stranger().await;
        let settings = &t.domain.settings;
        let mut ours = settings.watch(t.made.organization);
        let mut theirs = settings.watch(stranger.organization.unwrap());
        let heard = |one: &mut tokio::sync::watch::Receiver<super::Version>| {
            let changed = one.has_changed().unwrap();
            one.borrow_and_update();
            changed
        };
        patch(&t, r#"{"hourly_limit":5}"#).await.unwrap();
        assert_eq!((heard(&mut ours), heard(&mut theirs)), (true, false));
        patch(&t, r#"{"name":"Other"}"#).await.unwrap();
        assert_eq!((heard(&mut ours), heard(&mut theirs)), (false, false));
        let mut admin = t.owner();
        admin.super_admin = true;
        let change = || {
            [("daily_limit".to_owned(), LimitValue::Number(9))]
                .into_iter()
                .collect()
        };
        settings.patch_platform(&admin, change()).await.unwrap();
        assert_eq!((heard(&mut ours), heard(&mut theirs)), (true, true));
        settings.patch_platform(&admin, change()).await.unwrap();
        assert_eq!((heard(&mut ours), heard(&mut theirs)), (false, false));
    })
    .await;
}
