//! Faults: armed by people and scripts, met by the next messages.

use super::{Sandbox, store};
use crate::{Ctx, Result};
use transport::LineError;
use types::{
    AppError, FaultId, SessionId,
    sandbox::{ArmFault, Fault, FaultKind},
    sessions::SessionState,
};

const COUNT_MAX: i64 = 1_000_000;
const DELAY_MAX_MS: i64 = 86_400_000;
const RESTRICT_MS: i64 = 60_000;
/// Armed at the same time on one phone.
const FAULTS_MAX: usize = 100;

impl Sandbox {
    /// Arms a fault for the next messages; `logout` and `restrict` happen at once, and have
    /// happened when this answers.
    pub async fn arm(&self, ctx: &Ctx, session: SessionId, input: ArmFault) -> Result<Fault> {
        let (organization, _) = self.held(ctx, session).await?;
        check(&input)?;
        let id = FaultId(self.shared.ids.uuid());
        let line = self.line(organization, session);
        let at_once = Fault {
            id,
            kind: input.kind,
            left: 0,
            delay_ms: input.delay_ms,
        };
        match input.kind {
            FaultKind::Logout => {
                line.phone_logs_out().await.map_err(unreachable)?;
                self.heard(organization, session, |row| !is_online(row.state))
                    .await;
                Ok(at_once)
            }
            FaultKind::Restrict => {
                let delay = input.delay_ms.unwrap_or(RESTRICT_MS);
                line.restrict(self.shared.now() + delay)
                    .await
                    .map_err(unreachable)?;
                if delay > 0 {
                    self.heard(organization, session, |row| row.state != SessionState::Connected)
                        .await;
                }
                Ok(at_once)
            }
            _ => {
                let armed = store::faults(self.shared.read(), organization, session).await?;
                if armed.len() >= FAULTS_MAX {
                    return Err(AppError::conflict(
                        "TOO_MANY_FAULTS",
                        "100 faults are armed on this phone already. Clear them first.",
                    )
                    .into());
                }
                let fault = Fault {
                    left: input.count.unwrap_or(1),
                    ..at_once
                };
                let mut tx = self.shared.begin().await?;
                let now = tx.now();
                store::insert_fault(tx.conn(), organization, session, &fault, now).await?;
                tx.commit().await?;
                line.arm(fault.clone()).await;
                Ok(fault)
            }
        }
    }

    /// Disarms everything; a restriction stays until its time has passed.
    pub async fn clear_faults(&self, ctx: &Ctx, session: SessionId) -> Result<()> {
        let (organization, _) = self.held(ctx, session).await?;
        let mut tx = self.shared.begin().await?;
        store::delete_faults(tx.conn(), organization, session).await?;
        tx.commit().await?;
        self.line(organization, session).clear_faults().await;
        Ok(())
    }
}

fn check(input: &ArmFault) -> Result<(), AppError> {
    let at_once = matches!(input.kind, FaultKind::Logout | FaultKind::Restrict);
    match input.count {
        Some(_) if at_once => {
            return Err(AppError::field(
                "count",
                "Leave this out: the fault happens at once, not per message",
            ));
        }
        Some(count) if !(1..=COUNT_MAX).contains(&count) => {
            return Err(AppError::field("count", "Write a number from 1 to 1,000,000"));
        }
        _ => {}
    }
    match input.delay_ms {
        Some(delay) if !(0..=DELAY_MAX_MS).contains(&delay) => Err(AppError::field(
            "delay_ms",
            "Write milliseconds from 0 to 86,400,000 (one day)",
        )),
        None if input.kind == FaultKind::Delay => Err(AppError::field(
            "delay_ms",
            "Say how late the answers come, in milliseconds",
        )),
        _ => Ok(()),
    }
}

fn is_online(state: SessionState) -> bool {
    matches!(state, SessionState::Connected | SessionState::Restricted)
}

fn unreachable(error: LineError) -> AppError {
    tracing::error!(?error, "a sandbox phone could not be reached");
    AppError::conflict("LINE_UNREACHABLE", "The phone could not be reached. Try again.")
}
