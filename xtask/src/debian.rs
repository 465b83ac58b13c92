//! The browser target on a machine where rustup has nothing to fetch.
//!
//! Debian packages a recent compiler for its browsers (`rustc-web`) together
//! with the sources of the standard library, but not the library built for
//! bare WebAssembly. It is built here once, about half a minute, into a folder
//! of our own that borrows everything else from `/usr` through links. Nothing
//! below `/usr` and nothing of rustup is changed.
use crate::{shell, toolchain::BROWSER_TARGET};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

const PACKAGES: [&str; 8] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
    "rustfmt-web",
    "gcc",
    "libc6-dev",
];
const RUSTC: &str = "/usr/bin/rustc";
const RUSTLIB: &str = "/usr/lib/rustlib";

/// Programs that work from anywhere.
const LINKED: [&str; 3] = ["cargo", "cargo-fmt", "rustfmt"];

/// The folder of a toolchain built earlier, if it still fits the packages.
pub fn built() -> Option<PathBuf> {
    let folder = folder()?;
    let version = compiler().ok()?;
    (fs::read_to_string(folder.join("version")).ok()? == version).then_some(folder)
}

/// Installs the packages, builds the library and answers the folder.
pub fn provide() -> Result<PathBuf> {
    install()?;
    if let Some(folder) = built() {
        return Ok(folder);
    }
    let folder = folder().context("there is no home folder to keep a compiler in")?;
    let version = compiler()?;
    eprintln!("Building the standard library for the browser with {version}");
    let parent = folder.parent().context("the cache folder has no parent")?;
    fs::create_dir_all(parent)?;
    // Put together beside its place and moved there whole, so that a build
    // that is interrupted leaves nothing half usable.
    let fresh = tempfile::tempdir_in(parent)?;
    write_programs(fresh.path(), &folder)?;
    link_host_libraries(fresh.path())?;
    build_library(fresh.path())?;
    fs::write(fresh.path().join("version"), version)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(fresh.keep(), &folder)?;
    Ok(folder)
}

fn folder() -> Option<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .filter(|dir| !dir.is_empty())
        .map(PathBuf::from);
    let cache = cache.or_else(|| env::home_dir().map(|home| home.join(".cache")))?;
    Some(cache.join("switchboard").join("browser-toolchain"))
}

fn compiler() -> Result<String> {
    shell::output(Command::new(RUSTC).arg("-V"))
}

fn install() -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .into_iter()
        .chain(["lld-22"])
        .filter(|name| !installed(name))
        .collect();
    if missing.is_empty() || shell::apt_install(&missing)? {
        return Ok(());
    }
    bail!("these Debian packages are missing: {}", missing.join(" "))
}

fn installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    shell::output(&mut query).is_ok_and(|status| status == "installed")
}

fn write_programs(fresh: &Path, folder: &Path) -> Result<()> {
    let bin = fresh.join("bin");
    fs::create_dir_all(&bin)?;
    for name in LINKED {
        symlink(Path::new("/usr/bin").join(name), bin.join(name))?;
    }
    // Debian's compiler finds its libraries beside itself, so it has to be
    // told about ours; a link alone would lead back to /usr.
    let sysroot = folder.display();
    for name in ["rustc", "rustdoc"] {
        let script = format!("#!/bin/sh\nexec /usr/bin/{name} --sysroot \"{sysroot}\" \"$@\"\n");
        write_script(&bin.join(name), &script)?;
    }
    for name in ["cargo-clippy", "clippy-driver"] {
        let script =
            format!("#!/bin/sh\nSYSROOT=\"{sysroot}\"\nexport SYSROOT\nexec /usr/bin/{name} \"$@\"\n");
        write_script(&bin.join(name), &script)?;
    }
    Ok(())
}

fn write_script(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

fn link_host_libraries(fresh: &Path) -> Result<()> {
    let rustlib = fresh.join("lib/rustlib");
    fs::create_dir_all(&rustlib)?;
    for entry in fs::read_dir(RUSTLIB).with_context(|| format!("{RUSTLIB} is not there"))? {
        let entry = entry?;
        if entry.file_name() != BROWSER_TARGET {
            symlink(entry.path(), rustlib.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Lets cargo build `std` from Debian's sources for an empty crate and keeps
/// the libraries.
fn build_library(fresh: &Path) -> Result<()> {
    let work = tempfile::tempdir_in(fresh)?;
    let manifest = "[workspace]\n\n[package]\nname = \"empty\"\nedition = \"2024\"\n\n\
                    [profile.release]\nopt-level = \"s\"\n";
    fs::create_dir(work.path().join("src"))?;
    fs::write(work.path().join("Cargo.toml"), manifest)?;
    fs::write(work.path().join("src/lib.rs"), "")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo
        .args(["build", "--release", "--quiet", "--target", BROWSER_TARGET])
        .args(["-Z", "build-std=std,panic_abort,test"])
        .current_dir(work.path())
        .env("CARGO_TARGET_DIR", work.path().join("target"))
        .env("RUSTC", RUSTC)
        // The build of a standard library is an unstable feature; this is how
        // a stable compiler is allowed to do it.
        .env("RUSTC_BOOTSTRAP", "1")
        // Full optimisation across crates needs the bitcode, and the library's
        // own dependencies must stay invisible to ours.
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-C embed-bitcode=yes -Z force-unstable-if-unmarked",
        );
    for inherited in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTUP_TOOLCHAIN",
        "LD_LIBRARY_PATH",
    ] {
        cargo.env_remove(inherited);
    }
    shell::run(&mut cargo)?;

    let libraries = fresh.join("lib/rustlib").join(BROWSER_TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    let deps = work
        .path()
        .join("target")
        .join(BROWSER_TARGET)
        .join("release/deps");
    for entry in fs::read_dir(deps)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if Path::new(name).extension().is_some_and(|end| end == "rlib") && !name.starts_with("libempty-") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    Ok(())
}
