//! What every handler shares.

use crate::{api::Door, config::Config, feed::Hub, line::Line, photo::Photos, sms::Gateway};
use app::Assets;
use market::Market;
use moka::future::Cache;
use std::{path::PathBuf, sync::Arc};

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The market.
    pub market: Market,
    /// The live picture.
    pub live: live::Live,
    /// The event streams.
    pub hub: Hub,
    /// Where orders go in, or wait.
    pub line: Line,
    /// What the door for programs remembers.
    pub api: Door,
    /// Who sends one-time codes.
    pub sms: Arc<Gateway>,
    /// Uploaded pictures.
    pub photos: Photos,
    /// Pages made for readers who are not signed in, by address and language.
    pub pages: Cache<PageKey, Arc<str>>,
    /// The built files' addresses.
    pub assets: Arc<Assets>,
    /// The folder of built files.
    pub site: PathBuf,
    /// Signs farmers' tickets.
    pub tickets: live::admission::Key,
    /// Scheme, host and port of the site.
    pub origin: Arc<str>,
    /// The house's authority (PEM), where it vouches for this server.
    pub authority: Option<Arc<str>>,
    /// The demonstration: codes are shown on the page.
    pub demonstration: bool,
    /// Forms one network address may post in a minute.
    pub posts_per_minute: u32,
}

/// What tells one made page from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageKey {
    /// Path and query.
    pub path: String,
    /// The reader's language.
    pub lang: market::Lang,
    /// The browser asked to save data.
    pub save_data: bool,
}

impl AppState {
    /// Whether the site is reached over https.
    pub fn secure(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// How many made pages are kept.
pub(crate) const PAGES_KEPT: u64 = 2_000;

/// Kept apart so that `Config` stays what a person sets.
pub(crate) fn media_address(config: &Config) -> std::net::SocketAddr {
    config.media.unwrap_or(config.listening())
}
