//! The live picture: WHIP in (RFC 9725), WHEP out, one publisher to many
//! viewers, over one UDP port.
//!
//! Who may enter: HTTP by [`router`], the owner by [`Live`], the farmer with a
//! signed [`admission::Ticket`]. Nothing of the market is known here.
//!
//! - `sfu` the sans-IO core, with `room`, `peer`, `publisher`, `viewer`,
//!   `path` (where a connection's other side is, and whether it wants what we send),
//!   `layer` (one encoding of the picture), `adapt` (who gets which), `track` (renumbering), `gop` (quick start), `history`
//!   (losses), `keyframe`, `demand`, `vp8`, `offer`, `codec`, `engine`, `repair` and `repeats` (what
//!   the WebRTC stack needs of us);
//! - `driver` alone owns the socket, the loop and the monotonic clock;
//! - `door` holds `whip`, `whep`: HTTP in, one message, one answer awaited;
//! - `farmer` a virtual farmer that publishes a clip through the same door,
//!   made of `client`, the other side of a connection;
//! - `outbox` and `send`: what waits, and few system calls for much of it;
//! - `figures` what can be told of it, `load` measures all this, `fuzz` lists
//!   what a stranger's bytes reach.
//!
//! Invariant: no lock and no await on the path of media.

mod adapt;
pub mod admission;
pub mod client;
mod clip;
mod clock;
mod codec;
mod config;
mod demand;
mod door;
mod driver;
mod engine;
pub mod farmer;
mod feedback;
mod figures;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
mod gop;
mod history;
mod id;
mod keyframe;
mod layer;
pub mod load;
mod offer;
mod outbox;
mod path;
mod peer;
mod publisher;
mod refusal;
mod repair;
mod repeats;
mod room;
mod sdpfrag;
mod send;
pub mod sfu;
mod stun;
mod track;
mod viewer;
mod vp8;

pub use clock::Clock;
pub use codec::{Profile, VideoCodec};
pub use config::Config;
pub use demand::KEYFRAME_INTERVAL;
pub use door::router;
pub use driver::Live;
pub use figures::{LayerFigures, Part, PeerFigures, RoomFigures};
pub use id::SessionId;
pub use peer::Transmit;
pub use refusal::Refusal;
pub use room::{RoomEvent, RoomEventKind, RoomStats, VACANCY};
pub use track::Kind;
