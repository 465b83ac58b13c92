//! `cargo xtask bench [NAME] [ARGS]`: measures what is shipped, never a dev
//! build, with a PostgreSQL of its own beside SQLite. `send`: messages;
//! `pages`: pages with a million of them; `kill`: what a kill loses.
use crate::{
    build,
    postgres::{self, Postgres},
    project::{Profile, Project},
    shell,
};
use anyhow::{Result, bail};

pub fn run(args: &[String]) -> Result<()> {
    let project = Project::open()?;
    if !project.root.join("bench/Cargo.toml").exists() {
        bail!("there is no crate `bench` yet");
    }
    build::both(&project, Profile::Release)?;
    let postgres = Postgres::provide()?;
    let mut cargo = project.cargo(Profile::Release);
    cargo
        .args(["run", "--release", "-p", "bench", "--"])
        .args(args)
        .env("SWITCHBOARD_BIN", project.server(Profile::Release))
        .env(postgres::URL, &postgres.url);
    shell::run(&mut cargo)
}
