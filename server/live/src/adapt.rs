//! How the viewers of a room get their layers: which are there, which each viewer shall see, and what
//! its path says to that. A layer begins for a viewer with a keyframe; whoever waits for one asks, and
//! the layer asks its publisher once a second at most.

use crate::id::SessionId;
use crate::layer::Layer;
use crate::outbox::Outbox;
use crate::room::Room;
use crate::track::Epoch;
use crate::viewer::{Choice, Feed, News, Probing, Turn, Wish};
use std::time::{Duration, Instant};

/// Between two looks at which layers come in.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Bits of sound that go out beside the picture, with what is around them.
const SOUND_BITS: f64 = 50_000.0;
/// What headers and seals add to a layer's payload.
const WRAPPING: f64 = 1.06;

/// A layer that comes in, and what it takes to send it on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rung {
    epoch: Epoch,
    bits: f64,
}

impl Room {
    /// The layers that come in, the smallest first.
    fn ladder(&self, now: Instant) -> Vec<Rung> {
        let mut alive: Vec<&Layer> = self.layers.iter().filter(|layer| layer.is_alive(now)).collect();
        alive.sort_by_key(|layer| layer.rank());
        let rung = |layer: &Layer| Rung {
            epoch: layer.epoch,
            // One that was not counted yet is nobody's first choice.
            bits: layer.bits().map_or(f64::INFINITY, |bits| bits * WRAPPING),
        };
        alive.into_iter().map(rung).collect()
    }

    /// The layer of this SSRC; it may be new.
    pub(crate) fn layer(&mut self, now: Instant, ssrc: u32, rid: impl FnOnce() -> Option<String>) -> &mut Layer {
        let known = self.layers.iter().position(|layer| layer.ssrc == ssrc);
        let at = match known {
            Some(at) => at,
            None => {
                let rid = rid();
                self.last_epoch += 1;
                let mut layer = Layer::new(now, ssrc, rid, self.last_epoch);
                // A viewer may have asked before anything came.
                layer.keyframe.want(now);
                // The same layer by another SSRC is a new stream.
                self.layers.retain(|other| other.rid != layer.rid);
                self.layers.push(layer);
                self.settle(now);
                self.layers.len() - 1
            }
        };
        &mut self.layers[at]
    }

    /// Looks now and then whether layers came or went.
    pub(crate) fn look(&mut self, now: Instant) {
        if self
            .looked_at
            .is_none_or(|at| now.saturating_duration_since(at) >= LOOK_EVERY)
        {
            self.looked_at = Some(now);
            self.settle(now);
        }
    }

    /// Gives every viewer a layer that is there.
    fn settle(&mut self, now: Instant) {
        let ladder = self.ladder(now);
        let epochs: Vec<Epoch> = ladder.iter().map(|rung| rung.epoch).collect();
        // With nothing coming in at all it is the path that fails, not a layer.
        if epochs.is_empty() || epochs == self.rungs {
            return;
        }
        self.rungs = epochs;
        for feed in &mut self.feeds {
            if fit(feed, &ladder, &self.layers) {
                want(now, feed, &mut self.layers);
            }
        }
    }

    /// A viewer stands: gives it its layer. Whether it needs a keyframe depends on what is cached.
    pub(crate) fn fit(&self, now: Instant, feed: &mut Feed) {
        fit(feed, &self.ladder(now), &self.layers);
    }

    /// Whether a layer of this name comes, or came.
    pub(crate) fn knows_layer(&self, name: &str) -> bool {
        self.layers.iter().any(|layer| layer.rid.as_deref() == Some(name))
    }

    /// A viewer wishes to see something else.
    pub(crate) fn wish(&mut self, now: Instant, id: SessionId, wish: Wish) {
        let ladder = self.ladder(now);
        let Some(at) = self.feed_at(id) else { return };
        let feed = &mut self.feeds[at];
        if wish == Wish::Automatic && feed.path.wish != Wish::Automatic {
            feed.path.choice = Choice::new(now);
        }
        feed.path.wish = wish;
        feed.path.probe = None;
        if fit(feed, &ladder, &self.layers) {
            want(now, feed, &mut self.layers);
        }
    }

    /// A viewer cannot go on without a keyframe.
    pub(crate) fn want_keyframe(&mut self, now: Instant, id: SessionId) {
        let Some(feed) = self.feed(id) else { return };
        feed.path.figures.keyframes_wanted += 1;
        let target = feed.target();
        if let Some(layer) = self.layers.iter_mut().find(|layer| Some(layer.epoch) == target) {
            layer.keyframe.want(now);
        }
    }

    /// A viewer told of its path.
    pub(crate) fn hear(&mut self, now: Instant, id: SessionId, news: &News) {
        let Some(feed) = self.feed(id) else { return };
        let path = &mut feed.path;
        match news {
            News::Arrived(told) => path.downlink.heard(now, told),
            News::Carries(bits) => path.downlink.told(*bits),
            News::Report { loss, round_trip } => {
                path.figures.loss = *loss;
                path.figures.round_trip = round_trip.or(path.figures.round_trip);
                return;
            }
        }
        self.adapt(now, id);
    }

    fn adapt(&mut self, now: Instant, id: SessionId) {
        let ladder = self.ladder(now);
        let Some(at) = self.feed_at(id) else { return };
        let feed = &mut self.feeds[at];
        let current = ladder.iter().position(|rung| Some(rung.epoch) == feed.target());
        let (Some(current), Some(sight)) = (current, feed.path.downlink.sight()) else {
            return;
        };
        if ladder.len() < 2 || feed.path.wish != Wish::Automatic || feed.awaits_keyframe() {
            return;
        }
        let rates: Vec<f64> = ladder.iter().map(|rung| rung.bits).collect();
        match feed.path.choice.step(now, &rates, current, SOUND_BITS, &sight) {
            Turn::Stay if feed.path.choice.is_probing() => {}
            Turn::Stay => feed.path.probe = None,
            Turn::To { layer, at_once } => {
                feed.path.probe = None;
                if feed.show(Some(ladder[layer].epoch), at_once) {
                    want(now, feed, &mut self.layers);
                }
            }
            Turn::Probe { bits, until } if feed.can_probe() => {
                feed.path.probe = Some(Probing::new(now, bits, until));
            }
            Turn::Probe { .. } => {}
        }
    }

    /// When a viewer's probe goes on.
    pub(crate) fn probe_due(&self, id: SessionId) -> Option<Instant> {
        self.feeds[self.feed_at(id)?].path.probe?.due()
    }

    /// Sends what is due of a viewer's probe.
    pub(crate) fn probe(&mut self, now: Instant, id: SessionId, out: &mut Outbox) {
        let Some(at) = self.feed_at(id) else { return };
        let feed = &mut self.feeds[at];
        let Some(mut probe) = feed.path.probe.take() else {
            return;
        };
        let target = feed.target();
        let Some(layer) = self.layers.iter().find(|layer| Some(layer.epoch) == target) else {
            return;
        };
        probe.portion(now, |back| feed.probe(now, back, &layer.history, out));
        feed.path.probe = Some(probe);
    }
}

/// A viewer waits for a keyframe of its layer.
fn want(now: Instant, feed: &Feed, layers: &mut [Layer]) {
    if let Some(layer) = layers.iter_mut().find(|layer| Some(layer.epoch) == feed.target()) {
        layer.keyframe.want(now);
    }
}

/// Gives a viewer the layer that its wish and what there is lead to. Whether it needs a keyframe.
fn fit(feed: &mut Feed, ladder: &[Rung], layers: &[Layer]) -> bool {
    if !feed.takes_video() || ladder.is_empty() {
        return false;
    }
    let wished = match &feed.path.wish {
        Wish::SoundOnly => {
            feed.show(None, true);
            return false;
        }
        Wish::Automatic => feed.target(),
        Wish::Layer(name) => {
            let named = layers.iter().find(|layer| layer.rid.as_ref() == Some(name));
            named.map(|layer| layer.epoch)
        }
    };
    // What is wished while it is there, else the next smaller, else the smallest.
    let rank = wished
        .and_then(|epoch| layers.iter().find(|layer| layer.epoch == epoch))
        .map(Layer::rank);
    let ranked = |rung: &Rung| layers.iter().find(|layer| layer.epoch == rung.epoch).map(Layer::rank);
    let rates: Vec<f64> = ladder.iter().map(|rung| rung.bits).collect();
    let at = match rank {
        Some(_) => ladder
            .iter()
            .rposition(|rung| Some(rung.epoch) == wished || ranked(rung) < rank),
        None => Some(Choice::first(&rates)),
    };
    let at = ladder.iter().position(|rung| Some(rung.epoch) == wished).or(at);
    let rung = ladder[at.unwrap_or_default()];
    feed.target() != Some(rung.epoch) && feed.show(Some(rung.epoch), false)
}
