//! SQL lies in stores, and every query there is about one organization.
use super::{
    File, Finding,
    source::{Function, Source},
};

/// What a comment says of a query that is meant to see every organization.
const REASON: &str = "cross-org:";

pub fn check(file: &File) -> Vec<Finding> {
    if file.path.starts_with("xtask/") || file.path.starts_with("bench/") || file.is_test() {
        return Vec::new();
    }
    let source = Source::read(&file.text);
    let functions = source.functions();
    let mut findings = opened_inside(file, &source, &functions);
    if file.path.starts_with("crates/db/") {
        return findings;
    }
    let end = source.tests_from();
    for text in source
        .strings
        .iter()
        .filter(|text| text.at < end && is_sql(text.inner))
    {
        let line = source.line(text.at);
        if !is_store(file) {
            findings.push(Finding::new(
                file,
                line,
                "SQL belongs into the store.rs of its room",
            ));
        } else if is_statement(text.inner)
            && !is_about_one_organization(&source, &functions, text.at, text.inner)
        {
            let says =
                format!("this query does not name organization_id; if it may not, say why: `// {REASON} …`");
            findings.push(Finding::new(file, line, says));
        }
    }
    findings
}

fn is_store(file: &File) -> bool {
    file.path.starts_with("crates/domain/src/")
        && (file.name().starts_with("store") || file.path.contains("/store/"))
}

fn is_sql(text: &str) -> bool {
    let begins = |word: &str| text.contains(&format!("{word} ")) || text.contains(&format!("{word}\n"));
    let after = |first: &str, then: &str| text.find(first).is_some_and(|at| text[at..].contains(then));
    begins("INSERT INTO")
        || begins("DELETE FROM")
        || text.trim_start().starts_with("SELECT ")
        || after("SELECT ", " FROM ")
        || after("UPDATE ", " SET ")
}

/// A whole statement; a condition or a list of columns is a piece of one and
/// says nothing of organizations by itself.
fn is_statement(text: &str) -> bool {
    let text = text.trim_start();
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
        .iter()
        .any(|verb| text.starts_with(verb))
}

/// A query that is put together from pieces is judged with the other pieces
/// in its function.
fn is_about_one_organization(source: &Source<'_>, functions: &[Function<'_>], at: usize, sql: &str) -> bool {
    // In its own table the organization is called by its id.
    let itself =
        sql.contains("organizations") && (sql.contains("WHERE id = $") || sql.contains("organizations (id"));
    if sql.contains("organization_id") || itself || names_it_by_constant(source, sql) {
        return true;
    }
    let Some(function) = Source::function_around(functions, at) else {
        // A constant: its reason stands above it.
        return source.text[source.block_above(at)..at].contains(REASON);
    };
    if source.text[function.from..function.to].contains(REASON) {
        return true;
    }
    let in_pieces = sql.contains('{') || sql.ends_with(' ');
    let inside = |other: usize| (function.body..function.to).contains(&other);
    in_pieces
        && source
            .strings
            .iter()
            .any(|text| inside(text.at) && text.inner.contains("organization_id"))
}

/// Whether the query takes in a constant of its file, as `{OWN}`, that names
/// the organization.
fn names_it_by_constant(source: &Source<'_>, sql: &str) -> bool {
    let pieces = sql
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name);
    pieces.filter(|name| !name.is_empty()).any(|name| {
        let definition = source.code.find(&format!("const {name}:"));
        let value = definition.and_then(|from| source.strings.iter().find(|text| text.at > from));
        value.is_some_and(|text| text.inner.contains("organization_id"))
    })
}

/// A verb that joins its caller's transaction must not open a second one.
fn opened_inside(file: &File, source: &Source<'_>, functions: &[Function<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, _) in source.code.match_indices(".begin(") {
        let Some(function) = Source::function_around(functions, at) else {
            continue;
        };
        if function.name.ends_with("_in") {
            let text = format!(
                "`{}` joins its caller's transaction and must not begin another",
                function.name
            );
            findings.push(Finding::new(file, source.line(at), text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::file;

    fn findings(path: &str, text: &str) -> Vec<(usize, String)> {
        check(&file(path, text))
            .into_iter()
            .map(|finding| (finding.line, finding.text))
            .collect()
    }

    const STORE: &str = "crates/domain/src/keys/store.rs";

    #[test]
    fn sql_outside_a_store_is_refused() {
        let text = "fn a() {\n    query(\"SELECT 1\");\n}\n#[cfg(test)]\nmod tests {\n    const A: &str = \"DELETE FROM a\";\n}\n";
        let found = findings("server/src/api/keys.rs", text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 2);
        for free in [
            "crates/db/src/lib.rs",
            "crates/domain/src/keys/tests.rs",
            "server/tests/http.rs",
        ] {
            assert_eq!(findings(free, text), [], "{free}");
        }
        assert_eq!(
            findings(
                "app/src/a.rs",
                "fn a() { t(\"SELECTED UPDATES\") } // SELECT x FROM y\n"
            ),
            []
        );
    }

    #[test]
    fn queries_name_the_organization_or_a_reason() {
        let bare = "async fn find() {\n    query(r#\"SELECT id\n      FROM keys\"#)\n}\n";
        assert!(findings(STORE, bare)[0].1.contains("organization_id"));
        let reasoned = format!("/// Finds.\n// cross-org: the prefix is unique\n#[inline]\n{bare}");
        assert_eq!(findings(STORE, &reasoned), []);
        let inside = bare.replace("    query", "    // cross-org: the prefix is unique\n    query");
        assert_eq!(findings(STORE, &inside), []);
        let constant =
            |above: &str, sql: &str| findings(STORE, &format!("{above}const A: &str = \"{sql}\";\n")).len();
        assert_eq!(
            constant("", "UPDATE keys SET a = 1 WHERE organization_id = $1"),
            0
        );
        assert_eq!(constant("", "UPDATE keys SET a = 1"), 1);
        assert_eq!(constant("// cross-org: clean-up\n", "UPDATE keys SET a = 1"), 0);
        assert_eq!(constant("", "SELECT name FROM organizations WHERE id = $1"), 0);
        assert_eq!(constant("", "SELECT name FROM organizations"), 1);
        assert_eq!(findings("crates/domain/src/keys/store/list.rs", bare).len(), 1);
    }

    #[test]
    fn pieces_are_judged_together() {
        let text = "fn list() {\n    let mut sql = format!(\"SELECT {COLUMNS} FROM keys \");\n    sql += \"WHERE organization_id = $1\";\n}\n";
        assert_eq!(findings(STORE, text), []);
        let constant = "const OWN: &str = \"organization_id || ''\";\nfn list() { q(format!(\"SELECT a FROM b WHERE {OWN} = $1\")) }\n";
        assert_eq!(findings(STORE, constant), []);
        let piece = "fn f() { list(\"AND a IN (SELECT a FROM b)\") }\n";
        assert_eq!(findings(STORE, piece), []);
        let other = text.replace("organization_id", "id");
        assert_eq!(findings(STORE, &other).len(), 1);
    }

    #[test]
    fn joined_transactions_open_none() {
        let text = "async fn revoke_in(tx: &mut Tx) {\n    self.db.begin().await\n}\nasync fn revoke() { self.db.begin().await }\n";
        let found = findings("crates/domain/src/keys/mod.rs", text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 2);
    }
}
