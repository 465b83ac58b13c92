//! Who is refused what, for every server function of the pages. One without a row fails.

use crate::{
    app::{Answer, Call, TestApp},
    ours::Ours,
};
use domain::testing::each_engine;
use std::collections::BTreeSet;
use types::{Permission as P, Role};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Access {
    /// For those who are not known yet.
    Public,
    /// For whoever is logged in.
    Known,
    Needs(P),
}
use Access::{Known, Needs, Public};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

struct Row {
    name: &'static str,
    access: Access,
    /// Good arguments; `$session`, `$message`, `$chat`, `$key` and `$alert` stand for ours.
    args: &'static [(&'static str, &'static str)],
}

const fn row(name: &'static str, access: Access, args: &'static [(&'static str, &'static str)]) -> Row {
    Row { name, access, args }
}

const SESSION: &[(&str, &str)] = &[("id", "$session")];
const MESSAGE: &[(&str, &str)] = &[("id", "$message")];
const ALERT: &[(&str, &str)] = &[("id", "$alert")];

const BATCH: &[(&str, &str)] = &[("id", "$batch")];

const TABLE: &[Row] = &[
    row("door", Public, &[]),
    row("set_up_door", Public, &[("token", "x")]),
    row(
        "log_in",
        Public,
        &[("email", "nobody@example.com"), ("password", "x")],
    ),
    row("log_out", Public, &[]),
    row(
        "set_up",
        Public,
        &[
            ("token", "x"),
            ("name", "x"),
            ("email", "x@example.com"),
            ("password", "x"),
            ("organization", "x"),
            ("time_zone", "UTC"),
        ],
    ),
    row("frame", Known, &[]),
    row("name_sessions", Needs(P::SessionsView), &[]),
    row("what_was_made", Known, &[]),
    row("take_fresh_key", Known, &[("id", "$key")]),
    row("switch_organization", Known, &[("organization", NOBODY)]),
    row("profile", Known, &[]),
    row("save_profile", Known, &[("name", "Owner"), ("theme", "dark")]),
    row(
        "change_password",
        Known,
        &[("current", "x"), ("new", "correct horse battery 2")],
    ),
    row("end_login", Known, &[("login", NOBODY)]),
    row("load_dashboard", Needs(P::QueueView), &[]),
    row("load_engagement", Needs(P::QueueView), &[]),
    row("load_queue", Needs(P::QueueView), &[]),
    row("load_docs", Known, &[("op", "post-send")]),
    row("load_entry", Needs(P::QueueView), MESSAGE),
    row("cancel_entry", Needs(P::QueueManage), MESSAGE),
    row("retry_entry", Needs(P::QueueManage), MESSAGE),
    row("cancel_pending", Needs(P::QueueManage), &[]),
    row("send_entry_now", Needs(P::QueueManage), MESSAGE),
    row("reassign_entry", Needs(P::QueueManage), MESSAGE),
    row(
        "settle_entry",
        Needs(P::QueueManage),
        &[("id", "$message"), ("outcome", "failed")],
    ),
    row("retry_failed", Needs(P::QueueManage), &[]),
    row("load_balance", Needs(P::QueueView), &[]),
    row(
        "load_what_if",
        Needs(P::QueueView),
        &[("limit", "hourly_limit"), ("value", "5")],
    ),
    row("load_send", Needs(P::MessagesSend), &[]),
    row("load_send_many", Needs(P::MessagesSend), &[("cursor", "")]),
    row("load_batch", Needs(P::QueueView), BATCH),
    row("confirm_batch", Needs(P::MessagesSend), BATCH),
    row("cancel_batch", Needs(P::QueueManage), BATCH),
    row("load_history", Needs(P::QueueView), &[]),
    row(
        "load_chats",
        Needs(P::ChatsView),
        &[("session", "$session"), ("search", ""), ("cursor", "")],
    ),
    row(
        "load_thread",
        Needs(P::ChatsView),
        &[("chat", "$chat"), ("cursor", "")],
    ),
    row("load_sessions", Needs(P::SessionsView), &[]),
    row("load_session", Needs(P::SessionsView), SESSION),
    row("load_pairing", Needs(P::SessionsManage), SESSION),
    row(
        "add_sandbox_phone",
        Needs(P::SessionsManage),
        &[("name", "Second")],
    ),
    row(
        "order_session",
        Needs(P::SessionsManage),
        &[("id", "$session"), ("order", "stop")],
    ),
    row("log_out_session", Needs(P::SessionsManage), SESSION),
    row("delete_session", Needs(P::SessionsManage), SESSION),
    row("refresh_qr", Needs(P::SessionsManage), SESSION),
    row(
        "request_pairing_code",
        Needs(P::SessionsManage),
        &[("id", "$session"), ("number", "6282146727409")],
    ),
    row("load_about", Needs(P::SettingsView), &[]),
    row("load_limits", Needs(P::SettingsView), &[]),
    row("load_limits", Needs(P::SessionsView), &[("session", "$session")]),
    row("load_limits", Known, &[("level", "platform")]),
    row("take_saved", Known, &[]),
    row(
        "save_about",
        Needs(P::SettingsManage),
        &[("name", "Kopi"), ("time_zone", "UTC"), ("allow_list", "*")],
    ),
    row(
        "save_limits",
        Needs(P::SettingsManage),
        &[("limits[hourly_limit]", "5000")],
    ),
    row(
        "save_limits",
        Needs(P::SessionsManage),
        &[("session", "$session"), ("limits[hourly_limit]", "5000")],
    ),
    row(
        "save_limits",
        Known,
        &[("level", "platform"), ("limits[hourly_limit]", "5000")],
    ),
    row(
        "ask_what_if",
        Needs(P::QueueView),
        &[("limits[hourly_limit]", "5000")],
    ),
    row("load_keys", Needs(P::KeysView), &[]),
    row(
        "make_key",
        Needs(P::KeysManage),
        &[("name", "Till"), ("scopes[0]", "queue:view")],
    ),
    row("revoke_key", Needs(P::KeysManage), &[("id", "$key")]),
    row("load_alerts", Needs(P::AlertsView), &[]),
    row("count_alerts", Needs(P::AlertsView), &[]),
    row("acknowledge_alert", Needs(P::AlertsManage), ALERT),
    row("resolve_alert", Needs(P::AlertsManage), ALERT),
    row("resolve_alerts", Needs(P::AlertsManage), &[]),
    row("load_request_log", Needs(P::RequestLogView), &[]),
    row("load_request", Needs(P::RequestLogView), &[("id", "$request")]),
    row("keep_requests", Needs(P::SettingsManage), &[("days", "7")]),
    row("load_phone", Needs(P::SandboxUse), SESSION),
    row(
        "load_screens",
        Needs(P::SandboxUse),
        &[("id", "$session"), ("number", "")],
    ),
    row(
        "add_customer",
        Needs(P::SandboxUse),
        &[("id", "$session"), ("number", "6282146727409")],
    ),
    row(
        "write_on_phone",
        Needs(P::SandboxUse),
        &[("id", "$session"), ("number", "6282146727409"), ("text", "a")],
    ),
    row("pair_phone", Needs(P::SandboxUse), SESSION),
    row(
        "arm_phone_fault",
        Needs(P::SandboxUse),
        &[("id", "$session"), ("kind", "fail")],
    ),
    row("clear_phone_faults", Needs(P::SandboxUse), SESSION),
    row("read_everything", Needs(P::SandboxUse), SESSION),
];

impl Row {
    fn names_ours(&self) -> bool {
        self.args.iter().any(|(_, value)| value.starts_with('$'))
    }

    async fn ask(&self, app: &TestApp, cookie: Option<&str>, fill: impl Fn(&str) -> String) -> Answer {
        let args: Vec<(&str, String)> = self
            .args
            .iter()
            .map(|(name, value)| (*name, fill(value)))
            .collect();
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut call = Call::form(&format!("/fn/{}", self.name), &args);
        if let Some(cookie) = cookie {
            call = call.cookie(cookie);
        }
        app.call(call).await
    }
}

fn nowhere(value: &str) -> String {
    if value.starts_with('$') {
        NOBODY.into()
    } else {
        value.into()
    }
}

#[tokio::test]
async fn every_server_function_has_a_row() {
    each_engine(async |engine| {
        // The list is filled while the router is built.
        let _app = TestApp::new(engine).await;
        let served: BTreeSet<String> = server_fn::axum::server_fn_paths()
            .map(|(path, _)| path.to_owned())
            .collect();
        let listed: BTreeSet<String> = TABLE.iter().map(|row| format!("/fn/{}", row.name)).collect();
        assert_eq!(served, listed);
    })
    .await;
}

#[tokio::test]
async fn strangers_and_roles_are_refused() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let ours = Ours::make(&app).await;
        for row in TABLE {
            let status = row.ask(&app, None, nowhere).await.status;
            // Who may log in is told by another 401, so that one is not looked at.
            if row.access != Public {
                assert_eq!(status, 401, "{}: nobody", row.name);
            }
            let keyed = app
                .call(Call::form(&format!("/fn/{}", row.name), &[]).key(&app.key))
                .await
                .status;
            assert!(
                row.access == Public || keyed == 401 || keyed == 422,
                "{}: a key opens no page: {keyed}",
                row.name
            );
        }
        for role in Role::ALL {
            app.become_role(*role).await;
            let cookie = app.log_in().await;
            for row in TABLE.iter().filter(|row| row.access != Public) {
                let lacks = matches!(row.access, Needs(needed) if !role.permissions().has(needed));
                // What is refused may name real things; what is allowed must not touch them.
                let answer = if lacks {
                    row.ask(&app, Some(&cookie), |value| ours.arg(value)).await
                } else {
                    row.ask(&app, Some(&cookie), nowhere).await
                };
                let told = format!(
                    "{}: {}: {} {}",
                    row.name,
                    role.name(),
                    answer.status,
                    answer.text()
                );
                if lacks {
                    assert_eq!(answer.status, 403, "{told}");
                } else {
                    assert!(![401, 403, 500].contains(&answer.status.as_u16()), "{told}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_platform_is_for_super_admins() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let form = [("level", "platform"), ("limits[hourly_limit]", "77")];
        let ask =
            async |cookie: &str, path: &str| app.call(Call::form(path, &form).cookie(cookie)).await.status;
        let owner = app.log_in().await;
        assert_eq!(ask(&owner, "/fn/load_limits").await, 200);
        assert_eq!(ask(&owner, "/fn/save_limits").await, 200);
        app.become_role(Role::ALL[0]).await;
        let cookie = app.log_in().await;
        for path in ["/fn/load_limits", "/fn/save_limits"] {
            assert_eq!(ask(&cookie, path).await, 404, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn another_organization_finds_nothing_of_ours() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let ours = Ours::make(&app).await;
        let elsewhere = app.t.stranger().await.organization.expect("an organization");
        let mut tx = app.t.store.db.begin().await.expect("a transaction");
        db::sqlx::query("UPDATE members SET organization_id = $1")
            .bind(elsewhere.key())
            .execute(tx.conn())
            .await
            .expect("a move");
        tx.commit().await.expect("a commit");
        let cookie = app.log_in().await;
        for row in TABLE.iter().filter(|row| matches!(row.access, Needs(_))) {
            let answer = row.ask(&app, Some(&cookie), |value| ours.arg(value)).await;
            let told = format!("{}: {} {}", row.name, answer.status, answer.text());
            if row.names_ours() {
                assert_eq!(answer.status, 404, "{told}");
            }
            for id in [
                &ours.session,
                &ours.message,
                &ours.chat,
                &ours.media,
                &ours.key,
                &ours.alert,
                &ours.batch,
            ] {
                assert!(!answer.text().contains(id.as_str()), "{told}");
            }
        }
        let session = app
            .get(&format!("/api/v1/sessions/{}", ours.session))
            .await
            .json();
        assert_eq!(session["state"], "connected", "nothing of all this did anything");
    })
    .await;
}
