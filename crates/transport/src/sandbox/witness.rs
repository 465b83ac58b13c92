//! The phone's own end of the line: what a person does who holds it.

use super::{Phase, SandboxLine, digest};
use crate::{LineError, Link, PairError, sandbox::linking::Linking};
use types::{Timestamp, sandbox::Fault};

const CREDENTIALS: usize = 32;

impl SandboxLine {
    /// The phone scans a QR code; without a text, the one that is shown now.
    pub async fn scan(&self, text: Option<&str>) -> Result<(), PairError> {
        self.link(|linking| linking.check_qr(text)).await
    }

    /// The pairing code is typed on the phone.
    pub async fn enter_code(&self, typed: &str) -> Result<(), PairError> {
        self.link(|linking| linking.check_code(typed)).await
    }

    async fn link(&self, check: impl FnOnce(&Linking) -> Result<(), PairError>) -> Result<(), PairError> {
        let _turn = self.inner.turns.lock().await;
        let number = {
            let mut state = self.fresh_state();
            check(state.linking().ok_or(PairError::NotLinking)?)?;
            state.number.clone()
        };
        let account = self.inner.phone.account().await.map_err(LineError::from)?;
        let mut credentials = vec![0; CREDENTIALS];
        self.inner.surroundings.fill(&mut credentials);
        // The phone first: credentials that it does not know would be worth nothing.
        self.inner
            .phone
            .link(digest(&credentials))
            .await
            .map_err(LineError::from)?;
        let now = self.inner.surroundings.now();
        let mut state = self.state();
        state.link(Link { credentials, number });
        // A new link does not free a number that WhatsApp restricts.
        if let Some(until) = account.restricted_until.filter(|until| *until > now) {
            state.enter(Phase::Restricted { until });
        }
        drop(state);
        self.inner.changed.notify_one();
        Ok(())
    }

    /// The phone ends the link.
    pub async fn phone_logs_out(&self) -> Result<(), LineError> {
        let _turn = self.inner.turns.lock().await;
        self.inner.phone.unlink().await?;
        if self.is_online() {
            self.state()
                .log_out("The phone logged this session out. Link it again to send.");
            self.inner.changed.notify_one();
        }
        Ok(())
    }

    /// WhatsApp restricts the number until then.
    pub async fn restrict(&self, until: Timestamp) -> Result<(), LineError> {
        let _turn = self.inner.turns.lock().await;
        self.inner.phone.restrict(until).await?;
        if self.is_online() {
            self.state().enter(Phase::Restricted { until });
            self.inner.changed.notify_one();
        }
        Ok(())
    }

    /// A fault that the store holds already. Takes its turn: a line that connects meanwhile has
    /// read the store before, and would forget it.
    pub async fn arm(&self, fault: Fault) {
        let _turn = self.inner.turns.lock().await;
        self.state().faults.arm(fault);
    }

    /// Forgets the faults; the store has done so already. A restriction stays until its time.
    pub async fn clear_faults(&self) {
        let _turn = self.inner.turns.lock().await;
        self.state().faults.clear();
    }
}
