//! The send planner: when may this message leave, through which session, and what holds it until
//! then.
//!
//! Owns the arithmetic of sending and its explanation, and nothing else: no I/O, no clock, no
//! chance. Time and random bits are parameters, so the dispatcher, "why is this waiting", the
//! forecast and a year of simulated sending are the same code.
//!
//! - [`Rules`] is what platform, organization and session set, resolved to plain numbers.
//! - [`History`] is what a session has sent, as far as a limit must know it; [`Used`] the same of
//!   an organization's day.
//! - [`gates`] holds a message ([`Facts`]) against both at a moment ([`Moment`]); [`opening`] is the
//!   last of them to open, [`explain`] says each in words.
//! - [`Turns`] says which class goes first and how many of it, [`balance`] which session, and
//!   [`take`] what leaves now.
//! - [`forecast`] plays a queue to its end by expectation.
//!
//! The promise that ties them together: with unchanged settings no message leaves before any
//! opening time that was explained for it. Explanation and claim therefore ask the same
//! [`gates`], what was drawn by chance is stored with the message, and everything that a gate
//! looks at can only move its opening later. Three things must be asked for: what is on the wire
//! may still be taken back, so an explanation takes it back from its copy of the history; a message
//! that several sessions may take is explained by the [`soonest`] of those that may come to send; and
//! a person who writes to us is not cold any more, which voids what was said before.
//!
//! `tests/year` plays a year of this, with faults, and a ledger of its own that checks each step.

pub mod balance;
mod calendar;
mod desk;
mod explain;
mod forecast;
mod gates;
mod history;
mod rules;
mod turns;

pub use calendar::{Calendar, Day};
pub use desk::{Head, Taken, take};
pub use explain::{Explain, explain, held};
pub use forecast::{Ends, Lane, Left, Load, Pool, departures, forecast, pooled_at};
pub use gates::{
    Facts, Moment, Opens, again_opening, gates, lane_opening, opening, own_gates, own_opening, soonest,
};
pub use history::{Departure, History, Used};
pub use rules::{DelayRange, Rules, WARM_UP_DAYS, draw_chance};
pub use turns::{ORDER, Turns};
