//! Every icon of the product: a 20 px grid, 1.5 px stroke, round ends, the text's colour.

use leptos::prelude::*;

/// The drawing of one icon. Each is a constant, so that the browser's file holds only
/// those that some page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph(&'static str);

#[rustfmt::skip]
impl Glyph {
    pub const ACTIVITY: Self = Self(r#"<path d="M3 10.5h3l2.5-6 3.5 11 2-5h3"/>"#);
    pub const ALERT: Self = Self(r#"<path d="m10 3.5 7 12.5H3z"/><path d="M10 8v4M10 14h.01"/>"#);
    pub const ARROW: Self = Self(r#"<path d="M4 10h12M11.5 5.5 16 10l-4.5 4.5"/>"#);
    pub const ATTACH: Self = Self(r#"<path d="m15.5 9.5-5.6 5.6a3.5 3.5 0 0 1-5-5l6-6a2.3 2.3 0 0 1 3.3 3.3l-6 6a1.2 1.2 0 0 1-1.7-1.7l5.3-5.3"/>"#);
    pub const BACK: Self = Self(r#"<path d="M16 10H4M8.5 5.5 4 10l4.5 4.5"/>"#);
    pub const BATTERY: Self = Self(r#"<rect x="2.5" y="6.5" width="13" height="7" rx="1.8"/><path d="M17.5 9v2M5 9v2M7.5 9v2M10 9v2"/>"#);
    pub const BELL: Self = Self(r#"<path d="M5.5 8.5a4.5 4.5 0 0 1 9 0c0 3.5 1.5 4.5 1.5 5H4c0-.5 1.5-1.5 1.5-5zM8.5 16a1.7 1.7 0 0 0 3 0"/>"#);
    pub const BOLT: Self = Self(r#"<path d="m11 3-6 8.5h4.5L9 17l6-8.5h-4.5z"/>"#);
    pub const BOOK: Self = Self(r#"<path d="M10 5.5C8.5 4.3 6.5 4 3.5 4v11.5c3 0 5 .3 6.5 1.5 1.5-1.2 3.5-1.5 6.5-1.5V4c-3 0-5 .3-6.5 1.5zM10 5.5V17"/>"#);
    pub const BOT: Self = Self(r#"<rect x="4" y="7" width="12" height="9" rx="2"/><path d="M10 7V4M8.5 3.5h3M2.5 10.5v2M17.5 10.5v2M7.8 11h.01M12.2 11h.01M8 13.5h4"/>"#);
    pub const BROADCAST: Self = Self(r#"<path d="M3.5 8.5v3a1 1 0 0 0 1 1H7l6.5 3.5V4L7 7.5H4.5a1 1 0 0 0-1 1z"/><path d="M7 12.5v3.5M16 8v4"/>"#);
    pub const BUILDING: Self = Self(r#"<path d="M4.5 16.5v-12a1 1 0 0 1 1-1h5a1 1 0 0 1 1 1v12M11.5 8.5h3a1 1 0 0 1 1 1v7M3 16.5h14M7 7h2M7 10h2M7 13h2"/>"#);
    pub const CAMERA: Self = Self(r#"<path d="M3.5 7a1 1 0 0 1 1-1H7l1-1.5h4L13 6h2.5a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1z"/><circle cx="10" cy="10.5" r="2.5"/>"#);
    pub const CHECK: Self = Self(r#"<path d="m4.5 10.5 3.5 3.5 7.5-8"/>"#);
    pub const CLOCK: Self = Self(r#"<circle cx="10" cy="10" r="6.5"/><path d="M10 6.5V10l2.5 1.5"/>"#);
    pub const CLOSE: Self = Self(r#"<path d="m5.5 5.5 9 9M14.5 5.5l-9 9"/>"#);
    pub const CODE: Self = Self(r#"<path d="m7 6-4 4 4 4M13 6l4 4-4 4"/>"#);
    pub const CONTACTS: Self = Self(r#"<circle cx="10" cy="7" r="3"/><path d="M4 16.5c.6-3 2.9-4.5 6-4.5s5.4 1.5 6 4.5"/>"#);
    pub const COPY: Self = Self(r#"<rect x="7.5" y="7.5" width="9" height="9" rx="1.5"/><path d="M12.5 7.5V5A1.5 1.5 0 0 0 11 3.5H5A1.5 1.5 0 0 0 3.5 5v6A1.5 1.5 0 0 0 5 12.5h2.5"/>"#);
    pub const DASHBOARD: Self = Self(r#"<path d="M3.5 13.5a6.5 6.5 0 1 1 13 0"/><path d="m10 13.5 3-4"/><path d="M3.5 16.5h13"/>"#);
    pub const DOWN: Self = Self(r#"<path d="m6 8 4 4 4-4"/>"#);
    pub const DOWNLOAD: Self = Self(r#"<path d="M10 3.5v9M6.5 9 10 12.5 13.5 9M4 16.5h12"/>"#);
    pub const DRAG: Self = Self(r#"<path d="M8 5.5h.01M12 5.5h.01M8 10h.01M12 10h.01M8 14.5h.01M12 14.5h.01" stroke-width="2"/>"#);
    pub const EDIT: Self = Self(r#"<path d="m4 16 .7-3.3 8.2-8.2a1.5 1.5 0 0 1 2.1 0l.5.5a1.5 1.5 0 0 1 0 2.1l-8.2 8.2z"/>"#);
    pub const EXTERNAL: Self = Self(r#"<path d="M11.5 4h4.5v4.5M16 4l-6.5 6.5M13.5 12v2.5a1.5 1.5 0 0 1-1.5 1.5H5.5A1.5 1.5 0 0 1 4 14.5V8a1.5 1.5 0 0 1 1.5-1.5H8"/>"#);
    pub const EYE: Self = Self(r#"<path d="M2.5 10c2-3.5 4.5-5 7.5-5s5.5 1.5 7.5 5c-2 3.5-4.5 5-7.5 5s-5.5-1.5-7.5-5z"/><circle cx="10" cy="10" r="2.2"/>"#);
    pub const FAST: Self = Self(r#"<path d="m4 5.5 5.5 4.5L4 14.5zM10.5 5.5 16 10l-5.5 4.5z"/>"#);
    pub const FILE: Self = Self(r#"<path d="M5.5 3.5h6l4 4V15a1.5 1.5 0 0 1-1.5 1.5H5.5A1.5 1.5 0 0 1 4 15V5a1.5 1.5 0 0 1 1.5-1.5zM11.5 3.5v4h4"/>"#);
    pub const FILTER: Self = Self(r#"<path d="M3.5 5.5h13M6 10h8M8.5 14.5h3"/>"#);
    pub const FIT: Self = Self(r#"<path d="M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5"/>"#);
    pub const FLAG: Self = Self(r#"<path d="M5 17V3.5c3.5-1.5 6.5 1.5 10 0v7c-3.5 1.5-6.5-1.5-10 0"/>"#);
    pub const FLOW: Self = Self(r#"<rect x="3" y="3.5" width="5" height="4" rx="1"/><rect x="12" y="8" width="5" height="4" rx="1"/><rect x="3" y="12.5" width="5" height="4" rx="1"/><path d="M8 5.5c2.5 0 1.5 4.5 4 4.5M8 14.5c2.5 0 1.5-4.5 4-4.5"/>"#);
    pub const GLOBE: Self = Self(r#"<circle cx="10" cy="10" r="6.5"/><path d="M3.5 10h13M10 3.5c4 4 4 9 0 13-4-4-4-9 0-13z"/>"#);
    pub const GRID: Self = Self(r#"<rect x="3.5" y="3.5" width="5" height="5" rx="1"/><rect x="11.5" y="3.5" width="5" height="5" rx="1"/><rect x="3.5" y="11.5" width="5" height="5" rx="1"/><rect x="11.5" y="11.5" width="5" height="5" rx="1"/>"#);
    pub const HAND: Self = Self(r#"<path d="M6.5 11V6a1.2 1.2 0 0 1 2.4 0v3-5a1.2 1.2 0 0 1 2.4 0V9 5.5a1.2 1.2 0 0 1 2.4 0V12c0 3-1.7 5-4.5 5-2 0-3.2-.9-4.2-2.6L3.6 12a1.2 1.2 0 0 1 2-1.3z"/>"#);
    pub const HELP: Self = Self(r#"<circle cx="10" cy="10" r="6.5"/><path d="M8 8.2a2 2 0 1 1 2.8 1.9c-.5.2-.8.6-.8 1.2M10 13.3h.01"/>"#);
    pub const HISTORY: Self = Self(r#"<path d="M4 10a6.2 6.2 0 1 1 1.8 4.4"/><path d="M3.5 15v-3h3M10 6.5V10l2.5 1.5"/>"#);
    pub const HOOK: Self = Self(r#"<circle cx="11.5" cy="4.5" r="1.5"/><path d="M11.5 6v6.5a3.5 3.5 0 0 1-7 0V11l2 1.5"/>"#);
    pub const IMAGE: Self = Self(r#"<rect x="3.5" y="4" width="13" height="12" rx="1.5"/><circle cx="7.5" cy="8" r="1.2"/><path d="m4 14.5 4-3.5 2.5 2 3-3 3 3"/>"#);
    pub const INBOX: Self = Self(r#"<path d="M3.5 11.5 5.4 5a1.5 1.5 0 0 1 1.4-1h6.4a1.5 1.5 0 0 1 1.4 1l1.9 6.5V15a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15z"/><path d="M3.5 11.5h3.7l1 2h3.6l1-2h3.7"/>"#);
    pub const INFO: Self = Self(r#"<circle cx="10" cy="10" r="6.5"/><path d="M10 9.5V13M10 7h.01"/>"#);
    pub const KEY: Self = Self(r#"<circle cx="7" cy="13" r="3.5"/><path d="m9.5 10.5 6.5-6.5M13.5 6.5 15.5 8.5"/>"#);
    pub const LEFT: Self = Self(r#"<path d="m12 6-4 4 4 4"/>"#);
    pub const LINK: Self = Self(r#"<path d="M8.5 11.5a3 3 0 0 0 4.3 0l2.4-2.4a3 3 0 0 0-4.3-4.3l-.9.9M11.5 8.5a3 3 0 0 0-4.3 0l-2.4 2.4a3 3 0 0 0 4.3 4.3l.9-.9"/>"#);
    pub const LIST: Self = Self(r#"<path d="M7.5 5.5h9M7.5 10h9M7.5 14.5h9M3.8 5.5h.01M3.8 10h.01M3.8 14.5h.01"/>"#);
    pub const LOCK: Self = Self(r#"<rect x="4.5" y="9" width="11" height="7.5" rx="1.5"/><path d="M7 9V6.5a3 3 0 0 1 6 0V9"/>"#);
    pub const LOG: Self = Self(r#"<path d="M5 3.5h7l3.5 3.5v8A1.5 1.5 0 0 1 14 16.5H6A1.5 1.5 0 0 1 4.5 15V4"/><path d="M7.5 8.5h3M7.5 11.5h5M7.5 14h3"/>"#);
    pub const LOGOUT: Self = Self(r#"<path d="M11.5 4H6a1.5 1.5 0 0 0-1.5 1.5v9A1.5 1.5 0 0 0 6 16h5.5M9 10h7.5M13.5 7l3 3-3 3"/>"#);
    pub const MENU: Self = Self(r#"<path d="M3.5 6h13M3.5 10h13M3.5 14h13"/>"#);
    pub const MIC: Self = Self(r#"<rect x="7.5" y="3" width="5" height="9" rx="2.5"/><path d="M4.5 10a5.5 5.5 0 0 0 11 0M10 15.5V17"/>"#);
    pub const MINUS: Self = Self(r#"<path d="M4 10h12"/>"#);
    pub const MOON: Self = Self(r#"<path d="M15.5 12A6.5 6.5 0 0 1 8 4.5a6.5 6.5 0 1 0 7.5 7.5z"/>"#);
    pub const MORE: Self = Self(r#"<path d="M4.5 10h.01M10 10h.01M15.5 10h.01" stroke-width="2.5"/>"#);
    pub const NOTE: Self = Self(r#"<path d="M4 4h12v8l-4 4H4z"/><path d="M12 16v-4h4M7 7.5h6M7 10.5h3"/>"#);
    pub const PAUSE: Self = Self(r#"<path d="M7 5v10M13 5v10"/>"#);
    pub const PEOPLE: Self = Self(r#"<circle cx="7.5" cy="7" r="2.5"/><path d="M2.5 15.5c.4-2.6 2.3-4 5-4s4.6 1.4 5 4"/><path d="M12.5 4.8a2.5 2.5 0 0 1 0 4.4M14.5 11.8c1.7.6 2.7 1.9 3 3.7"/>"#);
    pub const PHONE: Self = Self(r#"<rect x="5.5" y="2.5" width="9" height="15" rx="2"/><path d="M9 15h2"/>"#);
    pub const PIN: Self = Self(r#"<path d="m12.5 3.5 4 4-2.5.8-3 3 .2 2.7-1.2 1.2L5 10.2 6.2 9l2.7.2 3-3zM7.5 12.5l-4 4"/>"#);
    pub const PLAY: Self = Self(r#"<path d="m6.5 4.5 9 5.5-9 5.5z"/>"#);
    pub const PLUS: Self = Self(r#"<path d="M10 4v12M4 10h12"/>"#);
    pub const QR: Self = Self(r#"<rect x="3.5" y="3.5" width="5" height="5" rx="1"/><rect x="11.5" y="3.5" width="5" height="5" rx="1"/><rect x="3.5" y="11.5" width="5" height="5" rx="1"/><path d="M11.5 11.5h2v2M16.5 11.5v2.5M11.5 16.5h2.5M16.5 16.5h.01"/>"#);
    pub const QUEUE: Self = Self(r#"<path d="M3.5 5.5h8M3.5 10h6M3.5 14.5h4"/><circle cx="13.5" cy="12.5" r="3.5"/><path d="M13.5 10.8v1.7l1.2.8"/>"#);
    pub const REDO: Self = Self(r#"<path d="m13 4.5 3.5 3.5-3.5 3.5"/><path d="M16.5 8H8a4 4 0 0 0 0 8h4"/>"#);
    pub const REFRESH: Self = Self(r#"<path d="M16 10a6 6 0 0 1-10.5 4M4 10a6 6 0 0 1 10.5-4"/><path d="M14.8 3.2V6.2h-3M5.2 16.8v-3h3"/>"#);
    pub const RIGHT: Self = Self(r#"<path d="m8 6 4 4-4 4"/>"#);
    pub const SEARCH: Self = Self(r#"<circle cx="9" cy="9" r="5"/><path d="m12.8 12.8 3.7 3.7"/>"#);
    pub const SEND: Self = Self(r#"<path d="M3.5 4 17 10 3.5 16l2-6z"/><path d="M5.5 10H11"/>"#);
    pub const SERVER: Self = Self(r#"<rect x="3.5" y="4" width="13" height="5" rx="1.2"/><rect x="3.5" y="11" width="13" height="5" rx="1.2"/><path d="M6.5 6.5h.01M6.5 13.5h.01"/>"#);
    pub const SETTINGS: Self = Self(r#"<path d="M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7"/><circle cx="12.5" cy="6" r="2"/><circle cx="7.5" cy="14" r="2"/>"#);
    pub const SHIELD: Self = Self(r#"<path d="m10 3 6 2v4.5c0 3.5-2.5 6-6 7.5-3.5-1.5-6-4-6-7.5V5z"/>"#);
    pub const SIGNAL: Self = Self(r#"<path d="M4.5 15v-2.5M8.2 15v-5M11.8 15V7.5M15.5 15V5"/>"#);
    pub const SMILE: Self = Self(r#"<circle cx="10" cy="10" r="6.5"/><path d="M7.5 12c1.2 1.5 3.8 1.5 5 0M7.8 8h.01M12.2 8h.01"/>"#);
    pub const SPARKLE: Self = Self(r#"<path d="M10 3.5c.7 4 2.5 5.8 6.5 6.5-4 .7-5.8 2.5-6.5 6.5-.7-4-2.5-5.8-6.5-6.5 4-.7 5.8-2.5 6.5-6.5z"/>"#);
    pub const STAR: Self = Self(r#"<path d="m10 3.5 2 4.2 4.5.6-3.3 3.2.8 4.6-4-2.2-4 2.2.8-4.6-3.3-3.2 4.5-.6z"/>"#);
    pub const STOP: Self = Self(r#"<rect x="5" y="5" width="10" height="10" rx="1.5"/>"#);
    pub const SWAP: Self = Self(r#"<path d="M4 7h11.5M12.5 4l3 3-3 3M16 13H4.5M7.5 10l-3 3 3 3"/>"#);
    pub const TAG: Self = Self(r#"<path d="M3.5 4.5a1 1 0 0 1 1-1h5.2l6.8 6.8-6.2 6.2-6.8-6.8z"/><path d="M7 7h.01"/>"#);
    pub const TARGET: Self = Self(r#"<circle cx="10" cy="10" r="6.5"/><circle cx="10" cy="10" r="2.5"/>"#);
    pub const TEMPLATE: Self = Self(r#"<rect x="3.5" y="3.5" width="13" height="13" rx="1.5"/><path d="M3.5 7.5h13M8 7.5v9"/>"#);
    pub const TERMINAL: Self = Self(r#"<rect x="3" y="4" width="14" height="12" rx="1.5"/><path d="m6 8 2.2 2L6 12M10.5 12.5H14"/>"#);
    pub const TEXT: Self = Self(r#"<path d="M4.5 5.5h11M10 5.5v10"/>"#);
    pub const TICK: Self = Self(r#"<path d="m4.5 10.5 3.5 3.5 7.5-8"/>"#);
    pub const TICKS: Self = Self(r#"<path d="m2 10.5 3.5 3.5L12 7M9.5 13l1 1L17.5 7"/>"#);
    pub const TRASH: Self = Self(r#"<path d="M4 6h12M8 6V4.5a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1V6M5.5 6l.6 9a1.5 1.5 0 0 0 1.5 1.5h4.8a1.5 1.5 0 0 0 1.5-1.5l.6-9M8.5 9v4.5M11.5 9v4.5"/>"#);
    pub const UNDO: Self = Self(r#"<path d="M7 4.5 3.5 8 7 11.5"/><path d="M3.5 8H12a4 4 0 0 1 0 8H8"/>"#);
    pub const UPDOWN: Self = Self(r#"<path d="m7 8 3-3 3 3M7 12l3 3 3-3"/>"#);
    pub const UPLOAD: Self = Self(r#"<path d="M10 12.5v-9M6.5 7 10 3.5 13.5 7M4 16.5h12"/>"#);
    pub const WEBHOOK: Self = Self(r#"<circle cx="10" cy="5.5" r="2"/><circle cx="5.5" cy="14" r="2"/><circle cx="14.5" cy="14" r="2"/><path d="m9 7.3-2.5 4.9M11 7.3l2.5 4.9M7.5 14h5"/>"#);
    pub const WIFI: Self = Self(r#"<path d="M3 8.5a10 10 0 0 1 14 0M5.5 11.5a6.5 6.5 0 0 1 9 0M8 14.3a3 3 0 0 1 4 0"/>"#);
}

/// An icon beside a word. It is hidden from screen readers: the word says it.
#[component]
pub fn Icon(
    glyph: Glyph,
    /// 16 instead of 20 px.
    #[prop(optional)]
    small: bool,
    /// It points the way one reads, so it turns round in right-to-left text.
    #[prop(optional)]
    flip: bool,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            class:small=small
            class:flip=flip
            viewBox="0 0 20 20"
            aria-hidden="true"
            inner_html=glyph.0
        ></svg>
    }
}

/// The product's mark: a cord that joins two points.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2.25"
            stroke-linecap="round"
            aria-hidden="true"
        >
            <path d="M14.5 6H10a4 3.9 0 0 0-.4 5.96l4.8.08A4 3.9 0 0 1 14 18H9.5"></path>
            <circle cx="17.25" cy="6" r="2.75"></circle>
            <circle cx="6.75" cy="18" r="2.75"></circle>
        </svg>
    }
}
