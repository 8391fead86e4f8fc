//! What only a browser can do: the camera, the network, its clock. Called from islands' effects and
//! events, which never run on the server; there these functions are compiled and not called.
//!
//! One feed and one clock serve all islands of a page.

mod backoff;
pub(super) mod broadcast;
pub(super) mod camera;
pub(super) mod clock;
mod cushion;
mod door;
pub(super) mod feed;
pub(super) mod form;
pub(super) mod gear;
mod line;
pub(super) mod net;
mod stats;
pub(super) mod watch;

pub(super) use stats::{Quality, Uplink};
