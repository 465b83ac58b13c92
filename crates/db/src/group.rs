//! Group commit: while one transaction is being written to disk, the next group gathers.
//!
//! Nobody waits for a timer: a lone request commits alone and at once, many at the same time
//! share one transaction and one fsync. A group closes only when its turn to write has come.

use futures::FutureExt as _;
use std::{future::Future, panic::AssertUnwindSafe};
use tokio::sync::{mpsc, oneshot};

/// The writer has as much waiting as it may hold; nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// A queue in front of a function that commits a whole group.
#[derive(Debug)]
pub struct GroupWriter<I, O> {
    queue: mpsc::Sender<Waiting<I, O>>,
}

#[derive(Debug)]
struct Waiting<I, O> {
    item: I,
    weight: usize,
    answer: oneshot::Sender<O>,
}

impl<I, O> Clone for GroupWriter<I, O> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
        }
    }
}

impl<I: Send + 'static, O: Send + 'static> GroupWriter<I, O> {
    /// Starts the writer's task. When there is work `open` is awaited, usually for its turn to
    /// write; what comes meanwhile joins the group. Then `commit` gets up to `max_weight` of work
    /// and answers each item in order. It ends when the last clone of the writer is dropped.
    pub fn start<T, P, PFut, F, Fut>(capacity: usize, max_weight: usize, open: P, commit: F) -> Self
    where
        T: Send,
        P: Fn() -> PFut + Send + 'static,
        PFut: Future<Output = T> + Send,
        F: Fn(T, Vec<I>) -> Fut + Send + 'static,
        Fut: Future<Output = Vec<O>> + Send,
    {
        let (queue, mut waiting) = mpsc::channel::<Waiting<I, O>>(capacity);
        tokio::spawn(async move {
            let mut left_over: Option<Waiting<I, O>> = None;
            loop {
                let first = match left_over.take() {
                    Some(first) => first,
                    None => match waiting.recv().await {
                        Some(first) => first,
                        None => return,
                    },
                };
                let Ok(opened) = AssertUnwindSafe(open()).catch_unwind().await else {
                    continue;
                };
                let mut weight = first.weight;
                let mut items = vec![first.item];
                let mut answers = vec![first.answer];
                while weight < max_weight {
                    let Ok(next) = waiting.try_recv() else { break };
                    if weight + next.weight > max_weight {
                        left_over = Some(next);
                        break;
                    }
                    weight += next.weight;
                    items.push(next.item);
                    answers.push(next.answer);
                }
                // A panic ends this group, whose callers hear that nothing is known, and not the writer.
                let outputs = AssertUnwindSafe(commit(opened, items))
                    .catch_unwind()
                    .await
                    .unwrap_or_default();
                for (answer, output) in answers.into_iter().zip(outputs) {
                    // A caller that went away still has its row; it just does not hear of it.
                    let _ = answer.send(output);
                }
            }
        });
        Self { queue }
    }

    /// Hands an item over and waits until its group is committed.
    pub async fn submit(&self, item: I, weight: usize) -> Result<O, Busy> {
        let (answer, done) = oneshot::channel();
        self.queue
            .try_send(Waiting { item, weight, answer })
            .map_err(|_| Busy)?;
        done.await.map_err(|_| Busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    #[tokio::test]
    async fn what_gathers_during_a_commit_goes_together() {
        let groups = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&groups);
        let writer = GroupWriter::start(
            1_000,
            500,
            async || (),
            move |(), items: Vec<u32>| {
                seen.fetch_add(1, Ordering::SeqCst);
                async move {
                    tokio::task::yield_now().await;
                    items.into_iter().map(|n| n * 2).collect()
                }
            },
        );
        let answers = futures::future::join_all((0..200).map(|n| writer.submit(n, 1))).await;
        assert_eq!(answers, (0..200).map(|n| Ok(n * 2)).collect::<Vec<_>>());
        assert!(
            groups.load(Ordering::SeqCst) < 20,
            "200 requests should share a few commits"
        );
    }

    #[tokio::test]
    async fn what_comes_while_the_turn_is_awaited_joins_the_group() {
        let turn = Arc::new(tokio::sync::Semaphore::new(0));
        let own = Arc::clone(&turn);
        let writer = GroupWriter::start(
            100,
            100,
            move || {
                let turn = Arc::clone(&own);
                async move { turn.acquire_owned().await.expect("open").forget() }
            },
            async |(), items: Vec<u32>| vec![items.len(); items.len()],
        );
        let waiting: Vec<_> = (0..5)
            .map(|n| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.submit(n, 1).await })
            })
            .collect();
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        turn.add_permits(1);
        for task in waiting {
            assert_eq!(task.await.unwrap(), Ok(5));
        }
    }

    #[tokio::test]
    async fn a_panic_before_the_turn_is_told_and_survived() {
        let calls = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&calls);
        let writer = GroupWriter::start(
            10,
            10,
            move || {
                let call = seen.fetch_add(1, Ordering::SeqCst);
                async move { assert!(call > 0, "only the first") }
            },
            async |(), items: Vec<u32>| items,
        );
        assert_eq!(writer.submit(1, 1).await, Err(Busy));
        assert_eq!(writer.submit(2, 1).await, Ok(2));
    }

    #[tokio::test]
    async fn a_full_writer_says_so() {
        let writer = GroupWriter::start(
            1,
            1,
            async || (),
            |(), _: Vec<u32>| std::future::pending::<Vec<u32>>(),
        );
        // One is being committed for ever and one may wait; among three more, one must be refused.
        let waiting: Vec<_> = (0..5)
            .map(|n| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.submit(n, 1).await })
            })
            .collect();
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        let refused = waiting.iter().filter(|task| task.is_finished()).count();
        assert!((3..=4).contains(&refused), "{refused} of 5 were refused");
        for task in waiting {
            task.abort();
        }
    }
}
