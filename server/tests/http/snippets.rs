//! The client snippets of seeds 002 and 004, run as they were printed against a listening server
//! with only the address and the key replaced. What each got is held against `compat-api.md` §4,
//! and then against what the phone shows: that a program ended well proves nothing.

mod generated;
mod run;
mod seed_002;
mod seed_004;
mod wire;
