//! The command line. Every flag is also an environment variable `SWITCHBOARD_…`.

use crate::{
    config::{DataArgs, NodeArgs},
    password, serve,
};
use anyhow::{Result, anyhow};
use clap::{Args, Parser, Subcommand};
use domain::{Ctx, Domain, people::Init};
use serde_json::json;
use std::io::IsTerminal as _;
use std::{io::Write as _, path::PathBuf, process::ExitCode};
use tracing_subscriber::EnvFilter;
use types::{AppError, Permission, RequestId, keys::CreateKey};

#[derive(Parser, Debug)]
#[command(
    name = "switchboard",
    version,
    about = "Many WhatsApp numbers, one API, one place to work"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve pages and API
    Serve(serve::ServeArgs),
    /// Make the first admin, organization and API key in an empty database
    Init(InitArgs),
    /// API keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Print the description of the API that a server with this URL serves (OpenAPI 3.1)
    Openapi(OpenapiArgs),
}

#[derive(Args, Debug)]
struct InitArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The first admin's e-mail
    #[arg(long, env = "SWITCHBOARD_ADMIN_EMAIL", value_name = "E-MAIL")]
    admin_email: String,
    /// A file with the password (12 to 128 characters) in its first line; - is standard input
    #[arg(long, env = "SWITCHBOARD_ADMIN_PASSWORD_FILE", value_name = "FILE")]
    admin_password_file: PathBuf,
    /// The first organization's name
    #[arg(long, env = "SWITCHBOARD_ORGANIZATION", value_name = "NAME")]
    organization: String,
    /// The organization's time zone, for example Asia/Jakarta
    #[arg(
        long,
        env = "SWITCHBOARD_TIME_ZONE",
        value_name = "ZONE",
        default_value = "UTC"
    )]
    time_zone: String,
    /// Make a connected sandbox session too
    #[arg(long, env = "SWITCHBOARD_SANDBOX")]
    sandbox: bool,
    /// Set every sending limit of the platform to none: for tests and measurements only
    #[arg(long, env = "SWITCHBOARD_NO_PACING")]
    no_pacing: bool,
    /// Print JSON
    #[arg(long, env = "SWITCHBOARD_JSON")]
    json: bool,
}

#[derive(Args, Debug)]
struct OpenapiArgs {
    /// Where the server is reached
    #[arg(
        long,
        env = "SWITCHBOARD_PUBLIC_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8080"
    )]
    public_url: String,
}

#[derive(Subcommand, Debug)]
enum KeyCommand {
    /// Make an API key and print it, this once
    Create(KeyArgs),
}

#[derive(Args, Debug)]
struct KeyArgs {
    #[command(flatten)]
    data: DataArgs,
    /// The organization's name or id
    #[arg(long, env = "SWITCHBOARD_ORGANIZATION", value_name = "NAME")]
    organization: String,
    /// What the key is for
    #[arg(long, env = "SWITCHBOARD_NAME", value_name = "NAME")]
    name: String,
    /// What the key may do, for example messages:send; may be repeated; without it, everything
    #[arg(long, env = "SWITCHBOARD_SCOPE", value_name = "SCOPE", value_delimiter = ',', value_parser = scope)]
    scope: Vec<Permission>,
    /// Print JSON
    #[arg(long, env = "SWITCHBOARD_JSON")]
    json: bool,
}

/// Runs what the command line says.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    log();
    let done = match cli.command {
        Command::Serve(args) => serve::serve(args).await,
        Command::Init(args) => init(args).await,
        Command::Key(KeyCommand::Create(args)) => create_key(args).await,
        Command::Openapi(args) => {
            serve::checked_url(&args.public_url).and_then(|url| say(&crate::api::docs::description(&url)))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "switchboard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Logs go to standard error, as text or, for collectors, as JSON.
fn log() {
    let filter = std::env::var("SWITCHBOARD_LOG")
        .ok()
        .and_then(|text| EnvFilter::try_new(text).ok())
        // An ended login's cookie is no attack, and pages may ask for what is gone.
        .unwrap_or_else(|| EnvFilter::new("info,sqlx=warn,tower_sessions=error,tower_sessions_core=error"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if std::env::var("SWITCHBOARD_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().init();
    } else {
        log.init();
    }
}

async fn init(args: InitArgs) -> Result<()> {
    let password = password::read(&args.admin_password_file)?;
    let domain = args.data.open(NodeArgs::default()).await?;
    let init = Init {
        email: args.admin_email,
        password,
        name: None,
        organization: args.organization,
        time_zone: args.time_zone,
        sandbox: args.sandbox,
        no_pacing: args.no_pacing,
    };
    let done = told(&domain, domain.people.init(init).await)?;
    if args.json {
        let answer = json!({
            "organization": done.organization,
            "user": done.user,
            "api_key": done.api_key,
            "session": done.session,
            "session_number": done.session_number,
        });
        return say(&answer.to_string());
    }
    say(&format!("Organization  {}", done.organization))?;
    say(&format!("Admin         {}", done.user))?;
    say(&format!("API key       {}   (shown this once)", done.api_key))?;
    if let (Some(session), Some(number)) = (done.session, done.session_number) {
        say(&format!("Session       {session}   (sandbox phone +{number})"))?;
    }
    Ok(())
}

async fn create_key(args: KeyArgs) -> Result<()> {
    let domain = args.data.open(NodeArgs::default()).await?;
    let organization = told(&domain, domain.orgs.find(&args.organization).await)?;
    let ctx = Ctx::system(organization, RequestId(domain.shared.ids.uuid()));
    let input = CreateKey {
        name: args.name,
        scopes: args.scope,
        expires_in_days: None,
        session: None,
    };
    let made = told(&domain, domain.keys.create(&ctx, input).await)?;
    if args.json {
        let mut answer = serde_json::to_value(&made.key)?;
        answer["secret"] = made.secret.into();
        return say(&answer.to_string());
    }
    say(&made.secret)
}

fn scope(text: &str) -> Result<Permission, String> {
    let known = || {
        Permission::ALL
            .iter()
            .map(|p| p.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    text.parse().map_err(|_| format!("scopes are {}", known()))
}

/// An error in words for the person at the terminal, every bad field with its remedy.
fn told<T>(domain: &Domain, result: domain::Result<T>) -> Result<T> {
    result.map_err(
        |error| match error.into_app(RequestId(domain.shared.ids.uuid())) {
            AppError::Invalid { fields } => {
                let lines: Vec<_> = fields
                    .iter()
                    .map(|bad| format!("{}: {}", bad.field, bad.message))
                    .collect();
                anyhow!(lines.join("\n"))
            }
            other => anyhow!(other),
        },
    )
}

/// Writes a line for the person or program that called.
pub fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_as_documented() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).map(|cli| cli.command);
        for line in [
            "switchboard serve",
            "switchboard serve --listen 127.0.0.1:0 --data x --public-url https://a.example --trusted-proxy 10.0.0.0/8 --trusted-proxy ::1/128 --allow-net 192.168.0.0/16 --node a",
            "switchboard init --admin-email a@b.example --admin-password-file - --organization O --sandbox --no-pacing --json --data x",
            "switchboard key create --organization O --name N --scope messages:send --scope queue:view --json",
            "switchboard openapi --public-url https://a.example",
        ] {
            assert!(parse(line).is_ok(), "{line}: {:?}", parse(line).err());
        }
        assert!(parse("switchboard key create --organization O --name N --scope all").is_err());
    }
}
