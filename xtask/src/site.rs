//! The folder of files a browser is given: the joined style sheet, the files
//! of `public/`, and for a release content-hashed names and compressed twins.
use crate::{
    css,
    project::{NAME, Profile, Project},
};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// What gains nothing from being compressed again.
const COMPRESSED: [&str; 8] = ["br", "gif", "ico", "jpg", "png", "webp", "woff", "woff2"];

/// Empties the site folder and answers its `pkg` folder. Leftovers of another
/// build would be embedded into the release.
pub fn fresh(project: &Project, profile: Profile) -> Result<PathBuf> {
    let site = project.site(profile);
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg)?;
    Ok(pkg)
}

/// Adds everything that is not compiled, and finishes the folder.
pub fn complete(project: &Project, profile: Profile) -> Result<()> {
    let site = project.site(profile);
    let pkg = site.join("pkg");
    let style = css::bundle(&project.root.join("style/main.css"))?;
    let style = if profile == Profile::Release {
        css::strip(&style)
    } else {
        style
    };
    fs::write(pkg.join(format!("{NAME}.css")), style)?;
    let public = project.root.join("public");
    if public.exists() {
        copy_folder(&public, &site)?;
    }
    if profile == Profile::Release {
        let hash = name_by_content(&site)?;
        // Leptos looks for the list beside the program; the server itself
        // reads the copy that it carries.
        let beside = project.server(profile).with_file_name("hash.txt");
        fs::create_dir_all(beside.parent().context("the server lies in a folder")?)?;
        fs::copy(site.join("hash.txt"), beside)?;
        compress(&site, &hash)?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Puts one hash over the whole site into the names of the three main files,
/// and writes it down the way Leptos reads it. One for all, because the three
/// only ever fit together.
fn name_by_content(site: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    for file in files(site)? {
        hasher.update(file.strip_prefix(site)?.to_string_lossy().as_bytes());
        hasher.update([0]);
        hasher.update(fs::read(&file)?);
    }
    let hash = format!("{:x}", hasher.finalize());
    let hash = &hash[..12];
    let mut list = String::new();
    for end in ["js", "wasm", "css"] {
        let pkg = site.join("pkg");
        fs::rename(
            pkg.join(format!("{NAME}.{end}")),
            pkg.join(format!("{NAME}.{hash}.{end}")),
        )?;
        writeln!(list, "{end}: {hash}")?;
    }
    fs::write(site.join("hash.txt"), list)?;
    Ok(hash.to_owned())
}

/// Writes the brotli twin of every file that gains from it and prints what a
/// browser has to load.
fn compress(site: &Path, hash: &str) -> Result<()> {
    println!("{:<34} {:>10} {:>10}", "browser files", "raw", "brotli");
    let (mut raw_sum, mut small_sum) = (0, 0);
    for file in files(site)? {
        let end = file
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if COMPRESSED.contains(&end.as_str()) || file.ends_with("hash.txt") {
            continue;
        }
        let raw = fs::read(&file)?;
        let small = brotli(&raw)?;
        let shown = file
            .strip_prefix(site)?
            .display()
            .to_string()
            .replace(&format!(".{hash}"), "");
        println!("{shown:<34} {:>10} {:>10}", raw.len(), small.len());
        if file.parent().is_some_and(|dir| dir.ends_with("pkg")) {
            raw_sum += raw.len();
            small_sum += small.len();
        }
        if small.len() < raw.len() {
            fs::write(file.with_extension(format!("{end}.br")), small)?;
        }
    }
    println!(
        "{:<34} {raw_sum:>10} {small_sum:>10}",
        "first load (script, program, style)"
    );
    Ok(())
}

fn brotli(raw: &[u8]) -> io::Result<Vec<u8>> {
    let settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut io::Cursor::new(raw), &mut small, &settings)?;
    Ok(small)
}

/// Every file below a folder, in an order that does not depend on the disk.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(css: &str) -> tempfile::TempDir {
        let site = tempfile::tempdir().unwrap();
        let pkg = site.path().join("pkg");
        fs::create_dir(&pkg).unwrap();
        for (end, text) in [("js", "let a"), ("wasm", "code"), ("css", css)] {
            fs::write(pkg.join(format!("{NAME}.{end}")), text).unwrap();
        }
        site
    }

    #[test]
    fn names_follow_the_content() {
        let (one, same, other) = (site("a {}"), site("a {}"), site("b {}"));
        let hash = name_by_content(one.path()).unwrap();
        assert_eq!(hash, name_by_content(same.path()).unwrap());
        assert_ne!(hash, name_by_content(other.path()).unwrap());
        assert!(one.path().join(format!("pkg/{NAME}.{hash}.wasm")).exists());
        let list = fs::read_to_string(one.path().join("hash.txt")).unwrap();
        assert_eq!(list, format!("js: {hash}\nwasm: {hash}\ncss: {hash}\n"));
    }

    #[test]
    fn twins_hold_the_same_bytes() {
        let text = "switchboard ".repeat(100);
        let small = brotli(text.as_bytes()).unwrap();
        assert!(small.len() < 100);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut small.as_slice(), &mut back).unwrap();
        assert_eq!(back, text.as_bytes());
    }
}
