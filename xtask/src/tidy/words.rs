//! Words that must not be in the repository, or only in named places.
use super::{File, Finding, source::Source};

/// Where code may differ between server and browser.
const DIFFERS: [&str; 6] = [
    "crates/types/src/lib.rs",
    "app/src/lib.rs",
    "app/src/browser.rs",
    "app/src/live.rs",
    "app/src/door.rs",
    "server/src/assets.rs",
];

/// Folders of one machine. In two halves, so that this file passes itself.
const ABSOLUTE: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp", "/sb"),
];

pub fn check(file: &File) -> Vec<Finding> {
    let mut findings = absolute_paths(file);
    if file.name() == "package-lock.json" && file.text.contains("\"resolved\":") {
        let text =
            "names the registry of one machine; run `npm install` in end2end, its .npmrc leaves that out";
        findings.push(Finding::new(file, 0, text));
    }
    if file.is("rs") {
        let source = Source::read(&file.text);
        findings.extend(banned_code(file, &source));
        findings.extend(features(file, &source));
        if file.path.starts_with("app/src/") {
            findings.extend(inline_styles(file, &source));
        }
    }
    findings
}

fn absolute_paths(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let found = ABSOLUTE.iter().find(|path| {
            // In the middle of a longer path it is not absolute.
            let begins =
                |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}*".contains(c));
            line.match_indices(*path).any(|(at, _)| begins(at))
        });
        if let Some(path) = found {
            findings.push(Finding::new(
                file,
                number + 1,
                format!("`{path}` exists on one machine only"),
            ));
        }
    }
    findings
}

fn banned_code(file: &File, source: &Source<'_>) -> Vec<Finding> {
    const BANNED: [(&str, &str); 4] = [
        (
            "#[allow(",
            "write #[expect(lint, reason = \"…\")], which tells when it is no longer needed",
        ),
        (
            "#![allow(",
            "write #![expect(lint, reason = \"…\")], which tells when it is no longer needed",
        ),
        ("todo!", "finish it or leave it out"),
        ("unimplemented!", "finish it or leave it out"),
    ];
    let mut findings = Vec::new();
    for (word, instead) in BANNED {
        for at in source.words(word) {
            findings.push(Finding::new(
                file,
                source.line(at),
                format!("`{word}`: {instead}"),
            ));
        }
    }
    findings
}

/// Code that is there for one side only hides from whoever reads the other.
/// Helpers for tests (`testing`) and derives that describe a type (`openapi`) are no side.
fn features(file: &File, source: &Source<'_>) -> Vec<Finding> {
    let server_function = file.path.starts_with("app/src/") && file.name() == "server.rs";
    if server_function || DIFFERS.contains(&file.path.as_str()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for at in ["cfg(", "cfg!(", "cfg_attr("]
        .iter()
        .flat_map(|word| source.words(word))
    {
        let end = source.text[at..]
            .find([']', '\n'])
            .map_or(source.text.len(), |end| at + end);
        let about_features = source.code[at..end].contains("feature");
        let no_side = ["\"testing\"", "\"openapi\""]
            .iter()
            .any(|feature| source.text[at..end].contains(feature));
        if about_features && !no_side {
            let text = format!(
                "`cfg(feature …)` may only be in {} and app/src/*/server.rs",
                DIFFERS.join(", ")
            );
            findings.push(Finding::new(file, source.line(at), text));
        }
    }
    findings
}

/// The content security policy lets no style through that is not in a sheet.
fn inline_styles(file: &File, source: &Source<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for at in source
        .words("style")
        .into_iter()
        .filter(|at| !source.code[..*at].ends_with('-'))
    {
        let after = &source.code[at + "style".len()..];
        let attribute = after.starts_with('=') && !after.starts_with("==");
        let property = after.strip_prefix(':').is_some_and(|rest| {
            let name = rest
                .find(|c: char| !(c.is_alphanumeric() || c == '-'))
                .unwrap_or(0);
            name > 0 && rest[name..].starts_with('=')
        });
        if attribute || property {
            let text = "the content security policy drops inline styles; use a class or a data attribute";
            findings.push(Finding::new(file, source.line(at), text));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::file;

    fn count(path: &str, text: &str) -> usize {
        check(&file(path, text)).len()
    }

    #[test]
    fn machine_paths_are_refused() {
        for path in ABSOLUTE {
            assert_eq!(count("README.md", &format!("see `{path}x`\n")), 1);
            assert_eq!(count("README.md", &format!("see target{path}x\n")), 0);
        }
        assert_eq!(
            count(
                "end2end/package-lock.json",
                "{ \"resolved\": \"https://r.test/a.tgz\" }"
            ),
            1
        );
    }

    #[test]
    fn excuses_and_gaps_are_refused() {
        assert_eq!(
            count("server/src/a.rs", "#[allow(dead_code)]\nfn a() { todo!() }\n"),
            2
        );
        assert_eq!(
            count(
                "server/src/a.rs",
                "// todo!\n#[expect(dead_code, reason = \"#[allow(x)]\")]\n"
            ),
            0
        );
    }

    #[test]
    fn features_stay_in_their_files() {
        let text = "#[cfg(feature = \"ssr\")]\nfn a() {}\n";
        assert_eq!(count("app/src/keys/list.rs", text), 1);
        assert_eq!(count("app/src/keys/server.rs", text), 0);
        assert_eq!(count("app/src/lib.rs", text), 0);
        assert_eq!(
            count(
                "app/src/a.rs",
                "fn a() { if cfg!(all(unix, feature = \"ssr\")) {} }\n"
            ),
            1
        );
        assert_eq!(
            count(
                "crates/db/src/lib.rs",
                "#[cfg(any(test, feature = \"testing\"))]\nmod a;\n"
            ),
            0
        );
        assert_eq!(
            count(
                "crates/types/src/a.rs",
                "#[cfg_attr(feature = \"openapi\", derive(utoipa::ToSchema))]\nstruct A;\n"
            ),
            0
        );
        assert_eq!(
            count("crates/db/src/lib.rs", "#[cfg(unix)]\nmod a; // feature\n"),
            0
        );
    }

    #[test]
    fn inline_styles_are_refused() {
        let view = |attribute: &str| {
            count(
                "app/src/a.rs",
                &format!("view! {{ <p {attribute}>\"style=\"</p> }}\n"),
            )
        };
        assert_eq!(view("style=\"color:red\""), 1);
        assert_eq!(view("style:inline-size=move || 1"), 1);
        assert_eq!(view("class=\"style\" data-style=1"), 0);
        assert_eq!(
            count("app/src/a.rs", "let style = 1; if style == 2 {} A { style: b }\n"),
            0
        );
    }
}
