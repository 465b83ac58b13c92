//! `cargo xtask ci`: what the build machine asks for. It is `test` with the
//! release, because what only the build machine checks is found too late.
use crate::test;
use anyhow::Result;

pub fn run(args: &[String]) -> Result<()> {
    let mut args = args.to_vec();
    args.push("--release".into());
    test::run(&args)
}
