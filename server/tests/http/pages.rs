//! The door for browsers: cookies, other sites, and what pages may do.

use crate::app::{Call, TestApp};
use domain::testing::each_engine;
use http::Method;
use serde_json::json;

fn page(path: &str) -> Call {
    Call::get(path).header("accept", "text/html")
}

#[tokio::test]
async fn a_visitor_gets_no_cookie_and_a_login_does() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let visit = app.call(page("/log-in")).await;
        assert_eq!(visit.header("set-cookie"), None);
        let wrong = app
            .call(Call::log_in("owner@example.com", "wrong horse battery"))
            .await;
        assert_eq!(wrong.status, 401, "{}", wrong.text());
        assert_eq!(wrong.header("set-cookie"), None);

        let right = app
            .call(Call::log_in("owner@example.com", "correct horse battery"))
            .await;
        let cookie = right.header("set-cookie").expect("a cookie").to_owned();
        assert!(
            cookie.starts_with("switchboard="),
            "without TLS there is no __Host-: {cookie}"
        );
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
            assert!(cookie.contains(part), "{part} is missing in {cookie}");
        }
        let value = right.cookie().unwrap();
        let secret = value.split_once('=').unwrap().1;
        let rows = db::sqlx::query("SELECT token_hash, data FROM logins")
            .fetch_all(app.t.store.db.read())
            .await
            .unwrap();
        assert_eq!(rows.len(), 1);
        for column in ["token_hash", "data"] {
            let text: String = db::Row::try_get(&rows[0], column).unwrap();
            assert!(
                !text.contains(secret),
                "the cookie's value is not in the database"
            );
        }
        let second = app
            .call(Call::log_in("owner@example.com", "correct horse battery").cookie(&value))
            .await;
        assert_ne!(second.cookie().unwrap(), value, "a login has a value of its own");
    })
    .await;
}

#[tokio::test]
async fn a_planted_cookie_is_worth_nothing() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let planted = "switchboard=AAAAAAAAAAAAAAAAAAAAAA";
        let answer = app
            .call(Call::log_in("owner@example.com", "correct horse battery").cookie(planted))
            .await;
        assert_ne!(answer.cookie().unwrap(), planted);
        assert_eq!(app.call(Call::get("/live").cookie(planted)).await.status, 401);
        assert_eq!(
            app.call(Call::get("/live").cookie("switchboard=nonsense"))
                .await
                .status,
            401
        );
    })
    .await;
}

#[tokio::test]
async fn logging_out_ends_the_login() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let cookie = app.log_in().await;
        let out = app.call(Call::form("/fn/log_out", &[]).cookie(&cookie)).await;
        assert!(
            out.header("set-cookie")
                .is_some_and(|cookie| cookie.contains("Max-Age=0")),
            "{:?}",
            out.headers
        );
        assert_eq!(app.call(Call::get("/live").cookie(&cookie)).await.status, 401);
        let stale = app.call(page("/").cookie(&cookie)).await;
        assert!(
            stale
                .header("set-cookie")
                .is_some_and(|cookie| cookie.contains("Max-Age=0")),
            "{:?}",
            stale.headers
        );
    })
    .await;
}

#[tokio::test]
async fn other_sites_change_nothing() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let form = || Call::log_in("owner@example.com", "correct horse battery");
        let cross = app.call(form().header("sec-fetch-site", "cross-site")).await;
        assert_eq!((cross.status.as_u16(), cross.header("set-cookie")), (403, None));
        let mut silent = form();
        silent.0.headers_mut().remove("sec-fetch-site");
        assert_eq!(app.call(silent).await.status, 403);
        let mut old = form().header("origin", "http://127.0.0.1:8080");
        old.0.headers_mut().remove("sec-fetch-site");
        assert!(
            app.call(old).await.cookie().is_some(),
            "an older browser says Origin"
        );
        let unknown = app.call(Call::new(Method::DELETE, "/anything")).await;
        assert_eq!(unknown.status, 403);
    })
    .await;
}

#[tokio::test]
async fn pages_carry_a_policy_with_their_own_nonce() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let nonce = async |call: Call| {
            let answer = app.call(call).await;
            let policy = answer
                .header("content-security-policy")
                .expect("a policy")
                .to_owned();
            assert!(
                policy.contains("'wasm-unsafe-eval'") && policy.contains("frame-ancestors 'none'"),
                "{policy}"
            );
            assert!(
                !policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"),
                "{policy}"
            );
            let nonce = policy
                .split("'nonce-")
                .nth(1)
                .and_then(|rest| rest.split('\'').next())
                .expect("a nonce");
            let html = answer.text();
            assert!(
                html.contains(&format!("nonce=\"{nonce}\"")),
                "the scripts carry the nonce"
            );
            assert!(!html.contains(" style=\""), "no style attributes");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cache-control", "no-store"),
            ] {
                assert_eq!(answer.header(name), Some(value), "{name}");
            }
            nonce.to_owned()
        };
        let first = nonce(page("/log-in")).await;
        assert_ne!(first, nonce(page("/log-in")).await);
        let cookie = app.log_in().await;
        nonce(page("/no-such-page").cookie(&cookie)).await;
        let missing = app.call(page("/no-such-page").cookie(&cookie)).await;
        assert_eq!(missing.status, 404);
        let file = app.call(Call::get("/pkg/no-such-file.js")).await;
        assert_eq!(file.status, 404);
        assert_eq!(
            file.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'")
        );
    })
    .await;
}

#[tokio::test]
async fn files_are_served_as_what_they_are() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let site = app.t.store.folder().join("site");
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        std::fs::write(site.join("pkg/switchboard.css"), "body{}").unwrap();
        std::fs::write(site.join("pkg/switchboard.css.br"), "brotli").unwrap();
        std::fs::write(site.join("favicon.svg"), "<svg/>").unwrap();
        std::fs::write(site.join("hash.txt"), "js: abc").unwrap();
        let plain = app.call(Call::get("/pkg/switchboard.css")).await;
        assert_eq!(
            (plain.text().as_str(), plain.header("content-encoding")),
            ("body{}", None)
        );
        assert!(plain.header("content-type").unwrap().starts_with("text/css"));
        assert_eq!(
            plain.header("cache-control"),
            Some("public, no-cache"),
            "its name has no hash"
        );
        let small = app
            .call(Call::get("/pkg/switchboard.css").header("accept-encoding", "gzip, br"))
            .await;
        assert_eq!(
            (small.text().as_str(), small.header("content-encoding")),
            ("brotli", Some("br"))
        );
        assert_eq!(
            app.call(Call::get("/favicon.svg")).await.header("content-type"),
            Some("image/svg+xml")
        );
        assert_eq!(app.call(page("/hash.txt")).await.status, 404);
        assert_eq!(app.call(Call::get("/pkg/../hash.txt")).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn attachments_are_for_members() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let body = json!({"number": "6282146727409", "media": {"data": crate::compat_message::PDF, "mimetype": "application/pdf"}});
        let id = app.post("/api/send-message", body).await.json()["id"].as_str().unwrap().to_owned();
        let entry = app.get(&format!("/api/v1/messages/{id}")).await.json();
        let path = format!("/media/{}", entry["media"]["id"].as_str().unwrap());
        assert_eq!(app.call(Call::get(&path)).await.status, 401);
        assert_eq!(app.call(Call::get(&path).key(&app.key)).await.status, 401, "keys have their own address");
        let cookie = app.log_in().await;
        let file = app.call(Call::get(&path).cookie(&cookie)).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, Some("application/pdf")));
        assert!(file.header("content-disposition").is_some_and(|way| way.starts_with("attachment")));
        assert_eq!(file.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
        for unknown in ["nonsense", "med_00000000000000000000000000000001"] {
            assert_eq!(app.call(Call::get(&format!("/media/{unknown}")).cookie(&cookie)).await.status, 404);
        }
    })
    .await;
}
