//! The forms of the page, and what became of each.
//!
//! Made once in the page's body, outside of what is drawn anew with each answer: in there a
//! signal would end while the old drawing still looks at it.

use super::server::{ArmPhoneFault, ClearPhoneFaults, PairPhone, ReadEverything, WriteOnPhone};
use crate::ui::{at, fault};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};
use types::AppError;

/// The id of the line that one writes in.
pub const WRITE_ID: &str = "write";

#[derive(Clone, Copy)]
pub struct Forms {
    pub write: ServerAction<WriteOnPhone>,
    pub write_fault: Signal<Option<AppError>>,
    pub pair: ServerAction<PairPhone>,
    pub pair_fault: Signal<Option<AppError>>,
    pub code_error: Signal<Option<String>>,
    pub arm: ServerAction<ArmPhoneFault>,
    pub arm_fault: Signal<Option<AppError>>,
    pub count_error: Signal<Option<String>>,
    pub delay_error: Signal<Option<String>>,
    pub clear: ServerAction<ClearPhoneFaults>,
    pub clear_fault: Signal<Option<AppError>>,
    pub read: ServerAction<ReadEverything>,
    pub read_fault: Signal<Option<AppError>>,
}

impl Forms {
    pub fn new() -> Self {
        let write = ServerAction::new();
        let pair = ServerAction::new();
        let arm = ServerAction::new();
        let clear = ServerAction::new();
        let read = ServerAction::new();
        let (pair_fault, arm_fault) = (fault(pair), fault(arm));
        // What was written is sent: the line is free for the next. A refused text stays.
        Effect::new(move |_| {
            if matches!(write.value().get(), Some(Ok(()))) {
                empty(WRITE_ID);
            }
        });
        Self {
            write,
            write_fault: fault(write),
            pair,
            pair_fault,
            code_error: at(pair_fault, "code"),
            arm,
            arm_fault,
            count_error: at(arm_fault, "count"),
            delay_error: at(arm_fault, "delay"),
            clear,
            clear_fault: fault(clear),
            read,
            read_fault: fault(read),
        }
    }

    /// Moves whenever one of the forms was answered.
    pub fn changes(self) -> usize {
        self.write.version().get()
            + self.pair.version().get()
            + self.arm.version().get()
            + self.clear.version().get()
            + self.read.version().get()
    }
}

fn empty(id: &str) {
    let input = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input {
        input.set_value("");
    }
}
