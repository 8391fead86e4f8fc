//! The trace as other pages show it: whether it holds, when it was picked, and the way to all of it.

use crate::{
    Context, t,
    ui::{BrokenSeal, Glyph, Icon, VerifiedSeal, moment::moment},
};
use leptos::prelude::*;
use market::trace::{Batch, LabLine, Verdict};

/// A batch on the page of its product or of a group that buys it.
pub fn trace_mini(context: &Context, batch: &Batch) -> AnyView {
    let lang = context.lang;
    let seal = match batch.verdict {
        Verdict::Intact => view! { <VerifiedSeal lang size=72/> }.into_any(),
        Verdict::Broken { .. } => view! { <BrokenSeal lang size=72/> }.into_any(),
        Verdict::Empty => None::<AnyView>.into_any(),
    };
    let lines: Vec<&LabLine> = batch
        .events
        .iter()
        .filter_map(|event| event.facts.as_ref()?.report.as_ref())
        .flat_map(|report| &report.lines)
        .collect();
    let tested = match batch.verdict {
        Verdict::Broken { at } => Some(t!(lang, trace.broken_at, n = at)),
        _ if lines.is_empty() => None,
        _ if lines.iter().all(|line| line.pass) => Some(t!(lang, trace.all_pass, n = lines.len())),
        _ => Some(t!(
            lang,
            trace.some_fail,
            n = lines.iter().filter(|line| !line.pass).count()
        )),
    };
    view! {
        <section class="sec card trace-mini" id="trace">
            {seal}
            <div class="grow">
                <h2 class="h3">{t!(lang, trace.batch)}" "{batch.code.clone()}</h2>
                <p class="note">{t!(lang, trace.picked_at, time = moment(lang, batch.harvested_at, context.now))}{tested.map(|words| view! { <br/>{words} })}</p>
                <a class="onward" href=format!("/t/{}", batch.code)>{t!(lang, trace.see_steps, n = batch.events.len())}<Icon glyph=Glyph::NEXT size="s"/></a>
            </div>
        </section>
    }
    .into_any()
}
