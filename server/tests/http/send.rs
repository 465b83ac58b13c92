//! The forms of "send one" and "send many", as browsers post them.

use crate::{
    app::{Answer, Call, TestApp},
    ours::Ours,
};
use domain::testing::each_engine;
use http::Method;
use types::Role;

/// A form with a file, as a page posts it.
fn form(path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Call {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some((name, content)) = file {
        let head = format!(
            "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--B--\r\n");
    Call::new(Method::POST, path)
        .raw(body)
        .header("content-type", "multipart/form-data; boundary=B")
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
}

/// The value of a field of the page's form.
fn value(answer: &Answer, name: &str) -> String {
    let text = answer.text();
    let from = text
        .find(&format!("name=\"{name}\""))
        .unwrap_or_else(|| panic!("no field {name}"));
    let tag = &text[text[..from].rfind('<').unwrap()..];
    let tag = &tag[..tag.find('>').unwrap()];
    tag.split("value=\"")
        .nth(1)
        .map_or("", |rest| rest.split('"').next().unwrap())
        .to_owned()
}

async fn page(app: &TestApp, cookie: &str, path: &str) -> Answer {
    app.call(Call::get(path).header("accept", "text/html").cookie(cookie))
        .await
}

#[tokio::test]
async fn a_form_sends_once() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let cookie = app.log_in().await;
        let token = value(&page(&app, &cookie, "/send").await, "token");
        let post = async |text: &str| {
            let fields = [("token", token.as_str()), ("to", "6281234567890"), ("text", text)];
            app.call(form("/send", &fields, None).cookie(&cookie)).await
        };
        let first = post("*Hi*\r\nthere").await;
        assert_eq!(first.status, 303, "{}", first.text());
        let address = first.header("location").unwrap().to_owned();
        assert!(address.starts_with("/send?sent=msg_"), "{address}");
        let again = post("*Hi*\r\nthere").await;
        assert_eq!(
            again.header("location"),
            Some(address.as_str()),
            "the same message"
        );
        let other = post("Another").await;
        assert_eq!(other.status, 409);
        assert!(other.text().contains("was sent before") && other.text().contains("Another"));
        assert_ne!(value(&other, "token"), token, "a new form");
        let id = address.trim_start_matches("/send?sent=").to_owned();
        app.until_state(&id, "read").await;
        assert_eq!(app.phone_texts("6281234567890").await, ["*Hi*\nthere"]);
        let sent = page(&app, &cookie, &address).await;
        assert!(sent.text().contains("is in the queue"), "the page tells of it");
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_comes_back_as_it_was_typed_with_its_file() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let cookie = app.log_in().await;
        let token = value(&page(&app, &cookie, "/send").await, "token");
        let fields = [
            ("token", token.as_str()),
            ("to", "nobody"),
            ("text", "Kept words <b>"),
            ("reference_id", "r-1"),
        ];
        let pdf: &[u8] = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
        let call = form("/send", &fields, Some(("receipt.pdf", pdf)));
        let answer = app.call(call.cookie(&cookie)).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        for part in ["Kept words &lt;b&gt;", "Phone number is not valid", "receipt.pdf"] {
            assert!(answer.text().contains(part), "{part} is missing");
        }
        assert_eq!(
            (value(&answer, "to"), value(&answer, "reference_id")),
            ("nobody".into(), "r-1".into())
        );
        let (token, kept) = (value(&answer, "token"), value(&answer, "kept"));
        let fields = [
            ("token", token.as_str()),
            ("to", "6281234567890"),
            ("text", "Kept words"),
            ("kept", kept.as_str()),
        ];
        let answer = app.call(form("/send", &fields, None).cookie(&cookie)).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let id = answer
            .header("location")
            .unwrap()
            .trim_start_matches("/send?sent=")
            .to_owned();
        app.until_state(&id, "read").await;
        let entry = app.get(&format!("/api/v1/messages/{id}")).await.json();
        assert_eq!(
            entry["media"]["filename"], "receipt.pdf",
            "the file was not chosen again"
        );

        let both = [
            ("token", token.as_str()),
            ("to", "6281234567890"),
            ("media_url", "https://a.example/b.png"),
        ];
        let answer = app
            .call(form("/send", &both, Some(("a.pdf", pdf))).cookie(&cookie))
            .await;
        assert!(answer.text().contains("not both"));
        let token = value(&page(&app, &cookie, "/send").await, "token");
        let gif = [("token", token.as_str()), ("to", "6281234567890")];
        let call = form("/send", &gif, Some(("a.png", b"GIF89a\x01\0\x01\0\0\0\0;")));
        let answer = app.call(call.cookie(&cookie)).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("GIF"), "its content decides");
    })
    .await;
}

#[tokio::test]
async fn a_list_is_looked_at_before_it_is_queued() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let cookie = app.log_in().await;
        let many = async |fields: &[(&str, &str)], file: Option<(&str, &[u8])>| {
            app.call(form("/send/many", fields, file).cookie(&cookie)).await
        };
        let bad = many(
            &[("name", "Friday"), ("text", "Hi")],
            Some(("a.csv", b"phone\n1\n")),
        )
        .await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("There is no column") && value(&bad, "name") == "Friday");
        let large = vec![b'a'; 50 << 20];
        let large = many(
            &[("name", "Friday"), ("text", "Kept words")],
            Some(("a.csv", &large)),
        )
        .await;
        assert_eq!(large.status, 413);
        assert!(
            large.text().contains("Kept words") && large.text().contains("10"),
            "{}",
            large.text()
        );
        let good = many(
            &[("text", "Hi {name}")],
            Some(("a.csv", b"number,name\n6281234567890,Ayu\nx,y\n")),
        )
        .await;
        assert_eq!(good.status, 303, "{}", good.text());
        let address = good.header("location").unwrap().to_owned();
        let look = page(&app, &cookie, &address).await;
        for part in ["Hi Ayu", "Queue 1 message", "Download as CSV"] {
            assert!(look.text().contains(part), "{part} is missing");
        }
        let id = address.trim_start_matches("/send/many/");
        let confirm = Call::form("/fn/confirm_batch", &[("id", id)]).header("accept", "text/html");
        assert_eq!(app.call(confirm.cookie(&cookie)).await.status, 302);
        app.t
            .until("it is read", async |_| {
                app.get(&format!("/api/v1/batches/{id}")).await.json()["counts"]["read"] == 1
            })
            .await;
        let errors = app
            .call(Call::get(&format!("{address}/errors.csv")).cookie(&cookie))
            .await;
        assert!(
            errors.text().contains("\"3\",\"number\",\"x\","),
            "{}",
            errors.text()
        );
        let sample = app.call(Call::get("/send/sample.csv")).await;
        assert!(sample.text().contains("number,message"));
    })
    .await;
}

#[tokio::test]
async fn strangers_send_nothing() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let ours = Ours::make(&app).await;
        let before = app.phone_texts("6281234567890").await.len();
        let token = "req_00000000000000000000000000000007";
        let fields = [
            ("token", token),
            ("to", "6281234567890"),
            ("text", "a"),
            ("list", "6281234567890;a"),
        ];
        let errors = format!("/send/many/{}/errors.csv", ours.batch);
        for path in ["/send", "/send/many"] {
            let nobody = app.call(form(path, &fields, None)).await;
            assert_eq!(nobody.status, 303, "{path}");
            assert!(nobody.header("location").unwrap().starts_with("/login"));
            let key = app.call(form(path, &fields, None).key(&app.key)).await;
            assert_eq!(key.status, 303, "{path}: a key opens no page");
            let cookie = app.log_in().await;
            let elsewhere = form(path, &fields, None)
                .header("sec-fetch-site", "cross-site")
                .cookie(&cookie);
            assert_eq!(app.call(elsewhere).await.status, 403, "{path}: another site");
        }
        assert_eq!(app.call(Call::get(&errors)).await.status, 401);
        for role in Role::ALL {
            app.become_role(*role).await;
            let cookie = app.log_in().await;
            let may = role.permissions().has(types::Permission::MessagesSend);
            if !may {
                for path in ["/send", "/send/many"] {
                    let answer = app.call(form(path, &fields, None).cookie(&cookie)).await;
                    assert_eq!(answer.status, 403, "{path}: {}", role.name());
                }
            }
        }
        assert_eq!(app.phone_texts("6281234567890").await.len(), before);
        app.become_role(Role::Owner).await;
        let there = app.t.stranger().await.organization.expect("an organization");
        let mut tx = app.t.store.db.begin().await.expect("a transaction");
        db::sqlx::query("UPDATE members SET organization_id = $1")
            .bind(there.key())
            .execute(tx.conn())
            .await
            .expect("a move");
        tx.commit().await.expect("a commit");
        let cookie = app.log_in().await;
        assert_eq!(app.call(Call::get(&errors).cookie(&cookie)).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn refused_forms_do_not_fill_the_disk() {
    each_engine(async |engine| {
        let app = TestApp::started(engine).await;
        let cookie = app.log_in().await;
        for n in 0..3 {
            let pdf = format!("%PDF-1.4\n{n} 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
            let fields = [("to", "nobody"), ("text", "Hi")];
            let token = value(&page(&app, &cookie, "/send").await, "token");
            let fields = [&[("token", token.as_str())], fields.as_slice()].concat();
            let call = form("/send", &fields, Some(("receipt.pdf", pdf.as_bytes())));
            assert_eq!(app.call(call.cookie(&cookie)).await.status, 422);
        }
        let data = app.t.store.folder();
        assert_eq!(std::fs::read_dir(data.join("kept")).unwrap().count(), 1);
        assert!(!data.join("media").exists());

        let token = value(&page(&app, &cookie, "/send").await, "token");
        let fields = [("token", token.as_str()), ("to", "6281234567890")];
        let blank = app.call(form("/send", &fields, None).cookie(&cookie)).await;
        assert_eq!(blank.status, 422);
        assert!(blank.text().contains("Write a message, or attach a file"));
    })
    .await;
}
