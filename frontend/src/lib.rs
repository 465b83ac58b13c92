//! The browser's entry: wakes up the page that the server drew, and nothing else.
// Without type erasure, as in release builds, a page is one type as deep as its markup.
#![recursion_limit = "1024"]

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
