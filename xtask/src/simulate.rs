//! `cargo xtask simulate`: plays years of sending, optimised, as many as one has patience for.
use crate::{
    project::{Profile, Project},
    shell,
};
use anyhow::{Context, Result, bail};

pub fn run(args: &[String]) -> Result<()> {
    let project = Project::open()?;
    let mut cargo = project.cargo(Profile::Release);
    cargo.args(["test", "--release", "-p", "pacing", "--test", "year", "--"]);
    cargo.args(["a_year", "--nocapture"]);
    // As many as the acceptance of the planner asks for.
    let mut settings = vec![("SIMULATE_SEEDS", 100)];
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let name = match arg.as_str() {
            "--seeds" => "SIMULATE_SEEDS",
            "--seed" => "SIMULATE_SEED",
            "--organization" => "SIMULATE_ORGANIZATION",
            other => bail!("`{other}` is not understood here; write --seeds N, --seed S or --organization O"),
        };
        let value = rest
            .next()
            .with_context(|| format!("write a number after `{arg}`"))?;
        let number = value.parse::<u64>();
        settings.push((
            name,
            number.with_context(|| format!("`{value}` after `{arg}` is no whole number"))?,
        ));
    }
    cargo.envs(
        settings
            .into_iter()
            .map(|(name, number)| (name, number.to_string())),
    );
    shell::run(&mut cargo)
}
