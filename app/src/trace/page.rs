//! `/t/{code}`: a batch's whole way.

use super::{lab::reports, proof::proof, road::road, timeline::timeline};
use crate::{
    Context, Document, Tab, render, t,
    ui::{BrokenSeal, ErrorCard, Glyph, Icon, Layout, Section, VerifiedSeal, bar, moment::moment},
};
use leptos::prelude::*;
use market::{
    Lang,
    trace::{Batch, Verdict},
};

/// A batch, checked when it was read.
#[derive(Debug, Clone)]
pub struct TracePage {
    /// The batch.
    pub batch: Batch,
}

/// `/t/{code}`.
pub fn trace_page(context: &Context, view: TracePage) -> String {
    let lang = context.lang;
    let batch = view.batch;
    let name = batch.product.name.get(lang).to_owned();
    let title = t!(lang, trace.title, product = name.clone());
    render(context, || Document {
        title: format!("{title} · {}", batch.code),
        description: t!(
            lang,
            trace.about,
            product = name,
            place = batch.farm.place.get(lang),
            code = batch.code.clone()
        ),
        json_ld: None,
        islands: false,
        private: false,
        body: Layout {
            tab: Some(Tab::Trace),
            wide: false,
            head: bar(context, &title, &format!("/p/{}", batch.product.slug), None),
            main: main(context, batch),
            buy: None,
        }
        .show(context),
    })
}

fn main(context: &Context, batch: Batch) -> AnyView {
    let lang = context.lang;
    let story = batch.farm.story.clone();
    let proof = proof(lang, &batch);
    view! {
        <div class="wrap">{verdict(context, &batch)}</div>
        {road(lang, &batch)}
        {(!batch.events.is_empty()).then(|| timeline(context, &batch))}
        {reports(lang, &batch)}
        <Section title=t!(lang, trace.farm)>
            <div class="card tight">
                <b>{batch.farm.name.get(lang).to_owned()}</b>" "<span class="tag b">{batch.farm.farmer_name.clone()}</span>
                <p class="note">{batch.farm.place.get(lang).to_owned()}" · "{batch.farm.about.get(lang).to_owned()}</p>
                <div class="row m2 gap wrapx">
                    <a class="btn line grow" href=format!("/p/{}", batch.product.slug)>{t!(lang, trace.see_goods)}</a>
                    {story.map(|slug| view! { <a class="btn line grow" href=format!("/story/{slug}")><Icon glyph=Glyph::BOOK/>{t!(lang, product.read_story)}</a> })}
                </div>
            </div>
        </Section>
        <section class="sec wrap">{proof}</section>
    }
    .into_any()
}

/// The answer first: the seal, or what does not match.
fn verdict(context: &Context, batch: &Batch) -> AnyView {
    let lang = context.lang;
    let code = batch.code.clone();
    let steps = batch.events.len();
    let (seal, words) = match batch.verdict {
        Verdict::Intact => (
            view! { <VerifiedSeal lang size=112/> }.into_any(),
            t!(lang, trace.intact, product = batch.product.name.get(lang)),
        ),
        Verdict::Broken { .. } => (view! { <BrokenSeal lang size=112/> }.into_any(), t!(lang, trace.broken)),
        Verdict::Empty => (None::<AnyView>.into_any(), t!(lang, trace.empty)),
    };
    let photos: usize = batch
        .events
        .iter()
        .filter_map(|event| event.facts.as_ref())
        .map(|facts| facts.photos.len())
        .sum();
    view! {
        <div class="card verdict">
            {seal}
            <h2 class="m3">{words}</h2>
            <p class="mu m1">{t!(lang, trace.batch)}" "<b class="nw">{code}</b>" · "{t!(lang, trace.picked, time = moment(lang, batch.harvested_at, context.now), weight = batch.weight)}</p>
            <p class="tags m3">
                {(steps > 0).then(|| view! { <span class="tag">{t!(lang, trace.steps, n = steps)}</span> })}
                {(photos > 0).then(|| view! { <span class="tag">{t!(lang, trace.photos, n = photos)}</span> })}
                {(batch.verdict == Verdict::Intact).then(|| view! { <span class="tag">{t!(lang, trace.unchanged)}</span> })}
            </p>
        </div>
        {broken(lang, batch.verdict)}
    }
    .into_any()
}

fn broken(lang: Lang, verdict: Verdict) -> Option<AnyView> {
    let Verdict::Broken { at } = verdict else { return None };
    Some(
        view! {
            <div class="m3"><ErrorCard problem=t!(lang, trace.broken_at, n = at)><p class="note">{t!(lang, trace.broken_note)}</p></ErrorCard></div>
        }
        .into_any(),
    )
}
