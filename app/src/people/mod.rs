//! The door (log in, set up) and a person's own profile.

mod board;
mod done;
mod log_in;
mod profile;
mod server;
mod set_up;
mod text;

pub use done::SetUpDonePage;
pub use log_in::LoginPage;
pub use profile::ProfilePage;
pub use server::{ChangeMyPassword, EndLogin, LogIn, LogOut, SaveMyProfile, SetUp, SwitchOrganization};
pub use set_up::SetUpPage;
