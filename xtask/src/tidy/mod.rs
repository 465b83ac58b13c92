//! `cargo xtask tidy`: the rules of this house that no compiler knows. Each
//! finding names its place and the way out.
mod arrows;
mod places;
mod sides;
mod source;
mod sql;
mod words;

use crate::project;
use anyhow::{Context, Result, bail};
use std::{
    fmt,
    fs::{self, Metadata},
    path::Path,
};

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "data",
    "test-results",
    "playwright-report",
];

/// Larger files are pictures or recordings, not something to read.
const LARGEST: u64 = 2_000_000;

/// One file of the repository.
pub struct File {
    /// From the root, with `/` on every system.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn is(&self, ending: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, end)| end == ending)
    }

    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Tests may do what the product may not.
    pub fn is_test(&self) -> bool {
        let name = self.name();
        self.path
            .split('/')
            .any(|part| part == "tests" || part == "benches")
            || name == "tests.rs"
            || name == "testing.rs"
            || name.ends_with("_tests.rs")
    }
}

/// Something that has to change.
#[derive(Debug, PartialEq)]
pub struct Finding {
    pub path: String,
    /// 0 where the whole file is meant.
    pub line: usize,
    pub text: String,
}

impl Finding {
    pub fn new(file: &File, line: usize, text: impl Into<String>) -> Self {
        Self {
            path: file.path.clone(),
            line,
            text: text.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.text),
            line => write!(f, "{}:{line}: {}", self.path, self.text),
        }
    }
}

pub fn run(args: &[String]) -> Result<()> {
    crate::only(args, &[])?;
    if !check(&project::root())? {
        bail!("not tidy");
    }
    Ok(())
}

/// Looks through the repository, prints what it finds and answers whether
/// that was nothing.
pub fn check(root: &Path) -> Result<bool> {
    let mut files = Vec::new();
    collect(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let mut findings = arrows::check(&files)?;
    findings.extend(places::migration_twins(&files));
    for file in &files {
        findings.extend(places::size(file));
        findings.extend(places::module_doc(file));
        findings.extend(words::check(file));
        findings.extend(sides::check(file));
        if file.is("rs") {
            findings.extend(sql::check(file));
        }
    }
    for (path, lines) in places::questionable(&files) {
        println!("note: {path} has {lines} lines; from 400 on, ask whether it is still one thing");
    }
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files, {} findings", files.len(), findings.len());
    Ok(findings.is_empty())
}

fn collect(root: &Path, folder: &str, files: &mut Vec<File>) -> Result<()> {
    let here = root.join(folder);
    for entry in fs::read_dir(&here).with_context(|| format!("{} cannot be read", here.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let kind = entry.metadata()?;
        if kind.is_dir() {
            // A build folder may have another name; cargo marks it.
            let foreign = SKIPPED.contains(&name.as_str()) || entry.path().join("CACHEDIR.TAG").exists();
            if !foreign {
                collect(root, &path, files)?;
            }
        } else if is_readable(&kind)
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            files.push(File { path, text });
        }
    }
    Ok(())
}

fn is_readable(kind: &Metadata) -> bool {
    kind.is_file() && kind.len() <= LARGEST
}

#[cfg(test)]
mod tests {
    use super::File;

    /// A file for the tests of the checks.
    pub fn file(path: &str, text: &str) -> File {
        File {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}
