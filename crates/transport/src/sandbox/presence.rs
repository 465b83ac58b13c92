//! What a customer sees beside the bubbles: somebody types, somebody has read.

use super::SandboxLine;
use types::{Recipient, Timestamp};

impl SandboxLine {
    /// See [`crate::Transport::show_typing`].
    pub fn show_typing(&self, to: &Recipient, until: Timestamp) {
        let number = to.number();
        {
            let mut state = self.fresh_state();
            if !state.is_online() {
                return;
            }
            let now = self.inner.surroundings.now();
            state.typing.retain(|_, until| *until > now);
            state.typing.insert(number.clone(), until);
        }
        self.inner.phone.looks_different(&number);
    }

    /// See [`crate::Transport::mark_read`].
    pub async fn mark_read(&self, from: &Recipient) {
        if !self.is_online() {
            return;
        }
        if let Err(error) = self.inner.phone.read_by_us(&from.number()).await {
            tracing::warn!(
                ?error,
                "a sandbox phone could not show that its messages were read"
            );
        }
    }

    /// To whom somebody types now (digits or group JIDs).
    pub fn typing_to(&self) -> Vec<String> {
        let now = self.inner.surroundings.now();
        let state = self.fresh_state();
        let mut numbers: Vec<String> = state
            .typing
            .iter()
            .filter(|(_, until)| **until > now)
            .map(|(number, _)| number.clone())
            .collect();
        numbers.sort();
        numbers
    }
}
