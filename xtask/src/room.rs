//! `cargo xtask room NAME`: where the files of a room lie. Every room has the
//! same places, so knowing one is knowing all.
use crate::project;
use anyhow::{Result, bail};
use std::{fs, path::Path};

/// The places of a room, as ARCHITECTURE.md names them.
const PLACES: [(&str, &str); 16] = [
    ("crates/types/src/NAME.rs", "the nouns, shared with the browser"),
    (
        "crates/domain/src/NAME/mod.rs",
        "the service: one verb, one function",
    ),
    ("crates/domain/src/NAME/store.rs", "all SQL of the room"),
    ("crates/domain/src/NAME/jobs.rs", "what happens later"),
    ("crates/domain/src/NAME/tests.rs", "the service on both databases"),
    ("server/src/api/NAME.rs", "the door for programs"),
    ("app/src/NAME/server.rs", "the door for pages"),
    ("app/src/NAME/mod.rs", "the pages"),
    ("app/src/NAME/list.rs", ""),
    ("app/src/NAME/detail.rs", ""),
    ("app/src/NAME/form.rs", ""),
    ("style/rooms/NAME.css", "what this page alone needs"),
    ("migrations/sqlite/*_NAME.sql", "the twins"),
    ("migrations/postgres/*_NAME.sql", ""),
    ("end2end/tests/NAME.spec.ts", "in the browser"),
    ("docs/NAME.md", "for its users, where a page helps"),
];

pub fn run(args: &[String]) -> Result<()> {
    let [name] = args else {
        bail!("which room? `cargo xtask room messages`")
    };
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        bail!("a room's name is one word in small letters, such as `messages` or `quick_replies`");
    }
    let root = project::root();
    for (place, purpose) in PLACES {
        let path = place.replace("NAME", name);
        let found = find(&root, &path);
        let mark = if found.is_empty() { " " } else { "✓" };
        let shown = if found.is_empty() { path } else { found.join(" ") };
        println!("{}", format!("{mark} {shown:<46} {purpose}").trim_end());
    }
    Ok(())
}

/// The files a place stands for; a star takes any beginning.
fn find(root: &Path, path: &str) -> Vec<String> {
    let Some((folder, pattern)) = path.rsplit_once('/') else {
        return Vec::new();
    };
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> = names
        .filter(|name| match pattern.strip_prefix('*') {
            Some(end) => name.ends_with(end),
            None => name == pattern,
        })
        .map(|name| format!("{folder}/{name}"))
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_by_name_or_ending() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("migrations/sqlite")).unwrap();
        fs::write(root.path().join("migrations/sqlite/0002_keys.sql"), "").unwrap();
        assert_eq!(
            find(root.path(), "migrations/sqlite/*_keys.sql"),
            ["migrations/sqlite/0002_keys.sql"]
        );
        assert!(find(root.path(), "migrations/sqlite/keys.sql").is_empty());
        assert!(find(root.path(), "gone/keys.sql").is_empty());
    }
}
