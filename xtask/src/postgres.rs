//! A PostgreSQL for the tests: the one that is named, or a private one from
//! the installed programs, thrown away afterwards.
use crate::shell;
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

/// Names a server whose user may create databases.
pub const URL: &str = "SWITCHBOARD_TEST_POSTGRES_URL";

/// Waits until this tool is gone, for whatever reason, then stops the server
/// and removes its folder. The end of standard input is the sign: unlike a
/// handler for signals it also comes when the tool was killed.
const GUARD: &str =
    "while read -r _; do :; done; \"$1/pg_ctl\" -D \"$2/data\" -m fast -w stop; cd /; rm -rf \"$2\"";

/// A server to test against. Dropping it stops a private one.
pub struct Postgres {
    pub url: String,
    guard: Option<Child>,
}

pub fn run(args: &[String]) -> Result<()> {
    crate::only(args, &[])?;
    let postgres = Postgres::provide()?;
    println!("{}", postgres.url);
    if postgres.guard.is_none() {
        return Ok(());
    }
    eprintln!(
        "Stops with Ctrl-C. For tests in another terminal: export {URL}={}",
        postgres.url
    );
    loop {
        thread::park();
    }
}

impl Postgres {
    /// Answers a server that can be used now.
    pub fn provide() -> Result<Self> {
        if let Ok(url) = env::var(URL)
            && !url.is_empty()
        {
            return Ok(Self { url, guard: None });
        }
        let programs = match programs() {
            Some(programs) => programs,
            None if shell::apt_install(&["postgresql"])? => {
                programs().context("PostgreSQL was installed in vain")?
            }
            None => bail!(
                "the tests need PostgreSQL. Install it (Debian: `sudo apt-get install postgresql`), \
                 or name a server whose user may create databases: {URL}=postgres://user:password@host/postgres"
            ),
        };
        Self::start(&programs)
    }

    fn start(programs: &Path) -> Result<Self> {
        let account = Account::choose()?;
        // Not the temporary folder of the environment when another account
        // has to reach it; a socket's path must also stay short.
        let base = if account.is_some() {
            PathBuf::from("/tmp")
        } else {
            env::temp_dir()
        };
        let folder = tempfile::Builder::new()
            .prefix("switchboard-pg-")
            .tempdir_in(base)?
            .keep();
        if let Some(account) = &account {
            chown(&folder, Some(account.user), Some(account.group))?;
        }
        let command = |program: &str| {
            let mut command = Command::new(programs.join(program));
            Account::assume(account.as_ref(), command.current_dir(&folder));
            command
        };
        let mut guard = Command::new("sh");
        Account::assume(account.as_ref(), guard.current_dir(&folder));
        let guard = guard
            .args(["-c", GUARD, "guard"])
            .args([programs, &folder])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C goes to a whole group; the guard must outlive it.
            .process_group(0)
            .spawn()
            .context("sh did not start")?;
        let mut postgres = Self {
            url: String::new(),
            guard: Some(guard),
        };

        let mut init = command("initdb");
        init.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ]);
        shell::output(init.arg(folder.join("data")))?;
        let log = folder.join("log");
        // Between finding a free port and taking it, somebody else may.
        for attempt in 1.. {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            let options = format!(
                "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} \
                 -c max_connections=300 -c fsync=on -c log_min_messages=fatal",
                folder.display()
            );
            let mut start = command("pg_ctl");
            start.args(["-w", "-t", "60", "-o", &options, "-l"]).arg(&log);
            start.arg("-D").arg(folder.join("data")).arg("start");
            // Its output must not be a pipe: the server would hold it open.
            if shell::quiet(&mut start) {
                postgres.url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
                break;
            }
            if attempt == 3 {
                bail!(
                    "PostgreSQL did not start:\n{}",
                    fs::read_to_string(&log).unwrap_or_default()
                );
            }
        }
        Ok(postgres)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(guard) = &mut self.guard {
            drop(guard.stdin.take());
            let _ = guard.wait();
        }
    }
}

/// PostgreSQL refuses to run as root, so root lends it another account.
struct Account {
    user: u32,
    group: u32,
}

impl Account {
    fn choose() -> Result<Option<Self>> {
        if !shell::is_root() {
            return Ok(None);
        }
        for name in ["postgres", "nobody"] {
            let id = |flag: &str| shell::output(Command::new("id").args([flag, name]));
            if let (Ok(user), Ok(group)) = (id("-u"), id("-g")) {
                return Ok(Some(Self {
                    user: user.parse()?,
                    group: group.parse()?,
                }));
            }
        }
        bail!("PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody` to lend it")
    }

    fn assume(account: Option<&Self>, command: &mut Command) {
        if let Some(account) = account {
            command.uid(account.user).gid(account.group);
        }
    }
}

/// The folder with `initdb` and `pg_ctl`; the newest where there are several.
fn programs() -> Option<PathBuf> {
    let on_path = shell::find("pg_ctl").and_then(|path| path.parent().map(Path::to_path_buf));
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort();
    let newest_first = versions.into_iter().rev().map(|(_, path)| path);
    on_path
        .into_iter()
        .chain(newest_first)
        .find(|dir| dir.join("initdb").is_file() && dir.join("pg_ctl").is_file())
}
