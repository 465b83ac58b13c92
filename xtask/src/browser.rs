//! The browser tests: Node modules, a Chromium, and Playwright itself.
use crate::{
    build,
    project::{NAME, Profile, Project},
    shell,
};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{env, fs, path::PathBuf, process::Command};

/// Names the Chromium to test with.
const CHROMIUM: &str = "SWITCHBOARD_CHROMIUM";

/// `cargo xtask browser [ARGS]`: the short way round while writing a test.
pub fn run(args: &[String]) -> Result<()> {
    let project = Project::open()?;
    modules(&project)?;
    build::both(&project, Profile::Dev)?;
    shell::run(playwright(&project, Profile::Dev)?.args(args))
}

/// Installs the Node modules the lock file names. Their install scripts are
/// not run: they would download browsers.
pub fn modules(project: &Project) -> Result<()> {
    let folder = project.end2end();
    let lock =
        fs::read(folder.join("package-lock.json")).context("end2end/package-lock.json cannot be read")?;
    let wanted = format!("{:x}", Sha256::digest(&lock));
    let mark = folder.join("node_modules/.installed");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if shell::find("npm").is_none() && !shell::apt_install(&["nodejs", "npm"])? {
        bail!("the browser tests need Node.js 20 or newer with npm (https://nodejs.org)");
    }
    let version = shell::output(Command::new("node").arg("--version"))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("Node.js here is {version}; the browser tests need 20 or newer (https://nodejs.org)");
    }
    shell::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&folder),
    )?;
    fs::write(mark, wanted)?;
    Ok(())
}

/// Playwright, told where everything lies. The modules and the build have to
/// be there.
pub fn playwright(project: &Project, profile: Profile) -> Result<Command> {
    let mut playwright = Command::new("node");
    playwright
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .current_dir(project.end2end())
        .env("LEPTOS_OUTPUT_NAME", NAME)
        .env("SWITCHBOARD_BIN", project.server(profile))
        .env("SWITCHBOARD_SITE_DIR", project.site(profile))
        .env("SWITCHBOARD_RESULTS", results(project))
        .env(CHROMIUM, chromium()?);
    Ok(playwright)
}

/// Where Playwright leaves its results.
pub fn results(project: &Project) -> PathBuf {
    project.target.join("xtask").join("browser-results.json")
}

fn chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os(CHROMIUM).filter(|path| !path.is_empty()) {
        return Ok(named.into());
    }
    let installed = || {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(shell::find)
    };
    if let Some(path) = installed() {
        return Ok(path);
    }
    if shell::apt_install(&["chromium"])?
        && let Some(path) = installed()
    {
        return Ok(path);
    }
    bail!(
        "the browser tests need Chromium. Install it (Debian: `sudo apt-get install chromium`) or name one: {CHROMIUM}=…"
    )
}
