//! What happened, in order: when, where, who recorded it, and how much later.

use super::cold::cold_chain;
use crate::{
    Context, t,
    ui::{
        Section,
        moment::{When, moment},
        photo::address,
    },
};
use leptos::prelude::*;
use market::{
    Lang,
    trace::{Batch, Facts, TraceEvent},
};

/// Recorded later than this is worth saying: 2 hours.
const LATE_MS: i64 = 2 * 60 * 60 * 1000;

/// The events of a batch. There is at least one.
pub(super) fn timeline(context: &Context, batch: &Batch) -> AnyView {
    let steps: Vec<AnyView> = batch.events.iter().map(|event| step(context, event)).collect();
    view! {
        <Section title=t!(context.lang, trace.timeline)><ol class="tl">{steps}</ol></Section>
    }
    .into_any()
}

fn step(context: &Context, event: &TraceEvent) -> AnyView {
    let lang = context.lang;
    let class = (!event.intact).then_some("bad");
    let warning = (!event.intact).then(|| view! { <span class="tag k">{t!(lang, trace.step_broken)}</span> });
    match &event.facts {
        Some(facts) => view! { <li class=class>{told(context, event, facts)}{warning}</li> }.into_any(),
        None => {
            view! { <li class=class><h3>{t!(lang, trace.unreadable, n = event.position)}</h3>{warning}</li> }.into_any()
        }
    }
}

fn told(context: &Context, event: &TraceEvent, facts: &Facts) -> AnyView {
    let lang = context.lang;
    let at = moment(lang, facts.event_time, context.now);
    let late = event.recorded_at.since(facts.event_time);
    let product_photos: Vec<AnyView> = facts.photos.iter().map(|name| view! {
        <img class="ph" src=address(name, true) alt=t!(lang, trace.photo_of, title = facts.title.get(lang)) width="92" height="70" loading="lazy"/>
    }.into_any()).collect();
    let passed = facts
        .report
        .as_ref()
        .map(|report| report.lines.iter().all(|line| line.pass));
    view! {
        <p class="sm mu"><When at=facts.event_time words=at/>" · "{facts.place.get(lang).to_owned()}</p>
        <h3>{facts.title.get(lang).to_owned()}{facts.weight.map(|weight| view! { " "<span class="tag n">{t!(lang, site.jin, weight = weight)}</span> })}</h3>
        {passed.map(|passed| verdict_tag(lang, passed))}
        {facts.corrects.map(|position| view! { <span class="tag s">{t!(lang, trace.corrects, n = position)}</span> })}
        {facts.note.as_ref().map(|note| view! { <p class="note">{note.get(lang).to_owned()}</p> })}
        {(!product_photos.is_empty()).then(|| view! { <div class="pics m2">{product_photos}</div> })}
        {cold_chain(lang, facts)}
        <p class="note">{t!(lang, trace.recorded_by, who = facts.actor.get(lang))}{(late >= LATE_MS).then(|| t!(lang, trace.recorded_late, hours = late / 3_600_000))}</p>
    }
    .into_any()
}

fn verdict_tag(lang: Lang, passed: bool) -> AnyView {
    if passed {
        view! { <span class="tag">{t!(lang, trace.pass)}</span> }.into_any()
    } else {
        view! { <span class="tag k">{t!(lang, trace.fail)}</span> }.into_any()
    }
}
