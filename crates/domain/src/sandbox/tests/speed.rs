use super::*;
use crate::testing::each_engine;
#[tokio::test(flavor = "multi_thread")]
async fn speed() {
    each_engine(|engine| async move {
        let t = TestDomain::new(engine).await.started().await;
        let l = line(&t);
        for size in [100usize, 256, 500] {
            let n = 20_000;
            let batches: Vec<Vec<_>> = (0..n / size).map(|b| (0..size).map(|i| {
                let mut m = message(&format!("{:032X}", b * size + i));
                m.to = Recipient::Number(format!("62812{:08}", (b * 7919 + i * 31) % 5000));
                m
            }).collect()).collect();
            let t0 = tokio::time::Instant::now();
            for b in batches { l.send(b).await; }
            let d = t0.elapsed();
            println!("{engine:?} batch {size}: {:.0}/s", n as f64 / d.as_secs_f64());
        }
        let t0 = tokio::time::Instant::now();
        loop {
            let row = sqlx::query("SELECT COUNT(*) FROM sandbox_messages WHERE next_at IS NOT NULL").fetch_one(t.domain.shared.read()).await.unwrap();
            let left: i64 = sqlx::Row::get(&row, 0);
            if left == 0 { break; }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        println!("{engine:?} all receipts after {:?}", t0.elapsed());
        let t0 = tokio::time::Instant::now();
        let c = t.domain.sandbox.chats(&t.owner(), t.session).await.unwrap();
        println!("chats {} in {:?}", c.len(), t0.elapsed());
    }).await;
}
