//! The browser's entry: wakes up the page that the server drew, and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::browser::load_pages_when_parts_are_missing();
    leptos::mount::hydrate_lazy(app::App);
}
