//! Which days the page shows: links for the usual ones, a form for any others. All of it lives in
//! the address.

use super::text::text;
use crate::{
    format,
    i18n::fill,
    routes,
    ui::{Button, FilterField, FormError, Kind, LinkButton, Segment, Segments, at, url},
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map, params::ParamsMap};
use types::{
    AppError,
    dashboard::{Period, PeriodName},
};

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub period: String,
    pub from: String,
    pub until: String,
}

impl Asked {
    pub fn read(query: &ParamsMap) -> Self {
        let get = |key| query.get(key).unwrap_or_default();
        Self {
            period: get("period"),
            from: get("from"),
            until: get("until"),
        }
    }

    fn is_custom(&self) -> bool {
        self.period == PeriodName::Custom.name() || !(self.from.is_empty() && self.until.is_empty())
    }

    /// The one of the four that the address chooses; blank is the second.
    fn name(&self) -> Option<PeriodName> {
        match self.period.as_str() {
            _ if self.is_custom() => Some(PeriodName::Custom),
            "" => Some(PeriodName::Week),
            name => PeriodName::from_name(name),
        }
    }
}

/// The days in words, beside what counts them.
pub fn words(period: &Period) -> String {
    let t = text();
    match period.name {
        PeriodName::Today => t.today.into(),
        PeriodName::Week => t.seven_days.into(),
        PeriodName::Month => t.thirty_days.into(),
        PeriodName::Custom => span(&period.from, &period.until),
    }
}

/// `1 Nov – 10 Nov 2026`; the first year only where it is another.
pub fn span(from: &str, until: &str) -> String {
    let year = |day: &str| day.split('-').next().unwrap_or_default().to_owned();
    let whole = |day: &str| format!("{} {}", format::short_day(day), year(day));
    if from == until {
        return whole(until);
    }
    let first = if year(from) == year(until) {
        format::short_day(from)
    } else {
        whole(from)
    };
    fill(text().span, &[("from", &first), ("until", &whole(until))])
}

/// In the head of the page.
#[component]
pub fn Periods(asked: Memo<Asked>) -> impl IntoView {
    let t = text();
    let query = use_query_map();
    move || {
        let now = asked.with(Asked::name);
        let segment = |name: PeriodName, word: &str| {
            let current = now == Some(name);
            let href = if current && name == PeriodName::Custom {
                query.with(|query| url::with(routes::DASHBOARD, query, &[]))
            } else {
                url::href(routes::DASHBOARD, &[("period", name.name())])
            };
            Segment::new(word, href, current)
        };
        let segments = vec![
            segment(PeriodName::Today, t.today_title),
            segment(PeriodName::Week, t.week),
            segment(PeriodName::Month, t.month),
            segment(PeriodName::Custom, t.custom),
        ];
        view! { <Segments label=t.period segments=segments/> }
    }
}

/// From one day to another: an ordinary form that asks for another address.
#[component]
pub fn CustomDays(
    asked: Memo<Asked>,
    /// What is shown now.
    #[prop(into)]
    shown: Signal<Option<Period>>,
    #[prop(into)] refused: Signal<Option<AppError>>,
) -> impl IntoView {
    let t = text();
    let open = Memo::new(move |_| asked.with(Asked::is_custom) || refused.with(Option::is_some));
    let day = move |written: fn(&Asked) -> &String, usual: fn(Period) -> String| {
        Memo::new(move |_| match asked.with(|asked| written(asked).clone()) {
            blank if blank.is_empty() => shown.get().map(usual).unwrap_or_default(),
            written => written,
        })
    };
    let from = day(|asked| &asked.from, |period| period.from);
    let until = day(|asked| &asked.until, |period| period.until);
    move || {
        open.get().then(|| {
            view! {
                <section class="days" aria-label=t.days>
                    <Form method="get" action=routes::DASHBOARD>
                        <FilterField label=t.from name="from" kind="date" value=from error=at(refused, "from")/>
                        <FilterField label=t.until name="until" kind="date" value=until error=at(refused, "until")/>
                        <Button submit=true>{t.show}</Button>
                        <LinkButton href=routes::DASHBOARD.to_string() kind=Kind::Quiet>{t.back_to_week}</LinkButton>
                    </Form>
                    <FormError fault=refused fields=&["from", "until"]/>
                    {move || refused.with(Option::is_some).then(|| view! { <p class="second">{t.shown_instead}</p> })}
                </section>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(period: &str, from: &str) -> Asked {
        Asked {
            period: period.into(),
            from: from.into(),
            until: String::new(),
        }
    }

    #[test]
    fn the_address_chooses_one_of_the_four() {
        assert_eq!(Asked::default().name(), Some(PeriodName::Week));
        assert_eq!(asked("today", "").name(), Some(PeriodName::Today));
        assert_eq!(asked("custom", "").name(), Some(PeriodName::Custom));
        assert_eq!(asked("", "2026-11-01").name(), Some(PeriodName::Custom));
        assert_eq!(asked("fortnight", "").name(), None);
    }

    #[test]
    fn days_are_told_with_the_years_they_need() {
        assert_eq!(span("2026-11-01", "2026-11-10"), "1 Nov – 10 Nov 2026");
        assert_eq!(span("2025-12-30", "2026-01-02"), "30 Dec 2025 – 2 Jan 2026");
        assert_eq!(span("2026-11-01", "2026-11-01"), "1 Nov 2026");
    }
}
