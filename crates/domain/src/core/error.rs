//! Errors inside the rooms; what a caller may hear of them is an [`AppError`].

use types::{AppError, RequestId};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Meant for the caller.
    #[error("refused")]
    App(#[from] AppError),
    #[error("the database failed")]
    Db(#[from] db::Error),
    #[error("a file could not be read or written")]
    Io(#[from] std::io::Error),
    /// What is stored cannot be read: a bug, or a hand in the tables.
    #[error("stored data is damaged: {0}")]
    Damaged(&'static str),
    #[error("encryption failed: {0}")]
    Secrets(&'static str),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<db::Busy> for Error {
    fn from(_: db::Busy) -> Self {
        Self::App(AppError::Busy { retry_after: 1 })
    }
}

impl Error {
    /// What the caller hears. Causes are logged here, once, under the request's id.
    pub fn into_app(self, request: RequestId) -> AppError {
        match self {
            Self::App(error) => error,
            other => {
                let mut causes = Vec::new();
                let mut source = std::error::Error::source(&other);
                while let Some(cause) = source {
                    causes.push(cause.to_string());
                    source = cause.source();
                }
                tracing::error!(%request, error = %other, ?causes, "a request failed inside");
                AppError::Internal {
                    request_id: Some(request),
                }
            }
        }
    }
}
