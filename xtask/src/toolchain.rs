//! One compiler for server and browser: whichever links
//! `wasm32-unknown-unknown`. Tried in this order: the one in use, the one in
//! use after `rustup target add`, Debian's (see [`crate::debian`]).
use crate::{debian, shell};
use anyhow::{Context, Result, bail};
use std::{env, ffi::OsString, fs, path::Path, path::PathBuf, process::Command, time::Duration};

pub const BROWSER_TARGET: &str = "wasm32-unknown-unknown";

/// Forces one of the ways, for tests of this very file: `rustup` or `debian`.
const FORCE: &str = "SWITCHBOARD_WASM_TOOLCHAIN";

/// A module that allocates, so that linking it needs the standard library.
const PROBE: &str =
    "#[unsafe(no_mangle)]\npub extern \"C\" fn count() -> usize { vec![String::new()].len() }\n";

/// The compiler that was chosen.
pub enum Toolchain {
    /// What `cargo` on the search path uses.
    Current,
    /// A folder with programs that go before the search path.
    Folder(PathBuf),
}

impl Toolchain {
    /// Answers a compiler that links for the browser, installing one where
    /// that is possible.
    pub fn provide(target: &Path) -> Result<Self> {
        let forced = env::var(FORCE).unwrap_or_default();
        let scratch = target.join("xtask");
        fs::create_dir_all(&scratch).with_context(|| format!("{} cannot be made", scratch.display()))?;
        match forced.as_str() {
            "" | "rustup" => {}
            "debian" => return Self::debian(&scratch),
            other => bail!("{FORCE} is `rustup`, `debian` or nothing, not `{other}`"),
        }
        if Self::Current.links(&scratch)? {
            return Ok(Self::Current);
        }
        // A machine that once had to take Debian's way need not wait for
        // rustup to fail again.
        if forced.is_empty()
            && let Some(folder) = debian::built()
        {
            let toolchain = Self::Folder(folder.join("bin"));
            if toolchain.links(&scratch)? {
                return Ok(toolchain);
            }
        }
        if shell::find("rustup").is_some() {
            eprintln!("The compiler cannot build for the browser yet.");
            let mut add = Command::new("rustup");
            add.args(["target", "add", BROWSER_TARGET]);
            if shell::succeeds_within(&mut add, Duration::from_mins(3))? && Self::Current.links(&scratch)? {
                return Ok(Self::Current);
            }
        }
        if forced == "rustup" {
            bail!("rustup could not provide {BROWSER_TARGET}");
        }
        Self::debian(&scratch)
    }

    fn debian(scratch: &Path) -> Result<Self> {
        let folder = debian::provide().with_context(|| {
            format!(
                "no compiler here builds for {BROWSER_TARGET}; install Rust with rustup (https://rustup.rs), \
                 run `rustup target add {BROWSER_TARGET}` and try again"
            )
        })?;
        let toolchain = Self::Folder(folder.join("bin"));
        if !toolchain.links(scratch)? {
            bail!(
                "Debian's compiler in {} does not link for the browser",
                folder.display()
            );
        }
        Ok(toolchain)
    }

    /// Makes a command use this compiler.
    pub fn apply(&self, command: &mut Command) {
        if let Self::Folder(bin) = self {
            command
                .env("PATH", path_with(bin))
                .env_remove("RUSTUP_TOOLCHAIN")
                .env_remove("RUSTC")
                // Set by the cargo that started us; it points to another
                // compiler's libraries.
                .env_remove("LD_LIBRARY_PATH");
        }
    }

    /// Whether a tiny module compiles and links. Asking for the installed
    /// targets is not enough: distributions ship the library without a linker.
    fn links(&self, scratch: &Path) -> Result<bool> {
        let source = scratch.join("probe.rs");
        fs::write(&source, PROBE)?;
        let mut rustc = match self {
            Self::Current => Command::new("rustc"),
            // The program is named in full, because the search path that
            // finds it is ours, not the child's.
            Self::Folder(bin) => Command::new(bin.join("rustc")),
        };
        rustc
            .args([
                "--edition=2024",
                "--crate-type=cdylib",
                "--target",
                BROWSER_TARGET,
                "-o",
            ])
            .arg(scratch.join("probe.wasm"))
            .arg(&source);
        self.apply(&mut rustc);
        Ok(shell::quiet(&mut rustc))
    }
}

/// The search path with `bin` first. Cargo's own folder is named at the end,
/// or cargo would put it before everything when looking for its subcommands.
fn path_with(bin: &Path) -> OsString {
    let mut parts = vec![bin.to_path_buf()];
    parts.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    parts.extend(cargo_home.map(|home| home.join("bin")));
    env::join_paths(parts).unwrap_or_default()
}
