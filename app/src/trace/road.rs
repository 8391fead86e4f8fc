//! The way a batch went, as a sketch: its places in order. Not a map: the record holds names of
//! places, not positions, and the sketch says so.

use crate::{t, ui::Section};
use leptos::prelude::*;
use market::{Lang, trace::Batch};
use std::fmt::Write;

/// Stops drawn; a longer way keeps its first, its last, and what fits between.
const MOST_STOPS: usize = 4;
/// Width of the sketch, and of a half-width letter at its boldest.
const WIDTH: usize = 350;
const LETTER: usize = 9;
/// Widest name of the last stop, in half-width letters; it ends at the right edge.
const MOST_WIDTH: usize = 34;

const HILLS: &str = r##"<g fill="none" stroke="#1e5a35" stroke-opacity=".28" stroke-width="1.2"><path d="M-10 40c50-46 100 0 150-18s60-40 120-20 70 0 110-10M-10 86c60-38 110 12 162-10s70-30 124-14 60 4 90 0M-10 138c66-28 120 22 172 2s78-20 128-6 40 8 80 8"/></g><path d="M-5 178C60 150 70 176 120 160s90-40 250-30" fill="none" stroke="#8db6cf" stroke-width="9"/>"##;

/// The sketch, when the batch was in two places or more.
pub(super) fn road(lang: Lang, batch: &Batch) -> Option<AnyView> {
    let mut places: Vec<&str> = batch
        .events
        .iter()
        .filter_map(|event| Some(event.facts.as_ref()?.place.get(lang)))
        .collect();
    places.dedup();
    let (first, last) = (*places.first()?, *places.last()?);
    if places.len() < 2 {
        return None;
    }
    let label = t!(lang, trace.road_label, from = first, to = last, n = places.len());
    let drawing = drawing(&some_of(&places));
    Some(
        view! {
            <Section title=t!(lang, trace.road) note=t!(lang, trace.road_note)>
                <svg class="map" viewBox="0 0 358 190" role="img" aria-label=label inner_html=drawing></svg>
            </Section>
        }
        .into_any(),
    )
}

fn some_of<'a>(places: &[&'a str]) -> Vec<&'a str> {
    if places.len() <= MOST_STOPS {
        return places.to_vec();
    }
    let steps = MOST_STOPS - 1;
    (0..=steps).map(|at| places[at * (places.len() - 1) / steps]).collect()
}

fn drawing(places: &[&str]) -> String {
    let gaps = places.len().saturating_sub(1).max(1);
    let points: Vec<(usize, usize)> = (0..places.len())
        .map(|at| (44 + 266 * at / gaps, 52 + 92 * at / gaps))
        .collect();
    let mut way = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let _ = match at.checked_sub(1).map(|before| points[before]) {
            None => write!(way, "M{x} {y}"),
            Some((px, py)) => write!(
                way,
                "C{} {} {} {} {x} {y}",
                px + (x - px) / 2,
                py.saturating_sub(10),
                px + (x - px) / 2,
                y + 10
            ),
        };
    }
    let mut drawing = format!(
        r##"{HILLS}<path d="{way}" fill="none" stroke="#fffdf6" stroke-width="8"/><path d="{way}" fill="none" stroke="#bf3d08" stroke-width="3.5" stroke-dasharray="2 8" stroke-linecap="round"/>"##
    );
    for (at, ((x, y), place)) in points.iter().zip(places).enumerate() {
        let last = at + 1 == places.len();
        let (radius, fill, edge) = match at {
            0 => (9, "#1e5a35", "#fff"),
            _ if last => (10, "#bf3d08", "#fff"),
            _ => (7, "#fffdf6", "#1e5a35"),
        };
        // Names stand above their stop but for the last, whose name has room below; the first
        // begins at the left edge and the last ends at the right one, so that none is cut off.
        let (text_x, text_y, anchor) = match at {
            0 => (20, y - 20, "start"),
            _ if last => (344, y + 32, "end"),
            _ => (*x + 16, y - 2, "start"),
        };
        let _ = write!(
            drawing,
            r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{edge}" stroke-width="3"/><text x="{text_x}" y="{text_y}" text-anchor="{anchor}">{}</text>"#,
            escape(&shortened(
                place,
                if anchor == "end" {
                    MOST_WIDTH
                } else {
                    (WIDTH - text_x) / LETTER
                }
            )),
        );
    }
    drawing
}

/// `text` cut to a width in half-width letters; a Chinese character is two.
fn shortened(text: &str, most: usize) -> String {
    let width = |c: char| if c.is_ascii() { 1 } else { 2 };
    if text.chars().map(width).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut used = 1;
    let mut short: String = text
        .chars()
        .take_while(|&c| {
            used += width(c);
            used <= most
        })
        .collect();
    short.push('…');
    short
}

/// The drawing is put in as it is, so a name's markup must be text.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_way_keeps_its_ends() {
        let places = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(some_of(&places), ["a", "c", "e", "g"]);
        assert_eq!(some_of(&places[..3]), ["a", "b", "c"]);
    }

    #[test]
    fn names_are_cut_and_are_never_markup() {
        assert_eq!(shortened("柳树沟村小卖部", 8), "柳树沟…");
        assert_eq!(shortened("Greenhouse 3", 34), "Greenhouse 3");
        let drawn = drawing(&["<script>alert(1)</script>", "b"]);
        assert!(!drawn.contains("<script>") && drawn.contains("&lt;script&gt;"));
    }
}
