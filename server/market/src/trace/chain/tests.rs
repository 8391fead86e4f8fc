//! The chain against everything somebody could do to its rows.

use super::*;
use crate::{
    Bilingual, Weight,
    trace::{Action, BizStep, EventType},
};

fn facts(title: &str) -> Facts {
    Facts {
        kind: EventType::Object,
        action: Action::Observe,
        event_time: Millis(1_000),
        zone_minutes: 480,
        biz_step: BizStep::Packing,
        batch: "B".into(),
        weight: Some(Weight::grams(1500)),
        place: Bilingual::new("东港", "Donggang"),
        actor: Bilingual::new("老陈", "Chen"),
        title: Bilingual::new(title, title),
        note: None,
        photos: Vec::new(),
        temperatures: Vec::new(),
        band: None,
        report: None,
        corrects: None,
    }
}

fn chain(length: i64) -> (String, Vec<Link>) {
    let mut links: Vec<Link> = Vec::new();
    for position in 1..=length {
        let prev = links.last().map(|link| link.hash.clone()).unwrap_or_default();
        let link = Link::new(
            position,
            &prev,
            &facts(&format!("step {position}")),
            Millis(2_000 + position),
        );
        links.push(link.expect("facts are JSON"));
    }
    (links.last().map(|link| link.hash.clone()).unwrap_or_default(), links)
}

fn verdict_of(head: &str, length: i64, links: &[Link]) -> Verdict {
    check("B", head, length, links.to_vec()).1
}

#[test]
fn a_link_can_be_hashed_again_by_anybody() {
    // printf '%s%s' '' 'abc' | sha256sum (FIPS 180-2, appendix B.1)
    assert_eq!(
        link_hash("", "abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(link_hash("a", "bc"), link_hash("", "abc"));
}

#[test]
fn the_canonical_text_never_changes() {
    let (_, links) = chain(1);
    let text = r#"{"record_time":2001,"type":"ObjectEvent","action":"OBSERVE","event_time":1000,"zone_minutes":480,"biz_step":"packing","batch":"B","weight":1500,"place":{"zh":"东港","en":"Donggang"},"actor":{"zh":"老陈","en":"Chen"},"title":{"zh":"step 1","en":"step 1"}}"#;
    assert_eq!(links[0].canonical, text);
}

#[test]
fn an_untouched_chain_holds() {
    let (head, links) = chain(6);
    let (events, verdict) = check("B", &head, 6, links);
    assert_eq!(verdict, Verdict::Intact);
    assert!(events.iter().all(|event| event.intact && event.facts.is_some()));
    assert_eq!(check("B", "", 0, Vec::new()), (Vec::new(), Verdict::Empty));
}

#[test]
fn an_edited_fact_breaks_its_link() {
    let (head, links) = chain(6);
    for at in 0..6 {
        let mut edited = links.clone();
        edited[at].canonical = edited[at].canonical.replace("\"weight\":1500", "\"weight\":1501");
        assert_eq!(verdict_of(&head, 6, &edited), Verdict::Broken { at: at as i64 + 1 });
        // With its own hash made again, the next link names the old one; the last has the head.
        edited[at].hash = link_hash(&edited[at].prev_hash, &edited[at].canonical);
        assert_eq!(
            verdict_of(&head, 6, &edited),
            Verdict::Broken {
                at: (at as i64 + 2).min(6)
            }
        );
    }
}

#[test]
fn the_time_of_recording_is_covered() {
    let (head, links) = chain(3);
    let mut edited = links.clone();
    edited[1].recorded_at = Millis(1);
    assert_eq!(verdict_of(&head, 3, &edited), Verdict::Broken { at: 2 });
}

#[test]
fn a_deleted_link_is_missed() {
    let (head, links) = chain(4);
    for at in 0..4 {
        let mut edited = links.clone();
        edited.remove(at);
        assert_eq!(
            verdict_of(&head, 4, &edited),
            Verdict::Broken { at: at as i64 + 1 },
            "row {at}"
        );
        // Even when the rows and the length close up.
        for (position, link) in (1..).zip(&mut edited) {
            link.position = position;
        }
        assert_ne!(verdict_of(&head, 3, &edited), Verdict::Intact, "row {at}");
    }
    assert_eq!(verdict_of(&head, 4, &[]), Verdict::Broken { at: 1 });
    assert_eq!(verdict_of(&head, 0, &[]), Verdict::Broken { at: 1 });
}

#[test]
fn swapped_and_inserted_links_do_not_fit() {
    let (head, links) = chain(4);
    let mut swapped = links.clone();
    swapped.swap(1, 2);
    swapped[1].position = 2;
    swapped[2].position = 3;
    assert_eq!(verdict_of(&head, 4, &swapped), Verdict::Broken { at: 2 });

    let mut inserted = links.clone();
    let extra = Link::new(3, &links[1].hash, &facts("never happened"), Millis(2_500)).expect("facts are JSON");
    inserted.insert(2, extra);
    for (position, link) in (1..).zip(&mut inserted) {
        link.position = position;
    }
    assert_eq!(verdict_of(&head, 5, &inserted), Verdict::Broken { at: 4 });

    let mut appended = links.clone();
    appended.push(Link::new(5, &head, &facts("never happened"), Millis(2_500)).expect("facts are JSON"));
    assert_eq!(verdict_of(&head, 5, &appended), Verdict::Broken { at: 5 });
    assert_eq!(verdict_of(&head, 4, &appended), Verdict::Broken { at: 5 });
}

#[test]
fn a_chain_of_another_batch_is_not_taken() {
    let (head, links) = chain(2);
    assert_eq!(check("C", &head, 2, links).1, Verdict::Broken { at: 1 });
}

#[test]
fn facts_that_cannot_be_read_are_broken_not_hidden() {
    let (_, mut links) = chain(1);
    links[0].canonical = "{}".into();
    links[0].hash = link_hash("", "{}");
    let head = links[0].hash.clone();
    let (events, verdict) = check("B", &head, 1, links);
    assert_eq!((events[0].facts.clone(), verdict), (None, Verdict::Broken { at: 1 }));
}
