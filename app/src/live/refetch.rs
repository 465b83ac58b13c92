//! Reading a page's data again when events say that it has changed.

use super::{Message, use_messages};
use leptos::{prelude::*, reactive::computed::AsyncDerivedReadyFuture};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
    time::Duration,
};
use types::events::EventType;

/// Until a request that was just asked for has surely begun.
const BEGINS: Duration = Duration::from_millis(50);
/// Between an answer and the next request, so that the answer is drawn.
const REST: Duration = Duration::from_millis(200);

/// Reads the data again when an event of one of these kinds comes, and after a reset: at once for
/// the first, then at most four times a second however many come, and never while the last
/// request is still on its way.
pub fn use_live_refetch<T>(kinds: &'static [EventType], data: Resource<T>)
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    use_live_refetch_if(kinds, data, || true);
}

/// Like [`use_live_refetch`], but only while there is something to read.
pub fn use_live_refetch_if<T>(
    kinds: &'static [EventType],
    data: Resource<T>,
    wanted: impl Fn() -> bool + Send + Sync + 'static,
) where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let says = move |message: &Message| match message {
        Message::Event(event) => kinds.contains(&event.kind),
        Message::Reset => true,
    };
    use_refetch_on(says, data, wanted);
}

/// Reads the data again after messages of which `says` says so, for as long as `wanted`.
pub fn use_refetch_on<T>(
    says: impl Fn(&Message) -> bool + Send + Sync + 'static,
    data: Resource<T>,
    wanted: impl Fn() -> bool + Send + Sync + 'static,
) where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let wanted = Arc::new(wanted);
    let still = Arc::clone(&wanted);
    let reader = Reader {
        read: Arc::new(move || {
            if still() {
                data.refetch();
            }
        }),
        answered: Arc::new(move || data.ready()),
        busy: StoredValue::new(false),
        again: StoredValue::new(false),
    };
    use_messages(move |message| {
        if says(message) && wanted() {
            reader.ask();
        }
    });
}

/// Reads one thing, one request after the other. A request that began while another is on its way
/// would hold back the answer of that one: under a steady stream of events nothing would be drawn.
#[derive(Clone)]
struct Reader {
    read: Arc<dyn Fn() + Send + Sync>,
    answered: Arc<dyn Fn() -> AsyncDerivedReadyFuture + Send + Sync>,
    busy: StoredValue<bool>,
    /// Something happened that the request on its way may not know.
    again: StoredValue<bool>,
}

impl Reader {
    fn ask(&self) {
        // `None` means that the page which reads is gone, here and below.
        match self.busy.try_get_value() {
            None => {}
            Some(true) => self.again.set_value(true),
            Some(false) => {
                self.busy.set_value(true);
                self.begin();
            }
        }
    }

    fn begin(&self) {
        if self.is_on_its_way() {
            // The page itself asked, for the first time or with another filter.
            self.again.set_value(true);
            self.wait();
        } else {
            (self.read)();
            let this = self.clone();
            set_timeout(move || this.wait(), BEGINS);
        }
    }

    fn is_on_its_way(&self) -> bool {
        let answered = pin!((self.answered)());
        answered
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    }

    fn wait(&self) {
        if self.busy.try_get_value().is_none() {
            return;
        }
        let this = self.clone();
        let answered = (self.answered)();
        leptos::task::spawn_local(async move {
            answered.await;
            set_timeout(move || this.go_on(), REST);
        });
    }

    fn go_on(&self) {
        match self.again.try_update_value(std::mem::take) {
            None => {}
            Some(true) => self.begin(),
            Some(false) => self.busy.set_value(false),
        }
    }
}
