//! What a form says when the server refuses it, and filters that follow the address.

use super::{Mark, Note, error_sentence, error_title};
use leptos::{html, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use types::AppError;

/// The refusal of the last try, if it was refused. Also after a page load without script, where
/// the error comes back in the address.
pub fn fault<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().get().and_then(Result::err))
}

/// What was typed into that field before a page without script came back (`door::refused`).
/// Only while the refusal stands: after a success the address still holds what was typed before.
pub fn typed(field: &str) -> String {
    use_query_map().with_untracked(|query| {
        let refused = query.get_str("__err").is_some();
        query
            .get(&format!("__{field}"))
            .filter(|_| refused)
            .unwrap_or_default()
    })
}

/// Lets the input of a filter follow the address when that changes, as by Back. What was typed
/// before the page woke up stays: setting a property outright would overwrite it.
pub fn follow(input: NodeRef<html::Input>, address: Memo<String>) {
    Effect::new(move |before: Option<String>| {
        let now = address.get();
        if before.is_some_and(|before| before != now)
            && let Some(input) = input.get_untracked()
        {
            input.set_value(&now);
        }
        now
    });
}

/// What the refusal says of that field.
pub fn at(fault: Signal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        fault.with(|fault| {
            fault
                .as_ref()
                .and_then(|error| error.for_field(field))
                .map(String::from)
        })
    })
}

/// Above a form: what went wrong, unless every bad field shows it itself.
#[component]
pub fn FormError(
    fault: Signal<Option<AppError>>,
    /// The fields that have a place for their own error.
    #[prop(default = &[])]
    fields: &'static [&'static str],
) -> impl IntoView {
    move || {
        let error = fault.get()?;
        if let AppError::Invalid { fields: bad } = &error
            && !bad.is_empty()
            && bad.iter().all(|one| fields.contains(&one.field.as_str()))
        {
            return None;
        }
        Some(view! {
            <Note mark=Mark::Bad alert=true>
                <b>{error_title(&error)}</b>
                " "
                {error_sentence(&error)}
            </Note>
        })
    }
}
