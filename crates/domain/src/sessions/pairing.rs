//! The pairing dialog: what a phone can be linked with now.

use super::{Sessions, not_found, qr, store};
use crate::{Ctx, Result};
use transport::{PairError, Transport};
use types::{
    AppError, OrganizationId, Permission, Recipient, SessionId,
    sessions::{Pairing, PairingCode, QrCode, SessionState},
};

impl Sessions {
    /// The QR code and the pairing code that are shown now; neither, unless the session is linking.
    pub async fn pairing(&self, ctx: &Ctx, id: SessionId) -> Result<Pairing> {
        let organization = manage(ctx, id)?;
        self.shown(organization, id).await
    }

    /// Shows a fresh QR code, the first of a new series.
    pub async fn refresh_qr(&self, ctx: &Ctx, id: SessionId) -> Result<Pairing> {
        let organization = manage(ctx, id)?;
        let line = self.linking_line(organization, id).await?;
        line.refresh_qr().map_err(refusal)?;
        self.shown(organization, id).await
    }

    /// Asks for a code that the phone with that number can type instead of scanning.
    pub async fn request_code(&self, ctx: &Ctx, id: SessionId, number: String) -> Result<Pairing> {
        let organization = manage(ctx, id)?;
        let digits = match number.parse::<Recipient>() {
            Ok(Recipient::Number(digits)) => digits,
            Ok(Recipient::Group(_)) => {
                return Err(AppError::field("number", "Write the number of a phone, not of a group").into());
            }
            Err(error) => return Err(AppError::field("number", error.to_string()).into()),
        };
        let line = self.linking_line(organization, id).await?;
        line.request_code(&digits).await.map_err(refusal)?;
        self.shown(organization, id).await
    }

    async fn shown(&self, organization: OrganizationId, id: SessionId) -> Result<Pairing> {
        let row = store::find(self.shared.read(), organization, id)
            .await?
            .ok_or_else(not_found)?;
        let shown = self
            .runners
            .driven(id)
            .and_then(|(_, line)| line.shown())
            .unwrap_or_default();
        let qr = shown.qr.map(|code| {
            let (path, size) = qr::draw(&code.text);
            QrCode {
                path,
                size,
                text: code.text,
                expires_at: code.expires_at,
                last: code.last,
            }
        });
        let code = shown.code.map(|code| PairingCode {
            code: code.code,
            number: code.number,
            expires_at: code.expires_at,
        });
        Ok(Pairing {
            session: id,
            state: row.state,
            qr,
            code,
            as_of: self.shared.now(),
        })
    }

    async fn linking_line(&self, organization: OrganizationId, id: SessionId) -> Result<Transport> {
        let row = store::find(self.shared.read(), organization, id)
            .await?
            .ok_or_else(not_found)?;
        match (row.state, self.runners.driven(id)) {
            (SessionState::Linking, Some((_, line))) => Ok(line),
            (SessionState::Connected | SessionState::Restricted, _) => Err(AppError::conflict(
                "ALREADY_LINKED",
                "A phone is linked already. Log out first to link another one.",
            )
            .into()),
            _ => Err(not_linking().into()),
        }
    }
}

fn manage(ctx: &Ctx, id: SessionId) -> Result<OrganizationId> {
    let organization = ctx.require(Permission::SessionsManage)?;
    ctx.may_touch(id)?;
    Ok(organization)
}

fn not_linking() -> AppError {
    AppError::conflict(
        "NOT_LINKING",
        "The session does not wait for a phone. Press Start, then link the phone with what is shown.",
    )
}

/// Why a phone was not linked, with the remedy and at the field it belongs to.
pub(crate) fn refusal(error: PairError) -> AppError {
    match error {
        PairError::NotLinking => not_linking(),
        PairError::QrExpired => AppError::field(
            "qr",
            "This QR code has expired. Scan the one that is shown now; if there is none, press Refresh first.",
        ),
        PairError::QrUnknown => AppError::field(
            "qr",
            "This is not the QR code of this session. Scan the one that its dialog shows.",
        ),
        PairError::NoCode => AppError::field(
            "code",
            "No pairing code was asked for. Ask for one in the pairing dialog first.",
        ),
        PairError::CodeExpired => AppError::field(
            "code",
            "This pairing code has expired. Ask for a new one in the pairing dialog.",
        ),
        PairError::CodeWrong => AppError::field(
            "code",
            "This is not the pairing code. Type the eight characters that are shown.",
        ),
        PairError::OtherNumber { phone } => AppError::field(
            "number",
            format!(
                "This session can link the sandbox phone with the number {phone} alone. Write that number."
            ),
        ),
        PairError::Line(error) => {
            tracing::error!(?error, "a phone could not be linked");
            AppError::conflict("LINE_UNREACHABLE", "The phone could not be reached. Try again.")
        }
    }
}
