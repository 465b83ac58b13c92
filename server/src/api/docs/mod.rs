//! The description of the API in OpenAPI 3.1, served at `/openapi.json`; the page `/docs` and its
//! tester are drawn from it.
//!
//! Each room has a file here that says of every operation what no type can: what it is for, an
//! example, its own errors. Schemas come from the types that handlers read and answer, scopes from
//! the table of routes. A route without its [`op::Op`], or the other way round, fails a test.

mod alerts;
mod batches;
mod chats;
mod common;
mod dashboard;
mod events;
mod keys;
mod limits;
mod messages;
mod op;
mod queue;
mod request_log;
mod sandbox;
mod seeds;
mod sessions;
mod settings;
mod write;

use crate::AppState;
use axum::{Router, extract::State, response::Response, routing::get};
use http::{HeaderValue, header};
use op::Room;
use std::collections::BTreeMap;
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Paths,
    ServerBuilder,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

/// Every room that has operations, in the order they are read. A new room adds its line here.
fn rooms() -> Vec<Room> {
    vec![
        seeds::room(),
        messages::room(),
        queue::room(),
        batches::room(),
        sessions::room(),
        chats::room(),
        keys::room(),
        settings::room(),
        dashboard::room(),
        alerts::room(),
        request_log::room(),
        events::room(),
        sandbox::room(),
    ]
}

/// `/openapi.json`: for everybody, like the source code that it is made from.
pub fn router() -> Router<AppState> {
    Router::new().route("/openapi.json", get(serve))
}

async fn serve(State(app): State<AppState>) -> Response {
    let mut response = Response::new(axum::body::Body::from(app.description.text.to_string()));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Tools in a browser read it from anywhere.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The description as it is served and printed.
pub fn description(public_url: &str) -> String {
    let text = match build(public_url).to_pretty_json() {
        Ok(text) => text,
        Err(error) => {
            // It is made of texts and maps with texts as keys, which always serialise.
            tracing::error!(%error, "the description of the API could not be written");
            "{}".to_owned()
        }
    };
    // The types' own comments speak of Rust.
    text.replace("`None`", "null")
}

fn build(public_url: &str) -> OpenApi {
    let needs: BTreeMap<(String, &str), _> = super::routes()
        .into_iter()
        .map(|route| ((route.method.to_string(), route.path), route.needs))
        .collect();
    let mut paths = Paths::new();
    let mut tags = Vec::new();
    let mut schemas = common::schemas();
    let mut examples = BTreeMap::new();
    for room in rooms() {
        tags.push(
            TagBuilder::new()
                .name(room.name)
                .description(Some(room.about))
                .build(),
        );
        for op in room.ops {
            let key = (op.method.to_string(), op.path);
            let needs = needs.get(&key).copied().flatten();
            let operation = write::operation(room.name, &op, needs);
            for (name, example) in write::examples(&op, needs) {
                examples.insert(name, example.into());
            }
            paths.add_path_operation(op.path, vec![write::verb(&op.method)], operation);
            schemas.extend(op.schemas);
        }
    }
    let mut components = components(schemas);
    components.examples = examples;
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Switchboard")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(common::ABOUT))
                .license(Some(
                    LicenseBuilder::new()
                        .name("MIT OR Apache-2.0")
                        .identifier(Some("MIT OR Apache-2.0"))
                        .build(),
                ))
                .build(),
        )
        .servers(Some([ServerBuilder::new().url(public_url).build()]))
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags))
        .build()
}

fn components(schemas: Vec<op::Named>) -> Components {
    let key = ApiKeyValue::with_description("X-API-Key", "A key made on the page API keys.");
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The same key, as Authorization: Bearer."))
        .build();
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("ApiKey", SecurityScheme::ApiKey(ApiKey::Header(key)))
        .security_scheme("Bearer", SecurityScheme::Http(bearer))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `METHOD path` of both sides, and what to do about a difference.
    #[test]
    fn routes_and_descriptions_are_the_same() {
        let routes: Vec<String> = crate::api::routes()
            .iter()
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        let described: Vec<String> = rooms()
            .iter()
            .flat_map(|room| &room.ops)
            .map(|op| format!("{} {}", op.method, op.path))
            .collect();
        for route in &routes {
            let count = described.iter().filter(|op| *op == route).count();
            assert_eq!(
                count, 1,
                "{route} has {count} descriptions: give it one Op in server/src/api/docs"
            );
        }
        for op in &described {
            assert!(routes.contains(op), "{op} is described but not served");
        }
    }

    #[test]
    fn every_name_in_a_path_is_described() {
        for op in rooms().iter().flat_map(|room| &room.ops) {
            for name in op
                .path
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split('}').next())
            {
                assert!(
                    op.params.iter().any(|param| param.name == name),
                    "{} {}: say .named(\"{name}\", …)",
                    op.method,
                    op.path
                );
            }
        }
    }

    /// Examples of errors are kept once for each code.
    #[test]
    fn a_code_means_one_thing() {
        let mut known = BTreeMap::new();
        for fail in rooms().iter().flat_map(|room| &room.ops).flat_map(|op| &op.fails) {
            let told = *known.entry(fail.code).or_insert((fail.status, fail.when));
            assert_eq!(told, (fail.status, fail.when), "{}", fail.code);
        }
    }
}
