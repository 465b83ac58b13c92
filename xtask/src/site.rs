//! The folder of files a browser is given: the joined style sheet, the files
//! of `public/`, and for a release content-hashed names and compressed twins.
use crate::{
    css,
    project::{NAME, Profile, Project},
};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Holds the name of the folder that the compiled files lie in.
const HASH: &str = "hash.txt";

/// Which files a page needs besides the first one, for the server's hints to the browser.
pub const PARTS: &str = "__wasm_split_manifest.json";

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
        compress(&site, &pkg.join(hash))?;
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

/// Moves what was compiled into a folder named by one hash over the whole site, and writes the
/// hash down for the server. One for all, because the files only ever fit together and name
/// each other.
fn name_by_content(site: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    for file in files(site)? {
        hasher.update(file.strip_prefix(site)?.to_string_lossy().as_bytes());
        hasher.update([0]);
        hasher.update(fs::read(&file)?);
    }
    let hash = format!("{:x}", hasher.finalize());
    let hash = &hash[..12];
    let (pkg, aside) = (site.join("pkg"), site.join("aside"));
    fs::rename(&pkg, &aside)?;
    fs::create_dir(&pkg)?;
    fs::rename(aside, pkg.join(hash))?;
    fs::write(site.join(HASH), hash)?;
    Ok(hash.to_owned())
}

/// Writes the brotli twin of every file that gains from it and prints what a
/// browser has to load for each page.
fn compress(site: &Path, pkg: &Path) -> Result<()> {
    println!("{:<60} {:>10} {:>10}", "browser files", "raw", "brotli");
    let mut sizes = BTreeMap::new();
    for file in files(site)? {
        let end = file
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if COMPRESSED.contains(&end.as_str()) || file.ends_with(HASH) || file.ends_with(PARTS) {
            continue;
        }
        let raw = fs::read(&file)?;
        let small = brotli(&raw)?;
        println!(
            "{:<60} {:>10} {:>10}",
            file.strip_prefix(site)?.display(),
            raw.len(),
            small.len()
        );
        if end == "wasm"
            && let Some(stem) = file.file_stem()
        {
            sizes.insert(stem.to_string_lossy().into_owned(), small.len());
        }
        if small.len() < raw.len() {
            fs::write(file.with_extension(format!("{end}.br")), small)?;
        }
    }
    let parts = fs::read(pkg.join(PARTS)).context("the list of the program's parts")?;
    let parts: BTreeMap<String, Vec<String>> = serde_json::from_slice(&parts)?;
    println!("{:<60} {:>21}", "program by the page one begins with", "brotli");
    for (page, parts) in parts {
        let sum: usize = std::iter::once(NAME)
            .chain(parts.iter().map(String::as_str))
            .filter_map(|part| sizes.get(part))
            .sum();
        println!("{page:<60} {sum:>21}");
    }
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
        assert!(one.path().join(format!("pkg/{hash}/{NAME}.wasm")).exists());
        assert_eq!(fs::read_to_string(one.path().join(HASH)).unwrap(), hash);
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
