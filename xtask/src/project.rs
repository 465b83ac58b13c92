//! Where things lie, and cargo as every command has to call it.
use crate::{shell, toolchain::Toolchain};
use anyhow::{Context, Result};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The name under which Leptos looks for the browser part.
pub const NAME: &str = "switchboard";

/// The checkout, its build folder and the compiler that serves both sides.
pub struct Project {
    pub root: PathBuf,
    pub target: PathBuf,
    toolchain: Toolchain,
}

/// How something is built. Tests and `run` use the dev build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Project {
    /// Finds the build folder the way cargo does, because a build machine
    /// keeps it outside the checkout, and makes sure of the browser target.
    pub fn open() -> Result<Self> {
        let root = root();
        let target = target_dir(&root)?;
        let toolchain = Toolchain::provide(&target)?;
        Ok(Self {
            root,
            target,
            toolchain,
        })
    }

    /// Cargo for builds of that kind; flags come from `.cargo/config.toml`.
    pub fn cargo(&self, profile: Profile) -> Command {
        // Looked up afresh, not through $CARGO: the compiler may be another
        // than the one this tool was built with.
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .env("LEPTOS_OUTPUT_NAME", NAME)
            .env("SWITCHBOARD_SITE_DIR", self.site(profile));
        self.toolchain.apply(&mut cargo);
        cargo
    }

    /// The browser's build folder. It is a separate one so that the flags of
    /// the two sides never throw each other's work away.
    pub fn front_target(&self) -> PathBuf {
        self.target.join("front")
    }

    /// The folder of files the server hands to browsers.
    pub fn site(&self, profile: Profile) -> PathBuf {
        self.target.join(match profile {
            Profile::Dev => "site",
            Profile::Release => "site-release",
        })
    }

    /// The server's binary.
    pub fn server(&self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target.join(folder).join("switchboard")
    }

    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }
}

/// The checkout this tool was called in.
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(manifest);
    root.pop();
    root
}

fn target_dir(root: &Path) -> Result<PathBuf> {
    // Asked from where the person stands: a relative CARGO_TARGET_DIR means
    // that folder, not the root.
    let metadata = shell::output(
        Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
            .arg(root.join("Cargo.toml")),
    )?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let target = metadata["target_directory"]
        .as_str()
        .context("cargo names no target directory")?;
    Ok(target.into())
}
