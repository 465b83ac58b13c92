//! Running other programs: shown before they start, and their failure told in
//! one line.
use anyhow::{Context, Result, bail};
use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Shows the command, runs it and answers whether it succeeded.
pub fn succeeds(command: &mut Command) -> Result<bool> {
    eprintln!("+ {}", line(command));
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("{} did not start", program(command)))?;
    Ok(status.success())
}

/// Shows the command, runs it and fails unless it succeeded.
pub fn run(command: &mut Command) -> Result<()> {
    if !succeeds(command)? {
        bail!("`{}` failed", line(command));
    }
    Ok(())
}

/// Runs the command quietly and answers what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let out = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} did not start", program(command)))?;
    if !out.status.success() {
        bail!(
            "`{}` failed: {}",
            line(command),
            String::from_utf8_lossy(&out.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Whether the command succeeds, without a word to the screen. A program that
/// is missing counts as no.
pub fn quiet(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Like [`succeeds`], but gives up after a while: a download that hangs must
/// not keep the next way from being tried.
pub fn succeeds_within(command: &mut Command, patience: Duration) -> Result<bool> {
    eprintln!("+ {}", line(command));
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("{} did not start", program(command)))?;
    let end = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if Instant::now() >= end {
            child.kill()?;
            child.wait()?;
            eprintln!("  no answer within {} s", patience.as_secs());
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Shows what the command prints as it comes and hands it back as well, so
/// that the results in it can be counted.
pub fn tee(command: &mut Command) -> Result<(ExitStatus, String)> {
    eprintln!("+ {}", line(command));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} did not start", program(command)))?;
    let out = child
        .stdout
        .take()
        .map(|pipe| thread::spawn(move || copy(pipe, std::io::stdout())));
    let err = child
        .stderr
        .take()
        .map(|pipe| thread::spawn(move || copy(pipe, std::io::stderr())));
    let status = child.wait()?;
    let text = [out, err]
        .into_iter()
        .flatten()
        .filter_map(|copier| copier.join().ok())
        .collect();
    Ok((status, text))
}

fn copy(from: impl Read, mut to: impl Write) -> String {
    let mut all = String::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        // A closed terminal is no reason to lose the count.
        let _ = to.write_all(&line);
        all.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    all
}

/// Finds a program on the search path.
pub fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|dir| dir.join(name))
        .find(|path| path.is_file())
}

/// Whether this runs as root, which may install packages but may not run
/// PostgreSQL.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

/// Installs Debian packages where that is possible without asking anybody.
/// Nothing is ever removed for it. Answers whether they are there now.
pub fn apt_install(packages: &[&str]) -> Result<bool> {
    if !is_root() || find("apt-get").is_none() {
        return Ok(false);
    }
    let mut install = Command::new("apt-get");
    install
        .args([
            "install",
            "--yes",
            "--quiet=2",
            "--no-remove",
            "--no-install-recommends",
        ])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    // A fresh machine has no package lists, an old one stale ones.
    if !succeeds(Command::new("apt-get").args(["update", "--quiet=2"]))? {
        eprintln!("  the package lists are not fresh; trying with what is known");
    }
    succeeds(&mut install)
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn line(command: &Command) -> String {
    let mut words = vec![program(command)];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}
