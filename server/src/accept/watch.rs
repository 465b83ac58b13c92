//! How long a connection has waited for the head of a request.

use hyper::rt::{Sleep, Timer};
use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request, from its first byte; for the first request from the connection on.
    pub head: Duration,
    /// Between requests. Longer than proxies keep theirs, so that they are the ones that close:
    /// otherwise a request now and then meets a connection that is just going.
    pub idle: Duration,
    /// For taking any of an answer that is ready.
    pub write: Duration,
}

impl Patience {
    pub const USUAL: Self = Self {
        head: Duration::from_secs(10),
        idle: Duration::from_secs(75),
        write: Duration::from_mins(1),
    };
}

/// No head is waited for: a request is being answered.
const NEVER: u64 = u64::MAX;

/// Written by one connection's task alone; atomic because hyper may move its parts.
pub struct Watch {
    patience: Patience,
    began: Instant,
    /// When the connection is closed, in milliseconds since it began.
    due: AtomicU64,
    /// Waits for another request, of which nothing has come.
    idle: AtomicBool,
    answered: AtomicBool,
    /// An answer is ready and the client takes none of it.
    stalled: AtomicBool,
}

impl Watch {
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            began: Instant::now(),
            due: AtomicU64::new(millis(patience.head)),
            idle: AtomicBool::new(false),
            answered: AtomicBool::new(false),
            stalled: AtomicBool::new(false),
        }
    }

    /// The wait for a head begins.
    fn head_is_awaited(&self) {
        if self.answered.load(Relaxed) {
            self.idle.store(true, Relaxed);
            self.wait(self.patience.idle);
        }
    }

    /// Something came.
    fn read(&self) {
        if self.idle.load(Relaxed) {
            self.idle.store(false, Relaxed);
            self.wait(self.patience.head);
        }
    }

    pub fn head_is_here(&self) {
        self.answered.store(true, Relaxed);
        self.idle.store(false, Relaxed);
        self.due.store(NEVER, Relaxed);
    }

    /// Some of an answer went out, or none could.
    fn wrote(&self, pending: bool) {
        if pending != self.stalled.load(Relaxed) {
            self.stalled.store(pending, Relaxed);
            if pending {
                self.wait(self.patience.write);
            } else {
                self.due.store(NEVER, Relaxed);
            }
        }
    }

    fn wait(&self, time: Duration) {
        self.due.store(millis(self.began.elapsed() + time), Relaxed);
    }

    /// When to look again; `None` when the time is over.
    pub fn look_again_at(&self) -> Option<Instant> {
        let now = Instant::now();
        // Whatever begins from now on is not due before that.
        let next = now + self.patience.head;
        match self.due.load(Relaxed) {
            NEVER => Some(next),
            due => {
                let due = self.began + Duration::from_millis(due);
                (due > now).then_some(due.min(next))
            }
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(NEVER - 1)
}

/// What hyper takes for a timer: it is asked for one exactly when the wait for a head begins.
pub struct Bell(pub Arc<Watch>);

impl Timer for Bell {
    fn sleep(&self, _: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Silent)
    }

    fn sleep_until(&self, _: std::time::Instant) -> Pin<Box<dyn Sleep>> {
        self.0.head_is_awaited();
        Box::pin(Silent)
    }
}

/// Never rings, because the connection's own timer does; without a size it needs no allocation.
struct Silent;

impl Future for Silent {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Sleep for Silent {}

/// A stream that tells the watch when something comes.
pub struct Watched {
    stream: TcpStream,
    watch: Arc<Watch>,
}

impl Watched {
    pub fn new(stream: TcpStream, watch: Arc<Watch>) -> Self {
        Self { stream, watch }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.watch.read();
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch.wrote(written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.watch.wrote(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
