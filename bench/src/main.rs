//! `bench`: the measurements of `cargo xtask bench`.
#![expect(clippy::print_stdout, reason = "figures are printed")]

use anyhow::{Context, Result, bail};
use bench::{Engine, kill, load, pages, place, send};
use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

#[derive(Parser)]
#[command(name = "bench", about = "Measures the release build of Switchboard")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// How fast messages are accepted and delivered, beside the limits of this machine
    Send(SendArgs),
    /// Kills the server while clients send: nothing may be lost, doubled or left uncertain
    Kill(KillArgs),
    /// How long pages and lists take with a million messages
    Pages(PagesArgs),
    /// Fills an installation with a million messages and leaves it, for looking around in it
    Fill(FillArgs),
    /// Calls /api/send of a server that runs already, for looking at it with a profiler meanwhile
    Load(LoadArgs),
    /// A server that does nothing, for comparison; started by `send`
    #[command(hide = true)]
    Bare,
}

#[derive(Args)]
struct Common {
    /// The server to measure; without it, the one beside this program
    #[arg(long, env = "SWITCHBOARD_BIN", value_name = "FILE")]
    binary: Option<PathBuf>,
    /// sqlite or postgres; both without it
    #[arg(long, value_parser = bench::engine)]
    engine: Option<Engine>,
    /// Where data folders are made; must lie on a real disk
    #[arg(long, value_name = "FOLDER", default_value_os_t = place::beside_program())]
    data: PathBuf,
}

#[derive(Args)]
struct SendArgs {
    #[command(flatten)]
    common: Common,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// How long each accept phase takes, at most 10
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=10))]
    seconds: u64,
    /// How many messages are sent end to end, at most 200,000
    #[arg(long, default_value_t = 40_000)]
    messages: u64,
}

#[derive(Args)]
struct KillArgs {
    #[command(flatten)]
    common: Common,
    /// Rounds per engine
    #[arg(long, default_value_t = 50)]
    rounds: u64,
    /// The seed of the first round; the next ones count up
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Args)]
struct PagesArgs {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    size: SizeArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// How often each page is asked for
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    times: u64,
    /// Only pages whose name has this in it
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

#[derive(Args)]
struct FillArgs {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    size: SizeArgs,
}

#[derive(Args)]
struct SizeArgs {
    /// How many messages, 1,000 to 5,000,000
    #[arg(long, default_value_t = 1_000_000)]
    messages: u32,
    /// How many chats, at most a quarter of the messages
    #[arg(long, default_value_t = 100_000)]
    chats: u32,
    /// How many organizations, 5 to 1,000
    #[arg(long, default_value_t = 200)]
    organizations: u32,
    /// The same seed makes the same messages
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Args)]
struct LoadArgs {
    #[arg(long, default_value = "127.0.0.1:8080")]
    address: SocketAddr,
    /// An API key that may send
    #[arg(long)]
    key: String,
    #[arg(long, default_value_t = 32)]
    connections: usize,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Send(args) => run_send(args).await,
        Command::Kill(args) => run_kill(args).await,
        Command::Pages(args) => run_pages(args).await,
        Command::Fill(args) => run_fill(args).await,
        Command::Load(args) => run_load(args).await,
        Command::Bare => send::limits::serve_bare().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Common {
    fn binary(&self) -> Result<PathBuf> {
        let beside = || Some(std::env::current_exe().ok()?.with_file_name("switchboard"));
        let binary = self.binary.clone().or_else(beside).unwrap_or_default();
        if !binary.is_file() {
            bail!(
                "there is no server at {}; build it, or name it with --binary",
                binary.display()
            );
        }
        Ok(binary)
    }

    fn engines(&self) -> Vec<Engine> {
        self.engine
            .map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |engine| vec![engine])
    }
}

async fn run_send(args: SendArgs) -> Result<()> {
    let time = Duration::from_secs(args.seconds);
    let common = args.common;
    let setting = send::Setting::new(
        common.binary()?,
        common.engines(),
        common.data.clone(),
        time,
        args.messages,
    );
    let report = send::run(&setting).await?;
    if args.json {
        println!(
            "{}",
            serde_json::to_string_pretty(&report).context("the report is no JSON")?
        );
    } else {
        print!("{}", report.table());
    }
    if !report.void.is_empty() {
        bail!("figures are void");
    }
    Ok(())
}

impl SizeArgs {
    fn size(&self) -> Result<pages::fill::Size> {
        pages::fill::Size {
            messages: self.messages,
            chats: self.chats,
            organizations: self.organizations,
            seed: self.seed,
        }
        .check()
    }
}

async fn run_pages(args: PagesArgs) -> Result<()> {
    let setting = pages::Setting {
        size: args.size.size()?,
        binary: args.common.binary()?,
        engines: args.common.engines(),
        below: args.common.data,
        times: args.times as usize,
        only: args.only,
    };
    let table = pages::run(&setting).await?;
    if args.json {
        println!(
            "{}",
            serde_json::to_string_pretty(&table).context("the table is no JSON")?
        );
    } else {
        print!("{}", table.text());
    }
    match table.over() {
        Some(over) => bail!(over),
        None => Ok(()),
    }
}

async fn run_fill(args: FillArgs) -> Result<()> {
    let setting = pages::Setting {
        size: args.size.size()?,
        binary: args.common.binary()?,
        // One is enough to look around in.
        engines: vec![args.common.engine.unwrap_or(Engine::Sqlite)],
        below: args.common.data,
        times: 0,
        only: String::new(),
    };
    print!("{}", pages::only_fill(&setting).await?);
    Ok(())
}

async fn run_load(args: LoadArgs) -> Result<()> {
    let LoadArgs {
        address,
        key,
        connections,
        seconds,
    } = args;
    let load = load::Load {
        address,
        connections,
        time: Duration::from_secs(seconds),
        most: u64::MAX,
    };
    let measured = load::drive(load, send::limits::template(&key)?).await?;
    println!(
        "{:.0}/s; p50 {:.2} ms, p99 {:.2} ms; {} refused",
        measured.rate(),
        measured.percentile(0.5),
        measured.percentile(0.99),
        measured.bad
    );
    Ok(())
}

async fn run_kill(args: KillArgs) -> Result<()> {
    let binary = args.common.binary()?;
    let mut failed = 0;
    for engine in args.common.engines() {
        for seed in args.seed..args.seed + args.rounds {
            match kill::round(&binary, engine, &args.common.data, &kill::Plan::of(seed)).await {
                Ok(outcome) => println!(
                    "{engine:?} round {seed}: {} accepted, each once; {} calls repeated; on the wire and seen uncertain {:?}; settled after {:.1} s",
                    outcome.accepted,
                    outcome.repeated,
                    outcome.on_the_wire,
                    outcome.settled_after.as_secs_f32()
                ),
                Err(error) => {
                    failed += 1;
                    println!("{engine:?} round {seed} FAILED: {error:#}");
                }
            }
        }
    }
    if failed > 0 {
        bail!("{failed} rounds failed");
    }
    Ok(())
}
