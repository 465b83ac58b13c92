//! The send planner: when may this message leave, and what holds it until then.
//!
//! Owns the arithmetic of sending and its explanation, and nothing else: no I/O, no clock, no
//! chance. Time and random bits are parameters, so accept, the dispatcher, "why is this waiting"
//! and a year of simulated sending are the same code.
//!
//! A message meets it four times:
//! 1. at accept [`Policy`] says how long a delay may be, [`draw_delay`] draws it once, and
//!    [`plan`] puts the message at the end of its session's [`Lane`];
//! 2. [`estimate`] turns that into the seconds a caller is told;
//! 3. [`explain`] lists the gates for people, any time until it leaves;
//! 4. [`may_leave`] decides at claim time.
//!
//! The promise that ties them together: no message leaves before any opening time
//! that was explained for it. Both explanation and claim therefore go through [`may_leave`],
//! and the drawn delay is stored with the message, never drawn again.

mod explain;
mod lane;
mod policy;

pub use explain::{Explain, explain};
pub use lane::{Lane, estimate, may_leave, plan};
pub use policy::{DelayLimits, DelayRange, Policy, draw_delay};
