//! What laboratories found.

use crate::{t, ui::Section};
use leptos::prelude::*;
use market::{
    Lang,
    trace::{Batch, LabReport},
};

/// All reports of a batch; nothing when there is none.
pub(super) fn reports(lang: Lang, batch: &Batch) -> Option<AnyView> {
    let tables: Vec<AnyView> = batch
        .events
        .iter()
        .filter_map(|event| event.facts.as_ref()?.report.as_ref())
        .map(|report| table(lang, report))
        .collect();
    (!tables.is_empty()).then(|| {
        view! { <Section title=t!(lang, trace.reports)><div class="stack">{tables}</div></Section> }.into_any()
    })
}

fn table(lang: Lang, report: &LabReport) -> AnyView {
    let lines: Vec<AnyView> = report
        .lines
        .iter()
        .map(|line| {
            let limit = if line.limit.is_empty() {
                "—".to_owned()
            } else {
                line.limit.clone()
            };
            let found = line.result.get(lang).to_owned();
            let result = if line.pass {
                view! { <td class="leafc bold">{found}</td> }.into_any()
            } else {
                view! { <td class="kakic bold">{found}" "<span class="tag k">{t!(lang, trace.over)}</span></td> }
                    .into_any()
            };
            view! { <tr><th scope="row">{line.item.get(lang).to_owned()}</th><td class="nw">{limit}</td>{result}</tr> }
                .into_any()
        })
        .collect();
    view! {
        <div class="card flat">
            <table class="lab">
                <thead><tr><th scope="col">{t!(lang, trace.item)}</th><th scope="col">{t!(lang, trace.limit)}</th><th scope="col">{t!(lang, trace.result)}</th></tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <p class="note m3">{t!(lang, trace.report_from, laboratory = report.laboratory.get(lang), number = report.number.clone())}</p>
        </div>
    }
    .into_any()
}
