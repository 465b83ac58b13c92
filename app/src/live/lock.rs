//! A lock that one tab of a browser holds at a time. It goes to the next when the tab closes,
//! however it ends. `web-sys` counts this interface as unstable, so it is called by name.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Holds the lock, or waits for it; lets go when it is dropped.
pub struct Lock(Rc<RefCell<State>>);

enum State {
    Waiting,
    /// Calling it lets go.
    Held(Function),
    Done,
}

impl Lock {
    /// Asks for the lock and calls `held` once it is there. `None` where the browser has none,
    /// such as on pages without TLS.
    pub fn ask(name: &str, held: impl FnOnce() + 'static) -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
        let request = Reflect::get(&locks, &"request".into())
            .ok()?
            .dyn_into::<Function>()
            .ok()?;
        let state = Rc::new(RefCell::new(State::Waiting));
        let granted = Closure::once_into_js({
            let state = Rc::clone(&state);
            move |_lock: JsValue| -> JsValue {
                if matches!(*state.borrow(), State::Done) {
                    return JsValue::UNDEFINED;
                }
                // The lock is held until this promise is kept.
                let until = Promise::new(&mut |keep, _| {
                    state.replace(State::Held(keep));
                });
                held();
                until.into()
            }
        });
        request.call2(&locks, &name.into(), &granted).ok()?;
        Some(Self(state))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let State::Held(keep) = self.0.replace(State::Done) {
            let _ = keep.call0(&JsValue::UNDEFINED);
        }
    }
}
