//! Forms without script: what a page says after a refusal, and what no link makes it say.

use crate::app::{Answer, Call, TestApp};
use base64::{Engine as _, prelude::BASE64_URL_SAFE};
use domain::testing::each_engine;
use http::Method;
use types::AppError;

const ORIGIN: &str = "http://127.0.0.1:8080";

/// A form as a browser without script sends it from that page.
fn sent_from(page: &str, call: Call) -> Call {
    call.header("accept", "text/html,*/*;q=0.8")
        .header("referer", &format!("{ORIGIN}{page}"))
}

fn page(path: &str) -> Call {
    Call::get(path).header("accept", "text/html")
}

/// Path and query that the answer leads to.
#[track_caller]
fn led(answer: &Answer) -> String {
    let location = answer
        .header("location")
        .unwrap_or_else(|| panic!("no way on: {} {}", answer.status, answer.text()));
    location.strip_prefix(ORIGIN).unwrap_or(location).to_owned()
}

/// An error as Leptos writes it into an address.
fn written(error: &AppError) -> String {
    BASE64_URL_SAFE.encode(serde_json::to_vec(error).expect("JSON"))
}

fn link(page: &str, path: &str, error: &AppError) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("__path", path)
        .append_pair("__err", &written(error))
        .finish();
    format!("{page}?{query}")
}

#[tokio::test]
async fn a_refusal_is_shown_to_the_browser_that_was_refused() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let form = Call::log_in("owner@example.com", "wrong horse battery");
        let refused = app.call(sent_from("/login?next=%2Fqueue", form)).await;
        assert_eq!(refused.status, 302);
        let address = led(&refused);
        assert!(address.contains("__err="), "{address}");
        let set = refused.header("set-cookie").expect("a mark").to_owned();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=60"] {
            assert!(set.contains(part), "{part} is missing in {set}");
        }
        let mark = refused.cookie().unwrap();
        let shown = app.call(page(&address).cookie(&mark)).await;
        assert_eq!(shown.status, 200);
        assert!(shown.text().contains("do not match"), "{}", shown.text());

        let sent_on = app.call(page(&address)).await;
        assert_eq!(
            (sent_on.status.as_u16(), led(&sent_on).as_str()),
            (303, "/login?next=%2Fqueue")
        );
        let clean = app.call(page(&led(&sent_on))).await;
        assert_eq!(clean.status, 200);
        assert!(!clean.text().contains("do not match"));
        // A mark is for the one refusal that it was given for.
        let other = link("/login", "/fn/log_in", &AppError::conflict("X", "Call 0900-EVIL"));
        let answer = app.call(page(&other).cookie(&mark)).await;
        assert_eq!((answer.status.as_u16(), led(&answer).as_str()), (303, "/login"));
    })
    .await;
}

#[tokio::test]
async fn a_link_puts_no_words_into_our_mouth() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let cookie = app.log_in().await;
        let evil = AppError::conflict("X", "Call 0900-EVIL");
        let plain = link("/login", "/fn/log_in", &evil);
        for (address, clean) in [
            (plain.clone(), "/login"),
            (link("/set-up", "/fn/set_up", &evil), "/set-up"),
            (
                format!("{}&token=abc", link("/set-up", "/fn/set_up", &evil)),
                "/set-up?token=abc",
            ),
            (
                link("/profile", "/fn/save_profile", &AppError::field("name", "EVIL")),
                "/profile",
            ),
            (link("/no-such-page", "/fn/log_in", &evil), "/no-such-page"),
            // The same, written differently.
            (
                plain.replace("__err", "%5F%5Ferr").replace("__path", "_%5fpath"),
                "/login",
            ),
            (format!("{plain}&{}", plain.split_once('?').unwrap().1), "/login"),
            (format!("/login?__err={}", written(&evil)), "/login"),
            // Where it is led to stays here.
            (
                format!("//evil.example{}", plain.replace("/login", "")),
                "/evil.example",
            ),
        ] {
            for call in [page(&address), page(&address).cookie(&cookie)] {
                let answer = app.call(call).await;
                assert_eq!(
                    (answer.status.as_u16(), led(&answer).as_str()),
                    (303, clean),
                    "{address}"
                );
                assert!(!answer.text().contains("EVIL"), "{address}");
            }
            let head = Call::new(Method::HEAD, &address);
            assert_eq!(app.call(head).await.status, 303, "{address}");
        }
        for untouched in [
            "/login?next=%2Fqueue",
            "/login?err=x&path=y",
            "/login?__email=a%40example.com",
        ] {
            assert_eq!(app.call(page(untouched)).await.status, 200, "{untouched}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused_in_words() {
    each_engine(async |engine| {
        let app = TestApp::new(engine).await;
        let large = "x".repeat(2 << 20);
        let announced = || Call::log_in("owner@example.com", &large);
        let unannounced = || {
            let mut call = announced();
            let body = std::mem::take(call.0.body_mut()).into_data_stream();
            *call.0.body_mut() = axum::body::Body::from_stream(body);
            call
        };
        for call in [announced(), unannounced()] {
            let answer = app.call(call).await;
            assert_eq!(answer.status, 413, "{}", answer.text());
            assert_eq!(answer.header("content-type"), Some("application/json"));
            let error: AppError = serde_json::from_slice(&answer.body).expect("an error of ours");
            assert_eq!(error, AppError::TooLarge { limit_bytes: 2 << 20 });
        }
        // Without script the page comes back and says it.
        let answer = app.call(sent_from("/login", announced())).await;
        assert_eq!(answer.status, 302);
        let shown = app
            .call(page(&led(&answer)).cookie(&answer.cookie().expect("a mark")))
            .await;
        assert_eq!(shown.status, 200);
        assert!(shown.text().contains("role=\"alert\""), "{}", shown.text());
        // Just under it, it is read.
        let small = Call::log_in("owner@example.com", &large[100..]);
        assert!([401, 422].contains(&app.call(small).await.status.as_u16()));
    })
    .await;
}
