//! “What if?”: when the queue would end with the limits in the form, before they are saved.

use super::{server::SaveLimits, text::text};
use crate::{
    browser, format,
    frame::use_zone,
    i18n::{fill, plural},
    routes,
    ui::{Button, Note, error_sentence},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use types::{AppError, Timestamp, Zone, messages::WhatIf};

/// Sends the form to the address instead of saving it, as the browser would without script; with
/// script the page stays, and everything that is typed with it.
#[component]
pub fn AskButton(action: ServerAction<SaveLimits>, presses: RwSignal<u32>) -> impl IntoView {
    let navigate = use_navigate();
    view! {
        <Button
            submit=true
            attr:formmethod="get"
            attr:formaction=routes::SETTINGS
            attr:name="ask"
            attr:value="1"
            on:click=move |event| {
                if let Some(query) = browser::form_query(&event, &["was"]) {
                    event.prevent_default();
                    // What was refused before is not what is asked about now.
                    action.value().set(None);
                    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                    navigate(&format!("{}?{query}&ask=1", routes::SETTINGS), options);
                    presses.update(|presses| *presses += 1);
                }
            }
        >
            {text().what_if.ask}
        </Button>
    }
}

#[component]
pub fn Answer(answer: Resource<Result<Option<WhatIf>, AppError>>) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let said = match answer.await {
                    Ok(None) => None,
                    Ok(Some(what_if)) => Some(say(&what_if, &use_zone())),
                    Err(error) => Some(error_sentence(&error)),
                };
                said.map(|said| {
                    let t = &text().what_if;
                    view! {
                        <Note>
                            <div role="status">
                                <b>{t.head}</b>
                                <p>{said} " " <span class="second">{t.not_saved}</span></p>
                            </div>
                        </Note>
                    }
                })
            })}
        </Transition>
    }
}

fn say(what_if: &WhatIf, zone: &Zone) -> String {
    let t = &text().what_if;
    if what_if.waiting == 0 {
        return t.nothing_waits.into();
    }
    let waiting = plural(what_if.waiting, t.waiting);
    let at = |at: Timestamp| moment(at, what_if.as_of, zone);
    let (template, now, then, span) = match (what_if.ends_at, what_if.would_end_at) {
        (None, None) => (t.neither, None, None, 0),
        (Some(now), None) => (t.never, Some(now), None, 0),
        (None, Some(then)) => (t.never_now, None, Some(then), 0),
        // Less than a second is no difference that anybody sees.
        (Some(now), Some(then)) if (then - now).abs() < 1_000 => (t.no_difference, Some(now), None, 0),
        (Some(now), Some(then)) if then < now => (t.sooner, Some(now), Some(then), now - then),
        (Some(now), Some(then)) => (t.later, Some(now), Some(then), then - now),
    };
    let values = [
        ("waiting", &*waiting),
        ("now", &*now.map(at).unwrap_or_default()),
        ("then", &*then.map(at).unwrap_or_default()),
        ("span", &*format::duration(span)),
    ];
    let said = fill(template, &values);
    match (what_if.stays, what_if.would_stay) {
        // The sentence says already that nothing leaves.
        (0, 0) => said,
        _ if what_if.ends_at.is_none() && what_if.would_end_at.is_none() => said,
        (now, then) if now == then => format!("{said} {}", plural(now, t.stays)),
        (_, then) => format!("{said} {}", plural(then, t.would_stay)),
    }
}

/// The clock alone for today, else with the date.
fn moment(at: Timestamp, as_of: Timestamp, zone: &Zone) -> String {
    if format::iso_date(at, zone) == format::iso_date(as_of, zone) {
        format::clock(at, zone)
    } else {
        format!("{}, {}", format::date(at, zone), format::clock_minutes(at, zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_said() {
        let hour = |n: i64| Some(Timestamp(n * 3_600_000));
        let said = |ends_at, would_end_at, waiting| {
            let what_if = WhatIf {
                waiting,
                ends_at,
                stays: 0,
                would_end_at,
                would_stay: 0,
                as_of: Timestamp(0),
            };
            say(&what_if, &Zone::utc())
        };
        assert_eq!(
            said(hour(10), hour(8), 1_200),
            "The queue (1,200 waiting) ends about 08:00:00 instead of 10:00:00: 2 h sooner."
        );
        assert!(said(hour(10), hour(30), 5).contains("2 Jan 1970, 06:00 instead of 10:00:00: 20 h later"));
        assert!(said(hour(10), hour(10), 5).contains("as it does now"));
        assert!(said(None, None, 5).contains("Nothing can leave"));
        assert_eq!(said(None, None, 0), text().what_if.nothing_waits);
    }
}
