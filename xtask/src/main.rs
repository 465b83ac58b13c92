//! `cargo xtask …`: everything a developer or a build machine does with this
//! repository. Each command sets up what it needs and says so, because the
//! first thing a newcomer types has to work.
#![expect(clippy::print_stdout, reason = "a command-line tool answers on stdout")]
#![expect(
    clippy::disallowed_methods,
    reason = "the tool times builds; nothing here is simulated"
)]

mod bench;
mod browser;
mod build;
mod ci;
mod css;
mod debian;
mod postgres;
mod project;
mod room;
mod run;
mod shell;
mod simulate;
mod site;
mod test;
mod tidy;
mod toolchain;

use anyhow::{Result, bail};
use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  run [ARGS]            set up, build and serve; ARGS go to `switchboard serve` (data in ./data)
  test [--no-browser] [--release]
                        set up and pass every check and test, on both databases and in a browser;
                        with --release some in the browser with the release, too
  ci                    test --release, as the build machine does
  browser [ARGS]        only the browser tests; ARGS go to Playwright
  build [--release] [--browser]
                        browser part and server; with --release one binary that carries its files;
                        with --browser the browser part alone
  tidy                  the rules no compiler knows: arrows, sizes, SQL, twins
  room NAME             where the files of a room lie
  bench [NAME] [ARGS]   measure the release build (send, pages, kill), or fill one to look at (fill)
  simulate [--seeds N] [--seed S] [--organization O]
                        play years of sending: N seeds (100), or one, or one organization of it
  postgres              keep a private PostgreSQL running and print its URL";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", args),
    };
    match command {
        "run" => run::run(rest),
        "test" => test::run(rest),
        "ci" => ci::run(rest),
        "browser" => browser::run(rest),
        "build" => build::run(rest),
        "tidy" => tidy::run(rest),
        "room" => room::run(rest),
        "bench" => bench::run(rest),
        "simulate" => simulate::run(rest),
        "postgres" => postgres::run(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}

/// Refuses arguments a command would silently ignore.
fn only(rest: &[String], known: &[&str]) -> Result<()> {
    match rest.iter().find(|arg| !known.contains(&arg.as_str())) {
        Some(arg) => bail!("`{arg}` is not understood here\n\n{HELP}"),
        None => Ok(()),
    }
}
