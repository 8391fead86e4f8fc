//! The live room as people see it: the viewer's page, the host's console, and the islands on them.
//!
//! Everything here is drawn from one value, the market's `LivePicture`: the page carries it as it
//! was when it was made, and the feed brings it whole whenever it changes, so that a lost or late
//! message needs no repair. The moving picture itself comes from the doors `/whep` and `/whip`
//! and is never needed to buy: with it gone, price, stock and groups go on.
//!
//! `page`, `host`, `sheets` and `words` are made on the server only. The islands (`player`,
//! `board`, `studio`, `preview`) are one text for both sides; what only a browser can do is in
//! `browser`, which nothing but an island's effects and events may call.

mod board;
mod browser;
mod card;
mod dock;
mod facts;
mod lens;
mod phrase;
mod player;
mod preview;
mod studio;
mod ticker;

#[cfg(feature = "ssr")]
mod host;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod sheets;
#[cfg(feature = "ssr")]
mod words;

/// A part of an island's view. On the server its type is erased, which keeps the compiler's work
/// small; in the browser it is kept, because erasing costs the wasm a third of its size.
#[cfg(feature = "ssr")]
fn part(view: impl leptos::prelude::IntoAny) -> leptos::prelude::AnyView {
    view.into_any()
}

/// A part of an island's view, as it is.
#[cfg(not(feature = "ssr"))]
fn part<V>(view: V) -> V {
    view
}

#[cfg(feature = "ssr")]
pub use host::{HostListPage, HostPage, SaleForm, host_list_page, host_page};
#[cfg(feature = "ssr")]
pub use list::{LiveListPage, live_list_page};
#[cfg(feature = "ssr")]
pub use page::{LivePage, live_page};
