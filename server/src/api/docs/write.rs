//! Puts what the rooms say, what the table of routes says and what is common to all together.

use super::op::{Fail, Given, Op, Taken};
use crate::api::problem::Shape;
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use types::Permission;
use utoipa::openapi::{
    Content, ContentBuilder, HttpMethod, ObjectBuilder, Ref, RefOr, Required, Response, ResponseBuilder,
    Type,
    example::{Example, ExampleBuilder},
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    security::SecurityRequirement,
};

/// One operation with everything that is true of it.
pub fn operation(tag: &str, op: &Op, needs: Option<Permission>) -> Operation {
    let shape = Shape::of(op.path);
    let mut operation = OperationBuilder::new()
        .tag(tag)
        .summary(Some(op.summary))
        .operation_id(Some(op.id()))
        .response(op.given.status.to_string(), good(&op.given));
    if !op.about.is_empty() {
        operation = operation.description(Some(op.about));
    }
    for param in &op.params {
        operation = operation.parameter(parameter(param));
    }
    if let Some(taken) = &op.taken {
        operation = operation.request_body(Some(body(taken)));
    }
    for (status, fails) in failures(op, needs) {
        operation = operation.response(status.to_string(), bad(shape, &fails));
    }
    // Whichever of the two headers is more convenient; the roles are the scope a key must have.
    let scopes: Vec<&str> = needs.iter().map(|permission| permission.name()).collect();
    for scheme in ["ApiKey", "Bearer"] {
        operation = operation.security(SecurityRequirement::new(scheme, scopes.clone()));
    }
    operation.build()
}

fn parameter(param: &super::op::Param) -> Parameter {
    ParameterBuilder::new()
        .name(param.name)
        .parameter_in(match param.place {
            ParameterIn::Path => ParameterIn::Path,
            ParameterIn::Header => ParameterIn::Header,
            _ => ParameterIn::Query,
        })
        .required(if matches!(param.required, Required::True) {
            Required::True
        } else {
            Required::False
        })
        .description(Some(param.about))
        .schema(Some(param.schema.clone()))
        .example(param.example.clone())
        .build()
}

fn body(taken: &Taken) -> RequestBody {
    let mut about = format!("At most {} MiB.", taken.limit >> 20);
    if taken.optional {
        about.push_str(" May be left out.");
    }
    let json = ContentBuilder::new()
        .schema(Some(taken.schema.clone()))
        .example(Some(taken.example.clone()))
        .build();
    let mut body = RequestBodyBuilder::new()
        .description(Some(about))
        .required(Some(if taken.optional {
            Required::False
        } else {
            Required::True
        }))
        .content("application/json", json);
    if let Some(kind) = taken.also {
        let text = ObjectBuilder::new().schema_type(Type::String);
        body = body.content(kind, Content::new(Some(text)));
    }
    body.build()
}

fn good(given: &Given) -> Response {
    let response = ResponseBuilder::new().description(given.about);
    match &given.content {
        Some((kind, schema)) => response
            .content(*kind, Content::new(Some(schema.clone())))
            .build(),
        None => response.build(),
    }
}

/// Every way to fail by status: its own, and those that come with a scope, an id, a body, a query.
fn failures(op: &Op, needs: Option<Permission>) -> BTreeMap<u16, Vec<Fail>> {
    let mut all = vec![Fail {
        status: 401,
        code: "UNAUTHORIZED",
        when: "No key, or one that is unknown, expired or revoked",
    }];
    let mut add = |status, code, when| all.push(Fail { status, code, when });
    if needs.is_some() {
        add(403, "FORBIDDEN", "The key lacks the scope");
    }
    add(403, "ORGANIZATION_SUSPENDED", "The organization is suspended");
    if op.path.contains('{') {
        add(
            404,
            "NOT_FOUND",
            "There is no such thing, or it belongs to another organization",
        );
    }
    if op.taken.is_some() {
        add(400, "INVALID_JSON", "The body is not a JSON object");
        add(400, "INCOMPLETE_BODY", "The body ended before it was complete");
        add(
            408,
            "TOO_SLOW",
            "The body arrived too slowly: nothing came for 15 seconds, or not all of it in two minutes",
        );
        add(413, "PAYLOAD_TOO_LARGE", "The body is larger than allowed");
        add(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "The body is not sent as application/json",
        );
    }
    let asked = op
        .params
        .iter()
        .any(|param| matches!(param.place, ParameterIn::Query));
    if asked || op.taken.is_some() {
        add(
            422,
            "VALIDATION_ERROR",
            "A field or parameter is wrong; field names it and the message says the remedy",
        );
    }
    if op.method != Method::GET {
        add(
            503,
            "BUSY",
            "The server is busy and did nothing; try again after Retry-After seconds",
        );
    }
    add(
        500,
        "INTERNAL_ERROR",
        "Our fault; the server's log has the cause under the request id",
    );
    let own = op.fails.iter().map(|fail| Fail { ..*fail });
    let mut by_status: BTreeMap<u16, Vec<Fail>> = BTreeMap::new();
    for fail in all.into_iter().chain(own) {
        by_status.entry(fail.status).or_default().push(fail);
    }
    by_status
}

/// One answer per status, with an example for each code that it may carry.
fn bad(shape: Shape, fails: &[Fail]) -> Response {
    let schema = shape_name(shape);
    let kind = match shape {
        Shape::Seed => "application/json",
        Shape::Problem => "application/problem+json",
    };
    let examples = fails.iter().map(|fail| {
        (
            fail.code,
            RefOr::Ref(Ref::new(format!("#/components/examples/{schema}-{}", fail.code))),
        )
    });
    let codes: Vec<&str> = fails.iter().map(|fail| fail.code).collect();
    ResponseBuilder::new()
        .description(codes.join(", "))
        .content(
            kind,
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(schema)))
                .examples_from_iter(examples)
                .build(),
        )
        .build()
}

/// The examples that the answers of an operation refer to, with their names.
pub fn examples(op: &Op, needs: Option<Permission>) -> Vec<(String, Example)> {
    let shape = Shape::of(op.path);
    let fails = failures(op, needs).into_values().flatten();
    fails
        .map(|fail| {
            let example =
                ExampleBuilder::new()
                    .summary(fail.when)
                    .value(Some(example(shape, fail.status, &fail)));
            (format!("{}-{}", shape_name(shape), fail.code), example.build())
        })
        .collect()
}

/// What the description calls an error of that shape.
fn shape_name(shape: Shape) -> &'static str {
    match shape {
        Shape::Seed => "Error",
        Shape::Problem => "Problem",
    }
}

fn example(shape: Shape, status: u16, fail: &Fail) -> Value {
    let id = "req_0193456789ab7cdef0123456789abcde";
    match shape {
        Shape::Seed => json!({"success": false, "error": fail.when, "code": fail.code, "requestId": id}),
        Shape::Problem => json!({
            "type": "about:blank",
            "title": http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()),
            "status": status,
            "detail": fail.when,
            "code": fail.code,
            "request_id": id,
        }),
    }
}

/// The verb as the description's library spells it.
pub fn verb(method: &Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
