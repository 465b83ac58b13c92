//! What the kernel says of a process.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Processor time of user and system together; zero once the process is gone.
pub fn cpu(pid: u32) -> Duration {
    // Linux counts in hundredths for everybody who asks in this way.
    const TICK: Duration = Duration::from_millis(10);
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let ticks = text.rsplit_once(')').map_or(0, |(_, rest)| {
        let number = |nth: usize| {
            rest.split_whitespace()
                .nth(nth)
                .and_then(|n| n.parse::<u32>().ok())
                .unwrap_or(0)
        };
        number(11) + number(12)
    });
    TICK * ticks
}

/// Resident memory in bytes.
pub fn memory(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap_or_default();
    line.split_whitespace()
        .next()
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or(0)
        * 1_024
}

/// The file system a folder lies on, for example `ext4`.
pub fn file_system(folder: &std::path::Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let folder = folder.canonicalize().unwrap_or_default();
    let lines = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let (_, place, kind) = (words.next()?, words.next()?, words.next()?);
        folder.starts_with(place).then_some((place.len(), kind))
    });
    lines
        .max()
        .map_or_else(|| "unknown".into(), |(_, kind)| kind.to_owned())
}

/// Counts the forced writes of a process while it works. `perf` does that in the kernel and
/// costs next to nothing; tracing each call would slow down what is measured.
#[derive(Debug)]
pub struct Syncs(Child);

impl Syncs {
    /// `None` where `perf` is missing or may not look.
    pub fn watch(pid: u32, time: Duration) -> Option<Self> {
        let child = Command::new("perf")
            .args([
                "stat",
                "-x",
                ",",
                "-e",
                "syscalls:sys_enter_fdatasync,syscalls:sys_enter_fsync",
            ])
            .args([
                "-p",
                &pid.to_string(),
                "--",
                "sleep",
                &format!("{:.3}", time.as_secs_f64()),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        Some(Self(child))
    }

    /// How many there were.
    pub fn count(self) -> Option<u64> {
        let text = String::from_utf8(self.0.wait_with_output().ok()?.stderr).ok()?;
        let counts: Vec<u64> = text
            .lines()
            .filter(|line| line.contains("sys_enter_f"))
            .filter_map(|line| line.split(',').next()?.parse().ok())
            .collect();
        (!counts.is_empty()).then(|| counts.iter().sum())
    }
}
