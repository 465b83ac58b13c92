//! Errors as API clients read them: the seeds' shape, and problem+json under `/api/v1`.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;
use types::{AppError, FieldError, RequestId};

/// What a handler or an extractor answers instead of a result. It is written out by
/// [`super::frame`], which alone knows the request's id and the shape its path wants.
#[derive(Debug)]
pub struct ApiError {
    cause: Cause,
    /// Fields beside the error's own, for example `results` of a bulk call.
    extra: Map<String, Value>,
}

#[derive(Debug)]
enum Cause {
    App(AppError),
    Domain(domain::Error),
    Http {
        status: StatusCode,
        code: &'static str,
        message: String,
    },
}

/// The two spellings of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Seed,
    Problem,
}

impl Shape {
    pub fn of(path: &str) -> Self {
        if path.starts_with("/api/v1/") || path == "/api/v1" {
            Self::Problem
        } else {
            Self::Seed
        }
    }
}

impl ApiError {
    pub fn http(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Cause::Http {
            status,
            code,
            message: message.into(),
        }
        .into()
    }

    pub fn invalid(fields: Vec<FieldError>) -> Self {
        AppError::Invalid { fields }.into()
    }

    pub fn field(field: &str, message: impl Into<String>) -> Self {
        AppError::field(field, message).into()
    }

    /// Says more than the error itself.
    #[must_use]
    pub fn with(mut self, extra: Map<String, Value>) -> Self {
        self.extra = extra;
        self
    }

    /// Gives bad fields the names they have in this API.
    #[must_use]
    pub fn rename(mut self, name: impl Fn(&str) -> Option<&'static str>) -> Self {
        if let Cause::App(AppError::Invalid { fields })
        | Cause::Domain(domain::Error::App(AppError::Invalid { fields })) = &mut self.cause
        {
            for field in fields {
                if let Some(other) = name(&field.field) {
                    field.field = other.into();
                }
            }
        }
        self
    }

    /// The noun is not there; the caller may ask elsewhere for it.
    pub fn is_not_found(&self) -> bool {
        matches!(
            self.cause,
            Cause::App(AppError::NotFound { .. })
                | Cause::Domain(domain::Error::App(AppError::NotFound { .. }))
        )
    }

    /// Writes the answer. Causes that are our fault go to the log here.
    pub fn render(self, shape: Shape, request: RequestId) -> Response {
        let error = match self.cause {
            Cause::App(error) => error,
            Cause::Domain(error) => error.into_app(request),
            Cause::Http {
                status,
                code,
                message,
            } => {
                let told = Told {
                    status,
                    code,
                    message,
                    fields: &[],
                    extra: self.extra,
                };
                return told.write(shape, request);
            }
        };
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let fields = match &error {
            AppError::Invalid { fields } => fields.as_slice(),
            _ => &[],
        };
        let told = Told {
            status,
            code: error.code(),
            message: error.to_string(),
            fields,
            extra: self.extra,
        };
        let mut response = told.write(shape, request);
        if let Some(seconds) = error.retry_after() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

struct Told<'a> {
    status: StatusCode,
    code: &'a str,
    message: String,
    fields: &'a [FieldError],
    extra: Map<String, Value>,
}

impl Told<'_> {
    fn write(self, shape: Shape, request: RequestId) -> Response {
        let field = self.fields.first().map(|error| error.field.as_str());
        match shape {
            Shape::Seed => super::reply::json_as(
                self.status,
                "application/json",
                &Seed {
                    success: false,
                    error: &self.message,
                    code: self.code,
                    field,
                    request_id: request,
                    extra: self.extra,
                },
            ),
            Shape::Problem => super::reply::json_as(
                self.status,
                "application/problem+json",
                &Problem {
                    kind: "about:blank",
                    title: self.status.canonical_reason().unwrap_or("Error"),
                    status: self.status.as_u16(),
                    detail: &self.message,
                    code: self.code,
                    field,
                    errors: self.fields,
                    request_id: request,
                    extra: self.extra,
                },
            ),
        }
    }
}

#[derive(Serialize)]
struct Seed<'a> {
    success: bool,
    error: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(rename = "requestId")]
    request_id: RequestId,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: &'a [FieldError],
    request_id: RequestId,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

impl From<Cause> for ApiError {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            extra: Map::new(),
        }
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Cause::App(error).into()
    }
}

impl From<domain::Error> for ApiError {
    fn from(error: domain::Error) -> Self {
        Cause::Domain(error).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
