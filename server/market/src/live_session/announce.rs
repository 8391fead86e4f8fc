//! Telling viewers: every verb that changed something they see ends here.

use super::{picture, store};
use crate::{Error, LiveId, Market, Millis, VariantId, db::Tx, feed};
use std::collections::BTreeSet;

/// The kind of a session's events: the whole picture.
const KIND: &str = "live_picture";

/// The feed's topic of the session with this code.
pub fn topic(code: &str) -> String {
    format!("live:{code}")
}

/// What a verb changed that viewers see.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    lives: BTreeSet<LiveId>,
    shelves: BTreeSet<VariantId>,
}

impl Touched {
    /// A session, or what is sold in it.
    pub(crate) fn live(id: &LiveId) -> Self {
        Touched {
            lives: BTreeSet::from([id.clone()]),
            shelves: BTreeSet::new(),
        }
    }
    /// The stock on a shelf: sessions that pin the variant show it.
    pub(crate) fn shelf(&mut self, variant: &VariantId) {
        self.shelves.insert(variant.clone());
    }
    /// All that another part of the verb changed.
    pub(crate) fn add(&mut self, other: Touched) {
        self.lives.extend(other.lives);
        self.shelves.extend(other.shelves);
    }
}

impl Market {
    /// Ends a verb: publishes the pictures of the sessions it touched, commits, wakes listeners.
    ///
    /// Topics are locked last and in the order of their sessions' ids, so that no two verbs wait for
    /// each other; each picture is drawn after its topic's lock and so holds all lower versions.
    pub(crate) async fn finish(&self, mut tx: Tx, touched: Touched, now: Millis) -> Result<(), Error> {
        let topics = self.publish(&mut tx, touched, now).await?;
        self.commit(tx, topics).await
    }

    /// The pictures alone; answers the topics that moved, to be woken after the commit.
    pub(crate) async fn publish(&self, tx: &mut Tx, mut touched: Touched, now: Millis) -> Result<Vec<String>, Error> {
        for variant in &touched.shelves {
            touched.lives.extend(store::pinning(tx, variant).await?);
        }
        let mut topics = Vec::with_capacity(touched.lives.len());
        for id in &touched.lives {
            let Some(live) = store::row(tx, id).await? else {
                continue;
            };
            let topic = topic(&live.code);
            let version = feed::next_version(tx, &topic).await?;
            if let Some(picture) = picture::draw(self, tx, id, version, now).await? {
                feed::publish(tx, &topic, version, KIND, &picture, now).await?;
            }
            topics.push(topic);
        }
        Ok(topics)
    }
}
