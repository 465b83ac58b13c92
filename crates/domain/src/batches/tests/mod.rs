//! Batches on both engines, from the list to the phone.

mod life;
mod limits;
