//! Where things lie and how long they are.
use super::{File, Finding};
use std::collections::BTreeSet;

const QUESTION: usize = 400;
const LIMIT: usize = 800;

/// Whether a file is one that people write and read. Migrations are exempt:
/// they never change again.
fn counts(file: &File) -> bool {
    ["rs", "ts", "css"].iter().any(|ending| file.is(ending)) && !file.path.starts_with("migrations/")
}

pub fn size(file: &File) -> Option<Finding> {
    let lines = file.text.lines().count();
    (counts(file) && lines > LIMIT).then(|| {
        Finding::new(
            file,
            0,
            format!("{lines} lines; split it, {LIMIT} is the most one file may have"),
        )
    })
}

/// Files that are allowed but worth a question.
pub fn questionable(files: &[File]) -> Vec<(&str, usize)> {
    let sized = files
        .iter()
        .filter(|file| counts(file))
        .map(|file| (file.path.as_str(), file.text.lines().count()));
    sized
        .filter(|(_, lines)| (QUESTION + 1..=LIMIT).contains(lines))
        .collect()
}

/// A crate and a room say what they own before their first line.
pub fn module_doc(file: &File) -> Option<Finding> {
    if !file.is("rs") || !owes_doc(&file.path) {
        return None;
    }
    let first = file
        .text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let said = first
        .strip_prefix("//!")
        .is_some_and(|doc| !doc.trim().is_empty());
    (!said).then(|| {
        Finding::new(
            file,
            1,
            "begin with `//!` and say what this owns and what it never does",
        )
    })
}

fn owes_doc(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(
        parts.as_slice(),
        [.., "src", "lib.rs" | "main.rs"]
            | ["crates", "domain", "src", _]
            | ["app", "src", _]
            | ["crates", "domain", "src", _, "mod.rs"]
            | ["app", "src", _, "mod.rs"]
    )
}

/// Every migration exists for both databases, under one number of its own.
pub fn migration_twins(files: &[File]) -> Vec<Finding> {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = format!("migrations/{engine}/");
        files
            .iter()
            .filter_map(|file| file.path.strip_prefix(&folder))
            .map(str::to_owned)
            .collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    let mut findings = Vec::new();
    for (engine, here, there) in [("postgres", &postgres, &sqlite), ("sqlite", &sqlite, &postgres)] {
        for name in there.difference(here) {
            let path = format!("migrations/{engine}/{name}");
            findings.push(Finding {
                path,
                line: 0,
                text: "the twin of this migration is missing".to_owned(),
            });
        }
        let mut last = None;
        for name in here {
            let path = format!("migrations/{engine}/{name}");
            let number = name
                .split('_')
                .next()
                .filter(|number| number.len() == 4)
                .and_then(|n| n.parse::<u32>().ok());
            if number.is_none() || name.strip_suffix(".sql").is_none_or(|stem| stem.len() <= 5) {
                let text = "a migration is called NNNN_name.sql".to_owned();
                findings.push(Finding { path, line: 0, text });
            } else if number == last {
                let text = "two migrations have this number; the order would be chance".to_owned();
                findings.push(Finding { path, line: 0, text });
            }
            last = number;
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tests::file;

    #[test]
    fn long_files_are_refused_or_questioned() {
        let long = file("app/src/a.rs", &"\n".repeat(801));
        assert!(size(&long).unwrap().text.starts_with("801 lines"));
        let middling = file("style/a.css", &"\n".repeat(401));
        assert!(size(&middling).is_none());
        let read = file("README.md", &"\n".repeat(900));
        assert_eq!(questionable(&[long, middling, read]), [("style/a.css", 401)]);
    }

    #[test]
    fn rooms_introduce_themselves() {
        assert!(module_doc(&file("crates/domain/src/keys/mod.rs", "mod store;\n")).is_some());
        assert!(module_doc(&file("crates/db/src/lib.rs", "//! \nmod a;\n")).is_some());
        assert!(
            module_doc(&file(
                "app/src/keys/mod.rs",
                "\n//! The keys of an organization.\n"
            ))
            .is_none()
        );
        assert!(module_doc(&file("app/src/keys/list.rs", "use a;\n")).is_none());
    }

    #[test]
    fn migrations_come_in_pairs() {
        let pair = |names: &[&str]| {
            let files: Vec<File> = names
                .iter()
                .map(|name| file(&format!("migrations/{name}"), ""))
                .collect();
            migration_twins(&files)
                .into_iter()
                .map(|finding| finding.to_string())
                .collect::<Vec<_>>()
        };
        assert!(pair(&["sqlite/0001_a.sql", "postgres/0001_a.sql"]).is_empty());
        let lonely = pair(&["sqlite/0001_a.sql"]);
        assert_eq!(
            lonely,
            ["migrations/postgres/0001_a.sql: the twin of this migration is missing"]
        );
        let same = [
            "sqlite/0001_a.sql",
            "sqlite/0001_b.sql",
            "postgres/0001_a.sql",
            "postgres/0001_b.sql",
        ];
        assert_eq!(pair(&same).len(), 2);
        assert_eq!(pair(&["sqlite/first.sql", "postgres/first.sql"]).len(), 2);
    }
}
