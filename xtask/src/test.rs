//! `cargo xtask test`: every check and every test. A stage that fails does
//! not keep the later ones from running, so one run shows all there is to
//! mend; the last line says how many passed.
use crate::{
    browser, build,
    postgres::{self, Postgres},
    project::{Profile, Project},
    shell, tidy,
    toolchain::BROWSER_TARGET,
};
use anyhow::Result;
use std::{
    env, fs,
    process::{self, Command},
    time::{Duration, Instant},
};

pub fn run(args: &[String]) -> Result<()> {
    crate::only(args, &["--no-browser", "--release"])?;
    let given = |switch: &str| args.iter().any(|arg| arg == switch);
    let with_browser = !given("--no-browser");
    let project = Project::open()?;
    let mut report = Report::default();

    report.check("format", || {
        shell::succeeds(project.cargo(Profile::Dev).args(["fmt", "--all", "--check"]))
    });
    report.check("tidy", || tidy::check(&project.root));
    report.check("clippy, server side", || {
        shell::succeeds(&mut clippy_server(&project))
    });
    report.check("clippy, browser side", || {
        shell::succeeds(&mut clippy_browser(&project))
    });
    if shell::find("cargo-deny").is_some() {
        // Advisories change by themselves; a test must not.
        let mut deny = project.cargo(Profile::Dev);
        deny.args(["deny", "check", "bans", "licenses", "sources"]);
        report.check("deny", || shell::succeeds(&mut deny));
    }
    // The API's example programs need a module too, so this comes first.
    let modules = browser::modules(&project);
    if let (Err(error), false) = (&modules, with_browser) {
        eprintln!("  {error:#}");
    }
    languages()?;
    report.tests("tests on both databases", || host_tests(&project));
    if with_browser {
        report.tests("tests in the browser", || {
            modules?;
            build::both(&project, Profile::Dev)?;
            browser_tests(&project, Profile::Dev, &[])
        });
    }
    if with_browser && given("--release") {
        // One page of each part, loaded from the one binary that is shipped.
        let some = [
            "people",
            "dashboard",
            "phone",
            "viewer",
            "keys",
            "--project=hydrated",
        ];
        report.tests("the release in the browser", || {
            build::both(&project, Profile::Release)?;
            browser_tests(&project, Profile::Release, &some)
        });
    }
    report.close();
    Ok(())
}

/// Everything but `frontend`, which the workspace leaves out of its default
/// members.
fn clippy_server(project: &Project) -> Command {
    let mut cargo = project.cargo(Profile::Dev);
    cargo.args(["clippy", "--keep-going", "--all-targets", "--", "-D", "warnings"]);
    cargo
}

fn clippy_browser(project: &Project) -> Command {
    let mut cargo = project.cargo(Profile::Dev);
    cargo.args([
        "clippy",
        "--keep-going",
        "-p",
        "frontend",
        "-p",
        "app",
        "--lib",
        "--target",
        BROWSER_TARGET,
        "--target-dir",
    ]);
    cargo.arg(project.front_target()).args(["--", "-D", "warnings"]);
    cargo
}

/// The languages of the API's example programs, which the tests run as they
/// are printed. Without them those tests say so themselves.
fn languages() -> Result<()> {
    let missing: Vec<&str> = [
        ("curl", ["--version"].as_slice(), "curl"),
        ("php", &["-r", "exit(0);"], "php-cli"),
        (
            "php",
            &["-r", "exit(function_exists('curl_init') ? 0 : 1);"],
            "php-curl",
        ),
        ("python3", &["-c", "import requests"], "python3-requests"),
    ]
    .into_iter()
    .filter(|(program, args, _)| !shell::quiet(Command::new(program).args(*args)))
    .map(|(_, _, package)| package)
    .collect();
    if !missing.is_empty() && !shell::apt_install(&missing)? {
        eprintln!("  missing for some example programs: {}", missing.join(" "));
    }
    Ok(())
}

fn host_tests(project: &Project) -> Result<Count> {
    let postgres = Postgres::provide()?;
    let nextest = has_nextest(project);
    let mut cargo = project.cargo(Profile::Dev);
    if nextest {
        cargo.args(["nextest", "run", "--no-fail-fast"]);
    } else {
        cargo.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    let (status, text) = shell::tee(cargo.env(postgres::URL, &postgres.url))?;
    let count = if nextest {
        Count::of_nextest(&text)
    } else {
        Count::of_cargo_test(&text)
    };
    Ok(count.with_status(status.success()))
}

/// Nextest runs each test in a process of its own and is much faster; it is
/// installed once where that works.
fn has_nextest(project: &Project) -> bool {
    let there = || shell::quiet(project.cargo(Profile::Dev).args(["nextest", "--version"]));
    if there() {
        return true;
    }
    eprintln!("Installing cargo-nextest, once:");
    let mut install = project.cargo(Profile::Dev);
    install
        .args(["install", "cargo-nextest", "--locked"])
        .current_dir(env::temp_dir());
    install.env("CARGO_TARGET_DIR", project.target.join("nextest"));
    let patience = Duration::from_mins(20);
    let installed = shell::succeeds_within(&mut install, patience).unwrap_or(false) && there();
    if !installed {
        eprintln!("  going on with plain `cargo test`");
    }
    installed
}

fn browser_tests(project: &Project, profile: Profile, args: &[&str]) -> Result<Count> {
    let results = browser::results(project);
    if results.exists() {
        fs::remove_file(&results)?;
    }
    let mut playwright = browser::playwright(project, profile)?;
    let passed = shell::succeeds(playwright.args(args))?;
    let count = fs::read_to_string(&results)
        .map(|text| Count::of_playwright(&text))
        .unwrap_or_default();
    Ok(count.with_status(passed))
}

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    /// A run that broke down without a failed test is one failure itself.
    fn with_status(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// Reads `Summary [ 1.2s] 9 tests run: 7 passed (1 slow), 1 failed, 1 timed out, 2 skipped`.
    fn of_nextest(text: &str) -> Self {
        let summary = text
            .lines()
            .rfind(|line| line.contains("Summary ["))
            .unwrap_or_default();
        let Some((_, results)) = summary.split_once("run:") else {
            return Self::default();
        };
        let mut count = Self::default();
        // What is in brackets says more about a number already counted.
        let outside = results
            .split('(')
            .map(|part| part.split_once(')').map_or(part, |(_, after)| after));
        for part in outside.collect::<String>().split(',') {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => count.passed += number.parse().unwrap_or(0),
                Some((_, "skipped")) | None => {}
                Some((number, _)) => count.failed += number.parse().unwrap_or(0),
            }
        }
        count
    }

    /// Adds up every `test result: ok. 3 passed; 1 failed; …`.
    fn of_cargo_test(text: &str) -> Self {
        let mut count = Self::default();
        for line in text.lines().filter(|line| line.starts_with("test result:")) {
            for part in line.split(['.', ';']) {
                match part.trim().split_once(' ') {
                    Some((number, "passed")) => count.passed += number.parse().unwrap_or(0),
                    Some((number, "failed")) => count.failed += number.parse().unwrap_or(0),
                    _ => {}
                }
            }
        }
        count
    }

    fn of_playwright(json: &str) -> Self {
        let results: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        let number = |name: &str| results["stats"][name].as_u64().unwrap_or(0);
        Self {
            passed: number("expected") + number("flaky"),
            failed: number("unexpected"),
        }
    }
}

/// What every stage came to.
#[derive(Default)]
struct Report {
    stages: Vec<(&'static str, Count, Duration)>,
}

impl Report {
    /// A stage that passes or not.
    fn check(&mut self, name: &'static str, stage: impl FnOnce() -> Result<bool>) {
        self.tests(name, || {
            stage().map(|passed| Count {
                passed: passed.into(),
                failed: (!passed).into(),
            })
        });
    }

    /// A stage of many tests.
    fn tests(&mut self, name: &'static str, stage: impl FnOnce() -> Result<Count>) {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let count = stage().unwrap_or_else(|error| {
            eprintln!("{name}: {error:#}");
            Count { passed: 0, failed: 1 }
        });
        self.stages.push((name, count, start.elapsed()));
    }

    fn close(self) {
        println!();
        let mut sum = Count::default();
        for (name, count, time) in &self.stages {
            sum.passed += count.passed;
            sum.failed += count.failed;
            let mark = if count.failed == 0 { "✓" } else { "✗" };
            let seconds = time.as_secs_f32();
            println!(
                "{mark} {name:<26} {:>6} passed {:>4} failed {seconds:>7.1} s",
                count.passed, count.failed
            );
        }
        println!("{} passed, {} failed", sum.passed, sum.failed);
        if sum.failed > 0 {
            // Not an error to be told of: the line above has to stay the last.
            process::exit(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_counted() {
        let nextest = "   PASS x\n     Summary [   1.202s] 12/14 tests run: 8 passed (1 slow, 1 leaky), 2 failed, 1 timed out, 1 exec failed, 3 skipped\n  FAIL y\n";
        assert_eq!(Count::of_nextest(nextest), Count { passed: 8, failed: 4 });
        assert_eq!(
            Count::of_nextest("Summary [ 0.1s] 1 test run: 1 passed, 0 skipped").passed,
            1
        );
        assert_eq!(Count::of_nextest("error: could not compile"), Count::default());

        let cargo = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
                     test result: FAILED. 2 passed; 1 failed; 0 ignored\n";
        assert_eq!(Count::of_cargo_test(cargo), Count { passed: 5, failed: 1 });

        let json = r#"{"stats":{"expected":4,"skipped":1,"unexpected":1,"flaky":1}}"#;
        assert_eq!(Count::of_playwright(json), Count { passed: 5, failed: 1 });
    }

    #[test]
    fn a_run_that_broke_down_is_a_failure() {
        assert_eq!(Count::default().with_status(false).failed, 1);
        assert_eq!(Count { passed: 1, failed: 2 }.with_status(false).failed, 2);
        assert_eq!(Count::default().with_status(true), Count::default());
    }
}
