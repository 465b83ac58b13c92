//! The first password, from a file or from standard input: never from the command line, where
//! every user of the machine could read it.

use anyhow::{Context, Result, bail};
use std::{fs, io::Read as _, path::Path};

/// Reads the first line; `-` is standard input.
pub fn read(path: &Path) -> Result<String> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .context("the password could not be read from standard input")?;
        text
    } else {
        fs::read_to_string(path)
            .with_context(|| format!("the password could not be read from {}", path.display()))?
    };
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => bail!("the password file is empty: write the password into its first line"),
    }
}
