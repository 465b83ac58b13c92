//! `cargo xtask build [--release]`: plain cargo for both sides, and
//! wasm-bindgen as a library, so that there is no tool to install and every
//! version comes from `Cargo.lock`.
use crate::{
    project::{NAME, Profile, Project},
    shell, site,
    toolchain::BROWSER_TARGET,
};
use anyhow::{Context, Result, anyhow};
use std::{fs, time::Instant};
use wasm_bindgen_cli_support::Bindgen;

pub fn run(args: &[String]) -> Result<()> {
    crate::only(args, &["--release"])?;
    let profile = if args.is_empty() {
        Profile::Dev
    } else {
        Profile::Release
    };
    let project = Project::open()?;
    both(&project, profile)?;
    println!("{}", project.server(profile).display());
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
    let (mut cargo, name, folder) = if release {
        (project.release_cargo(), "wasm-release", "wasm-release")
    } else {
        (project.cargo(), "dev", "debug")
    };
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
    Bindgen::new()
        .input_path(&module)
        .out_name(NAME)
        .web(true)
        .map_err(|error| anyhow!("{error:#}"))?
        .typescript(false)
        .debug(!release)
        .keep_debug(!release)
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

/// Builds the server; its release carries the site folder.
pub fn server(project: &Project, profile: Profile) -> Result<()> {
    let start = Instant::now();
    let mut cargo = match profile {
        Profile::Dev => project.cargo(),
        Profile::Release => project.release_cargo(),
    };
    cargo.args(["build", "-p", "server"]);
    if profile == Profile::Release {
        cargo.args(["--release", "--features", "embed"]);
    }
    shell::run(&mut cargo)?;
    eprintln!("  server after {:.1} s", start.elapsed().as_secs_f32());
    Ok(())
}
