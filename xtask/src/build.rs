//! `cargo xtask build [--release] [--browser]`: plain cargo for both sides, and
//! wasm-bindgen and wasm-split as libraries, so that there is no tool to
//! install and every version comes from `Cargo.lock`.
use crate::{
    project::{NAME, Profile, Project},
    shell, site,
    toolchain::BROWSER_TARGET,
};
use anyhow::{Context, Result, anyhow};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};
use wasm_bindgen_cli_support::Bindgen;

pub fn run(args: &[String]) -> Result<()> {
    crate::only(args, &["--release", "--browser"])?;
    let given = |switch: &str| args.iter().any(|arg| arg == switch);
    let profile = if given("--release") {
        Profile::Release
    } else {
        Profile::Dev
    };
    let project = Project::open()?;
    if given("--browser") {
        browser(&project, profile)?;
        println!("{}", project.site(profile).display());
    } else {
        both(&project, profile)?;
        println!("{}", project.server(profile).display());
    }
    Ok(())
}

/// The browser part first: a release server carries it inside.
pub fn both(project: &Project, profile: Profile) -> Result<()> {
    browser(project, profile)?;
    server(project, profile)
}

/// Builds what runs in the browser into the site folder.
pub fn browser(project: &Project, profile: Profile) -> Result<()> {
    let release = profile == Profile::Release;
    let (name, folder) = if release {
        ("wasm-release", "wasm-release")
    } else {
        ("dev", "debug")
    };
    let mut cargo = project.cargo(profile);
    cargo
        .args([
            "build",
            "-p",
            "frontend",
            "--lib",
            "--target",
            BROWSER_TARGET,
            "--profile",
            name,
        ])
        .arg("--target-dir")
        .arg(project.front_target());
    let start = Instant::now();
    shell::run(&mut cargo)?;

    let module = project
        .front_target()
        .join(BROWSER_TARGET)
        .join(folder)
        .join("frontend.wasm");
    let pkg = site::fresh(project, profile)?;
    let first = split(&module, &pkg, release)?;
    Bindgen::new()
        .input_path(&first)
        .out_name(NAME)
        .web(true)
        .map_err(|error| anyhow!("{error:#}"))?
        .typescript(false)
        .debug(!release)
        .keep_debug(!release)
        // The parts find what they share under the linker's own names.
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(&pkg)
        .with_context(|| format!("wasm-bindgen could not read {}", module.display()))?;
    // Leptos asks for the program under the script's own name.
    fs::rename(
        pkg.join(format!("{NAME}_bg.wasm")),
        pkg.join(format!("{NAME}.wasm")),
    )?;
    site::complete(project, profile)?;
    eprintln!("  browser part after {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}

/// Cuts the pages that are loaded lazily out of the program; answers what remains.
fn split(module: &Path, pkg: &Path, release: bool) -> Result<PathBuf> {
    let program = fs::read(module).with_context(|| format!("{} cannot be read", module.display()))?;
    let first = module.with_file_name("frontend_first.wasm");
    let script = format!("./{NAME}.js");
    let mut options = wasm_split_cli_support::Options::new(&program);
    options.output_dir = pkg;
    options.main_out_path = &first;
    options.main_module = &script;
    // The name that Leptos compiled into the program.
    options.link_name = "./__wasm_split.______________________.js";
    let parts = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    fs::write(pkg.join(site::PARTS), serde_json::to_vec(&parts.prefetch_map)?)?;
    if release {
        for part in parts.split_modules {
            fs::write(&part, without_names(&fs::read(&part)?)?)?;
        }
    }
    Ok(first)
}

/// A WebAssembly module without the names of its functions, which are most of a part's size.
/// What wasm-bindgen writes has none already.
fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    let broken = || anyhow!("a part of the browser's program is not WebAssembly");
    let mut kept = module.get(..HEADER).ok_or_else(broken)?.to_vec();
    let mut at = HEADER;
    while at < module.len() {
        let (size, begin) = number(module, at + 1).ok_or_else(broken)?;
        let end = begin + size;
        let custom_name = || {
            let (length, begin) = number(module, begin)?;
            module.get(begin..begin + length)
        };
        let is_custom = module[at] == 0;
        if !(is_custom && matches!(custom_name(), Some(b"name" | b"producers"))) {
            kept.extend_from_slice(module.get(at..end).ok_or_else(broken)?);
        }
        at = end;
    }
    Ok(kept)
}

/// An unsigned LEB128 number, and where the next byte is.
fn number(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = usize::from(*bytes.get(at)?);
        at += 1;
        value |= (byte & 127).checked_shl(shift)?;
        shift += 7;
        if byte < 128 {
            return Some((value, at));
        }
    }
}

/// Builds the server; its release carries the site folder.
pub fn server(project: &Project, profile: Profile) -> Result<()> {
    let start = Instant::now();
    let mut cargo = project.cargo(profile);
    cargo.args(["build", "-p", "server"]);
    if profile == Profile::Release {
        cargo.args(["--release", "--features", "embed"]);
    }
    shell::run(&mut cargo)?;
    eprintln!("  server after {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_and_everything_else_stays() {
        let module = b"\0asm\x01\0\0\0\x00\x05\x04name\x05\x03\x01\x00\x01\x00\x06\x04kept!";
        let without = b"\0asm\x01\0\0\0\x05\x03\x01\x00\x01\x00\x06\x04kept!";
        assert_eq!(without_names(module).unwrap(), without);
        assert!(without_names(b"\0asm\x01\0\0\0\x00\xff").is_err());
        assert_eq!(number(&[0xe5, 0x8e, 0x26], 0), Some((624_485, 3)));
    }
}
