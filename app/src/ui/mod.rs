//! The parts that every room is built from. They take plain data and know no room.

pub mod text;

mod avatar;
mod button;
mod choice;
mod code;
mod dialog;
mod error;
mod field;
mod form;
mod head;
mod icon;
mod menu;
mod panel;
mod progress;
mod rich;
mod state;
mod table;
mod time;
mod toast;
pub mod url;
mod words;

pub use avatar::Avatar;
pub use button::{Button, Kind, LinkButton};
pub use choice::{Check, Segment, Segments, Tabs};
pub use code::{CodeBlock, CopyButton, CopyLine};
pub use dialog::{Dialog, DialogFoot};
pub use error::{EmptyState, ErrorState, NoPermission, Skeleton, error_sentence, error_title};
pub use field::{Field, FilterField, PasswordField, Select, TextArea};
pub use form::{FormError, at, fault, follow, typed};
pub use head::{PageHead, PageTitle, Toolbar};
pub use icon::{Glyph, Icon, Logo};
pub use menu::{Menu, MenuLook};
pub use panel::{SidePanel, close_on_escape};
pub use progress::{Limit, Progress, QrSvg};
pub use rich::Rich;
pub use state::{Mark, Note, Pill, StateMark};
pub use table::{Pager, Table, of_page};
pub use time::{AsOf, Countdown, Exact, Phone, Time};
pub use toast::{ToastRack, Toasts, use_toasts};
pub use words::{message_mark, message_word, permission_word, role_word, session_mark, session_word};
