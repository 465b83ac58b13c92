//! What every room stands on: who asks, what time it is, chance, errors, transactions.

mod clock;
pub mod csv;
mod ctx;
mod error;
mod ids;
mod random;
mod secrets;
mod shared;
pub mod time;
mod tx;

pub use clock::Clock;
pub use ctx::{Actor, Ctx};
pub use error::{Error, Result};
pub use ids::IdGen;
pub use random::Random;
pub use secrets::{Secrets, make_private};
pub use shared::{Config, Shared};
pub use tx::{NewEvent, Tx};
