//! Settings: the organization, and every limit at its three levels.
//!
//! Whose settings (`session`, `level`) and what somebody asks about (`ask`, with the form's fields)
//! live in the address, so that a what-if works without script and can be sent to somebody.

mod about;
mod effect;
mod field;
mod form;
mod levels;
mod limits;
mod saved;
mod server;
mod span;
mod text;
mod what_if;
mod window;
mod words;

use crate::{
    frame::{answer_not_found, can, frame, name_sessions, use_viewer},
    ui::{ErrorState, Mark, PageHead, Skeleton, text::text as shared_text, use_toasts},
};
use about::AboutForm;
use form::Filled;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use levels::{LevelHead, Levels};
use limits::LimitsForm;
use saved::SavedNote;
use server::{ask_what_if, load_about, load_limits, take_saved};
use text::text;
use types::{AppError, Permission};

pub use server::{
    AboutData, AskWhatIf, Change, Level, LimitsData, LoadAbout, LoadLimits, SaveAbout, SaveLimits, Saved,
    TakeSaved,
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query_map();
    let place = Memo::new(move |_| query.with(place));
    let asked = Memo::new(move |_| query.with(asked));
    let about_action = ServerAction::<SaveAbout>::new();
    let limits_action = ServerAction::<SaveLimits>::new();
    let about = Resource::new(
        move || place.with(|(session, level)| session.is_empty() && level.is_empty()),
        |wanted| async move {
            if wanted {
                load_about().await.map(Some)
            } else {
                Ok(None)
            }
        },
    );
    let limits = Resource::new(
        move || place.get(),
        |(session, level)| load_limits(session, level),
    );
    let told = Resource::new(|| (), |()| take_saved());
    let may_list = can(Permission::SessionsView);
    let sessions = Resource::new(
        || (),
        move |()| async move {
            if may_list {
                name_sessions().await.unwrap_or_default()
            } else {
                Vec::new()
            }
        },
    );
    let presses = RwSignal::new(0_u32);
    let answer = Resource::new(
        move || (place.get().0, asked.get(), presses.get()),
        |(session, asked, _)| async move {
            match asked.filter(|filled| form::read(filled).is_ok()) {
                Some(filled) => ask_what_if(session, filled).await.map(Some),
                None => Ok(None),
            }
        },
    );
    // Each form is drawn anew only after its own success: what is typed in the other stays.
    let (viewer, toasts) = (use_viewer(), use_toasts());
    Effect::new(move |_| {
        if let Some(Ok(_)) = about_action.value().get() {
            about.refetch();
            toasts.say(Mark::Ok, shared_text().saved);
            spawn_local(async move {
                if let Ok(data) = frame().await {
                    viewer.set(data.viewer);
                }
            });
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(_)) = limits_action.value().get() {
            limits.refetch();
            toasts.say(Mark::Ok, shared_text().saved);
        }
    });
    // What was said about one session is not about the next.
    Effect::new(move |before: Option<(String, String)>| {
        let now = place.get();
        if before.is_some_and(|before| before != now) {
            limits_action.value().set(None);
        }
        now
    });
    view! {
        <PageHead title=text().title/>
        <div class="scroll">
            <div class="section settings">
                <Levels place=place sessions=sessions/>
                <Suspense>
                    {move || Suspend::new(async move {
                        told.await.ok().flatten().map(|saved| view! { <SavedNote saved=saved/> })
                    })}
                </Suspense>
                <Transition>
                    {move || Suspend::new(async move {
                        match about.await {
                            // A form that was saved is made anew: what is typed would stay in its
                            // fields otherwise, also where the fields are of another session by now.
                            Ok(Some(data)) => view! {
                                <For each=move || [data.clone()] key=|data| data.as_of.millis() let:data>
                                    <AboutForm data=data action=about_action/>
                                </For>
                            }
                            .into_any(),
                            // The limits below say what is wrong.
                            Ok(None) | Err(_) => ().into_any(),
                        }
                    })}
                </Transition>
                <Transition fallback=|| view! { <Skeleton/> }>
                    {move || Suspend::new(async move {
                        match limits.await {
                            Ok(data) => view! {
                                <LevelHead data=data.clone() sessions=sessions/>
                                <For
                                    each=move || [data.clone()]
                                    key=|data| (data.level, data.as_of.millis())
                                    let:data
                                >
                                    <LimitsForm
                                        data=data
                                        action=limits_action
                                        asked=asked
                                        answer=answer
                                        presses=presses
                                    />
                                </For>
                            }
                            .into_any(),
                            Err(error) => {
                                if matches!(error, AppError::NotFound { .. }) {
                                    answer_not_found();
                                }
                                view! { <ErrorState error=error/> }.into_any()
                            }
                        }
                    })}
                </Transition>
            </div>
        </div>
    }
}

/// Whose settings the address names.
fn place(query: &ParamsMap) -> (String, String) {
    let get = |key| query.get(key).unwrap_or_default();
    (get("session"), get("level"))
}

/// The form that somebody asks about.
fn asked(query: &ParamsMap) -> Option<Filled> {
    let asks = query.get_str("ask").is_some() && query.get_str("__err").is_none();
    form::in_address(query).filter(|_| asks)
}
