//! What is foretold at the start is when the real dispatcher ends.

use super::{
    drive::{MORNING, accept, paced, play},
    shared_out::another,
    *,
};
use crate::messages::store;
use std::collections::BTreeMap;
use types::pacing::LimitValue;

/// Three sessions under mixed limits. `SWITCHBOARD_FORETOLD` may name how many messages and how
/// many seeds; the clock is simulated, the dispatcher, the database and chance are real.
async fn check(engine: db::Engine, messages: usize) -> f64 {
    let limits = r#"{"delay_min_ms":5000,"delay_max_ms":20000,"hourly_limit":200,"daily_limit":2500,
        "pause_after":20,"pause_ms":120000,"window":"07:00-21:00","organization_daily_limit":5000}"#;
    let (t, clock) = paced(engine, limits).await;
    let second = another(&t, &clock, "Second").await;
    let third = another(&t, &clock, "Third").await;
    let own = [
        (second, "hourly_limit", 60),
        (second, "pause_ms", 300_000),
        (third, "delay_max_ms", 8_000),
        (third, "delay_min_ms", 2_000),
        (third, "daily_limit", 800),
    ];
    for (session, name, value) in own {
        let change = BTreeMap::from([(name.to_owned(), LimitValue::Number(value))]);
        t.domain
            .settings
            .patch_session(&t.owner(), session, change)
            .await
            .unwrap();
    }
    for part in (0..messages).collect::<Vec<_>>().chunks(2_500) {
        let drafts = part
            .iter()
            .map(|n| draft(&format!("62813{n:08}"), "Hello"))
            .collect();
        accept(&t, Class::Bulk, drafts).await;
    }
    let told = t.domain.messages.lanes(&t.owner()).await.unwrap();
    let ends = told.ends_at.expect("it ends");
    let start = clock.now();
    play(
        &t,
        &clock,
        MORNING + 40 * 86_400_000,
        "nothing waits",
        async |t| {
            let kept = store::read::kept(t.domain.shared.read(), t.made.organization)
                .await
                .unwrap();
            kept.waiting == 0
        },
    )
    .await;
    let page = t
        .domain
        .messages
        .history(&t.owner(), HistoryFilter::default(), PageRequest::of(1, None))
        .await
        .unwrap();
    let last = page.data[0].sent_at.unwrap();
    let (foretold, took) = ((ends - start) as f64, (last - start) as f64);
    eprintln!("foretold {:.2} h, took {:.2} h", foretold / 3.6e6, took / 3.6e6);
    (foretold - took).abs() / took
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_queue_is_foretold_within_five_percent() {
    let asked = std::env::var("SWITCHBOARD_FORETOLD").unwrap_or_default();
    let mut asked = asked.split(',').filter_map(|number| number.parse::<usize>().ok());
    let messages = asked.next().unwrap_or(600);
    for seed in 0..asked.next().unwrap_or(1) {
        let off = check(db::Engine::Sqlite, messages).await;
        eprintln!("run {seed}: {messages} messages, off by {:.2} %", off * 100.0);
        assert!(off < 0.05, "run {seed}: off by {:.2} %", off * 100.0);
    }
}
