//! What only a browser can do, as functions that do nothing on the server.
//!
//! The one place besides `live` where pages may ask which of the two they are in.

#[cfg(feature = "hydrate")]
mod fetch;

use leptos::{ev::MouseEvent, html::Dialog, prelude::*};

/// Milliseconds since this page woke up in the browser; 0 on the server and while hydrating,
/// so that both draw the same.
#[derive(Clone, Copy)]
pub struct Elapsed(RwSignal<i64>);

impl Elapsed {
    /// Starts the clock that every relative time and countdown of the page shares.
    pub fn provide() {
        let elapsed = RwSignal::new(0);
        provide_context(Self(elapsed));
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| {
            let woke = js_sys::Date::now();
            let tick = move || {
                elapsed.try_set((js_sys::Date::now() - woke) as i64);
            };
            if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_secs(1)) {
                on_cleanup(move || handle.clear());
            }
        });
    }

    /// How long ago the caller was made, in milliseconds; moves once a second.
    pub fn since_now() -> Signal<i64> {
        let Some(Self(elapsed)) = use_context() else {
            return Signal::stored(0);
        };
        let start = elapsed.get_untracked();
        Signal::derive(move || elapsed.get() - start)
    }
}

/// The title of the tab: the server writes it into the page as it is given it, a browser sets it as
/// text.
pub fn title(text: String) -> String {
    #[cfg(feature = "hydrate")]
    {
        text
    }
    #[cfg(not(feature = "hydrate"))]
    {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    }
}

/// Puts text on the clipboard. `false` where the browser does not let us (a page without TLS).
pub fn copy(text: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        // Without TLS the browser has no clipboard at all, and its method would throw.
        let has = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())
            .is_ok_and(|clipboard| clipboard.is_object());
        if has {
            drop(window().navigator().clipboard().write_text(text));
        }
        has
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = text;
        false
    }
}

/// Selects the text of that element, so that a key press can copy it.
pub fn select_text(id: &str) {
    #[cfg(feature = "hydrate")]
    if let (Some(element), Ok(Some(selection))) = (document().get_element_by_id(id), window().get_selection())
    {
        let _ = selection.select_all_children(&element);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// Opens the dialog in front of everything else, or closes it.
pub fn show_dialog(dialog: NodeRef<Dialog>, open: bool) {
    #[cfg(feature = "hydrate")]
    if let Some(element) = dialog.get() {
        // The server draws an open dialog without making it modal; it must close before it can be.
        if element.open() {
            element.close();
        }
        if open {
            let _ = element.show_modal();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (dialog, open);
}

/// Closes the popover that the pressed thing lies in, so that a menu does not stay after its work.
pub fn close_popover(event: &MouseEvent) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let popover = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("[popover]").ok().flatten());
        if let Some(popover) = popover.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = popover.hide_popover();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = event;
}

/// Gives the keyboard to that element.
pub fn focus(id: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let element = document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// What the form around the pressed thing holds, as the query of an address, without those fields.
pub fn form_query(event: &MouseEvent, without: &[&str]) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let pressed = event.target()?.dyn_into::<web_sys::Element>().ok()?;
        let form = pressed.closest("form").ok()??;
        let form = form.dyn_into::<web_sys::HtmlFormElement>().ok()?;
        let data = web_sys::FormData::new_with_form(&form).ok()?;
        let query = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
        for name in without {
            query.delete(name);
        }
        Some(String::from(query.to_string()))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (event, without);
        None
    }
}

/// What stands in that field now, also what was typed before the page woke up.
pub fn value_of(id: &str) -> String {
    #[cfg(feature = "hydrate")]
    {
        let element = document().get_element_by_id(id);
        let value = element.and_then(|element| js_sys::Reflect::get(&element, &"value".into()).ok());
        value.and_then(|value| value.as_string()).unwrap_or_default()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        String::new()
    }
}

/// How many bytes the file has that is chosen there.
pub fn chosen_bytes(id: &str) -> Option<i64> {
    #[cfg(feature = "hydrate")]
    {
        let element = document().get_element_by_id(id)?;
        let files = js_sys::Reflect::get(&element, &"files".into()).ok()?;
        let file = js_sys::Reflect::get(&files, &0.into()).ok()?;
        let size = js_sys::Reflect::get(&file, &"size".into()).ok()?;
        size.as_f64().map(|size| size as i64)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        None
    }
}

/// Paints the whole page light, dark, or as the device says.
pub fn paint(theme: types::people::Theme) {
    #[cfg(feature = "hydrate")]
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme.name());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = theme;
}

/// What this browser was told to remember under that name; nothing where it may not remember.
pub fn remembered(name: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let kept = js_sys::Reflect::get(&window(), &"localStorage".into()).ok()?;
        js_sys::Reflect::get(&kept, &name.into()).ok()?.as_string()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = name;
        None
    }
}

/// Has this browser remember a text, also after the page is gone.
pub fn remember(name: &str, text: &str) {
    #[cfg(feature = "hydrate")]
    if let Ok(kept) = js_sys::Reflect::get(&window(), &"localStorage".into()) {
        let _ = js_sys::Reflect::set(&kept, &name.into(), &text.into());
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, text);
}

/// Whether shortcuts are pressed with ⌘ here, as on a Mac, and not with Ctrl.
pub fn has_command_key() -> bool {
    #[cfg(feature = "hydrate")]
    {
        let platform = window().navigator().platform().unwrap_or_default();
        platform.starts_with("Mac") || platform.starts_with("iP")
    }
    #[cfg(not(feature = "hydrate"))]
    {
        false
    }
}

/// Loads that address anew, forgetting everything that this page holds.
pub fn load(href: &str) {
    #[cfg(feature = "hydrate")]
    {
        let _ = window().location().set_href(href);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = href;
}

/// Asks for that address without its content, and tells the status of the answer. Tells nothing
/// where there is none.
pub fn ask_status(href: &str, then: impl FnOnce(u16) + 'static) {
    #[cfg(feature = "hydrate")]
    {
        use js_sys::{Function, Object, Reflect};
        use wasm_bindgen::{JsCast, JsValue, closure::Closure};

        let options = Object::new();
        for (name, value) in [("method", "HEAD"), ("cache", "no-store")] {
            let _ = Reflect::set(&options, &name.into(), &value.into());
        }
        let function = |of: &JsValue, name: &str| {
            Reflect::get(of, &name.into())
                .ok()
                .and_then(|found| found.dyn_into::<Function>().ok())
        };
        let window = JsValue::from(window());
        let answer =
            function(&window, "fetch").and_then(|fetch| fetch.call2(&window, &href.into(), &options).ok());
        let Some((answer, go_on)) = answer.and_then(|answer| {
            let go_on = function(&answer, "then")?;
            Some((answer, go_on))
        }) else {
            return;
        };
        let answered = Closure::once_into_js(move |response: JsValue| {
            let status = Reflect::get(&response, &"status".into()).ok();
            if let Some(status) = status.and_then(|status| status.as_f64()) {
                then(status as u16);
            }
        });
        // Without this the browser would report an error that nobody took care of.
        let failed = Closure::once_into_js(|_error: JsValue| {});
        let _ = go_on.call2(&answer, &answered, &failed);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (href, then);
}

/// A call as any program could make it.
pub struct Request {
    pub method: String,
    pub href: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub status_text: String,
    /// From sending to the last byte.
    pub millis: i64,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Makes that call without the login's cookie and tells the answer, or nothing where none came.
pub fn send(request: Request, then: impl FnOnce(Option<Answered>) + 'static) {
    #[cfg(feature = "hydrate")]
    leptos::task::spawn_local(async move { then(fetch::fetch(request).await.ok()) });
    #[cfg(not(feature = "hydrate"))]
    let _ = (request, then);
}

/// Chooses the device's time zone in that select, if it is on the list and nobody chose before.
pub fn choose_own_time_zone(select: &str) {
    #[cfg(feature = "hydrate")]
    {
        let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
        let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into());
        let (Ok(zone), Some(element)) = (zone, document().get_element_by_id(select)) else {
            return;
        };
        let value = js_sys::Reflect::get(&element, &"value".into());
        if value.is_ok_and(|value| value == "UTC") {
            let _ = js_sys::Reflect::set(&element, &"value".into(), &zone);
            // A zone that is not on the list leaves the select empty.
            if js_sys::Reflect::get(&element, &"selectedIndex".into()).is_ok_and(|index| index == -1) {
                let _ = js_sys::Reflect::set(&element, &"value".into(), &"UTC".into());
            }
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = select;
}

/// A part of the program that cannot be loaded ends it: a newer server has other parts, or the
/// network broke. Then the browser loads the page that was wanted as a whole, as without script;
/// but not a page that just began, which would begin for ever.
#[cfg(feature = "hydrate")]
pub fn load_pages_when_parts_are_missing() {
    use std::{cell::RefCell, panic};
    use wasm_bindgen::{JsCast, closure::Closure};

    const JUST_BEGAN: f64 = 3_000.0;
    thread_local! {
        /// Where the last pressed link leads.
        static WANTED: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    let began = js_sys::Date::now();
    let pressed = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
            .and_then(|link| link.get_attribute("href"));
        WANTED.set(link);
    });
    // Before the router's own, which asks for the part.
    let _ =
        document().add_event_listener_with_callback_and_bool("click", pressed.as_ref().unchecked_ref(), true);
    pressed.forget();
    let told = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        told(info);
        let is_part = info.to_string().contains("load callback should succeed");
        if is_part && js_sys::Date::now() - began > JUST_BEGAN {
            let location = window().location();
            let _ = match WANTED.take() {
                Some(wanted) => location.assign(&wanted),
                None => location.reload(),
            };
        }
    }));
}
