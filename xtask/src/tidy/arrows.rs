//! Which crate may depend on which. Drawn once here and in ARCHITECTURE.md;
//! what is not drawn is refused, because an arrow the wrong way is cheap to
//! add and dear to take out.
use super::{File, Finding};
use anyhow::{Context, Result};
use toml::{Table, Value};

/// Crate, the crates of ours it may know, and the ones of others it must not.
/// Dependencies of tests are free.
const ARROWS: [(&str, &[&str], &[&str]); 15] = [
    (
        "types",
        &[],
        &["sqlx", "tokio", "reqwest", "axum", "leptos", "regex"],
    ),
    (
        "flow",
        &["types"],
        &["sqlx", "tokio", "reqwest", "axum", "leptos", "rand"],
    ),
    (
        "pacing",
        &["types"],
        &["sqlx", "tokio", "reqwest", "axum", "leptos", "rand"],
    ),
    ("script", &["types"], &["sqlx", "axum", "leptos"]),
    ("outbound", &["types"], &["sqlx", "axum", "leptos"]),
    ("transport", &["types"], &["sqlx", "axum", "leptos"]),
    ("db", &["types"], &["axum", "leptos", "reqwest"]),
    ("jobs", &["types", "db"], &["axum", "leptos", "reqwest"]),
    (
        "domain",
        &[
            "types",
            "flow",
            "pacing",
            "script",
            "transport",
            "outbound",
            "db",
            "jobs",
        ],
        WEB,
    ),
    ("app", &["types", "flow", "domain"], &["sqlx", "reqwest"]),
    ("frontend", &["app"], &["sqlx", "tokio"]),
    (
        "server",
        &[
            "types",
            "flow",
            "script",
            "transport",
            "outbound",
            "db",
            "jobs",
            "domain",
            "app",
        ],
        &[],
    ),
    ("xtask", &[], WEB),
    ("bench", &["types", "db", "jobs", "domain", "server"], &[]),
    ("end2end", &[], &[]),
];

/// What only doors know.
const WEB: &[&str] = &[
    "axum",
    "leptos",
    "leptos_axum",
    "http",
    "tower",
    "tower-http",
    "tower-sessions",
];

pub fn check(files: &[File]) -> Result<Vec<Finding>> {
    let mut crates = Vec::new();
    for file in files.iter().filter(|file| file.name() == "Cargo.toml") {
        let table: Table = file.text.parse().with_context(|| file.path.clone())?;
        if let Some(name) = table
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(Value::as_str)
        {
            crates.push((name.to_owned(), file, table));
        }
    }
    let ours: Vec<&str> = crates.iter().map(|(name, ..)| name.as_str()).collect();
    let mut findings = Vec::new();
    for (name, file, table) in &crates {
        let Some((_, known, refused)) = ARROWS.iter().find(|(known, ..)| known == name) else {
            let text = format!(
                "the crate `{name}` is not drawn yet: add it to ARCHITECTURE.md and to tidy's arrows"
            );
            findings.push(Finding::new(file, 0, text));
            continue;
        };
        for (dependency, value) in dependencies(table) {
            let wrong = if ours.contains(&dependency.as_str()) {
                !known.contains(&dependency.as_str())
            } else {
                refused.contains(&dependency.as_str())
            };
            if wrong {
                let text =
                    format!("`{name}` must not know `{dependency}` (the arrows are in ARCHITECTURE.md)");
                findings.push(Finding::new(file, 0, text));
            }
            let optional = value.get("optional").and_then(Value::as_bool).unwrap_or(false);
            if name == "app" && dependency == "domain" && !optional {
                let text = "`domain` must be optional and part of `ssr`: the browser has no database";
                findings.push(Finding::new(file, 0, text));
            }
        }
    }
    Ok(findings)
}

/// Everything a crate is built with, also for one platform only.
fn dependencies(table: &Table) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    let platforms = table
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flatten();
    let platforms = platforms.filter_map(|(_, platform)| platform.as_table());
    for place in std::iter::once(table).chain(platforms) {
        for kind in ["dependencies", "build-dependencies"] {
            for (name, value) in place.get(kind).and_then(Value::as_table).into_iter().flatten() {
                // A renamed dependency is what it really is.
                let real = value.get("package").and_then(Value::as_str).unwrap_or(name);
                found.push((real.to_owned(), value));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::file;

    fn findings(manifests: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<File> = manifests
            .iter()
            .map(|(name, rest)| {
                file(
                    &format!("crates/{name}/Cargo.toml"),
                    &format!("[package]\nname = \"{name}\"\n{rest}"),
                )
            })
            .collect();
        check(&files)
            .unwrap()
            .into_iter()
            .map(|finding| finding.text)
            .collect()
    }

    #[test]
    fn drawn_arrows_pass() {
        let db = (
            "db",
            "[dependencies]\nsqlx.workspace = true\n[dev-dependencies]\ndomain.workspace = true\n",
        );
        let domain = ("domain", "[dependencies]\ndb.workspace = true\nuuid = \"1\"\n");
        assert!(findings(&[db, domain]).is_empty());
    }

    #[test]
    fn wrong_arrows_are_named() {
        let domain = ("domain", "");
        let up = (
            "db",
            "[target.'cfg(unix)'.dependencies]\nhouse = { path = \"../domain\", package = \"domain\" }\n",
        );
        assert!(findings(&[domain, up])[0].starts_with("`db` must not know `domain`"));
        assert!(findings(&[("domain", "[dependencies]\naxum = \"0.8\"\n")])[0].contains("`axum`"));
        let app = ("app", "[dependencies]\ndomain.workspace = true\n");
        assert!(findings(&[domain, app])[0].contains("must be optional"));
        assert!(findings(&[("attic", "")])[0].contains("not drawn"));
    }
}
