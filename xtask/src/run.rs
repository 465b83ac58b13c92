//! `cargo xtask run`: from a fresh checkout to a page in the browser.
use crate::{
    build,
    project::{NAME, Profile, Project},
};
use anyhow::{Context, Result};
use std::{os::unix::process::CommandExt, process::Command};

pub fn run(args: &[String]) -> Result<()> {
    let project = Project::open()?;
    build::both(&project, Profile::Dev)?;
    let program = project.server(Profile::Dev);
    let mut server = Command::new(&program);
    server
        .arg("serve")
        .env("LEPTOS_OUTPUT_NAME", NAME)
        .env("SWITCHBOARD_SITE_DIR", project.site(Profile::Dev));
    if !chooses_data(args) {
        server.arg("--data").arg(project.root.join("data"));
    }
    // The server takes this process's place, so that Ctrl-C and SIGTERM reach
    // it and nothing stands between.
    let error = server.args(args).exec();
    Err(error).with_context(|| format!("{} did not start", program.display()))
}

fn chooses_data(args: &[String]) -> bool {
    std::env::var_os("SWITCHBOARD_DATA").is_some()
        || args
            .iter()
            .any(|arg| arg == "--data" || arg.starts_with("--data="))
}
