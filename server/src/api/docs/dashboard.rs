//! `/api/v1/dashboard`.

use super::op::{Op, Room};
use crate::api::v1::dashboard::Told;

pub fn room() -> Room {
    Room {
        name: "Dashboard",
        about: "The numbers of a period.",
        ops: vec![
            Op::get("/api/v1/dashboard", "The numbers of a period")
                .about(
                    "Days are those of the organization's time zone. Without a period these are the last 7 days. \
                     A key of one session hears of that session alone.",
                )
                .choice("period", "How many days up to today; or name them with from and until", &["today", "7d", "30d"])
                .query("from", "The first day, as YYYY-MM-DD")
                .query("until", "The last day, as YYYY-MM-DD; today without it. At most 366 days at once")
                .gives::<Told>("Kept numbers, as of now"),
        ],
    }
}
