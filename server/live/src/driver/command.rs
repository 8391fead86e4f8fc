//! The messages between the rest of the program and the media thread.

use crate::figures::RoomFigures;
use crate::id::SessionId;
use crate::refusal::Refusal;
use crate::room::RoomStats;
use crate::sfu::{Opened, Restarted};
use crate::viewer::Wish;
use tokio::sync::oneshot;

/// What the media thread may be asked.
pub(super) enum Command {
    Publish {
        room: String,
        publisher: String,
        offer: String,
        reply: oneshot::Sender<Result<Opened, Refusal>>,
    },
    View {
        room: String,
        offer: String,
        reply: oneshot::Sender<Result<Opened, Refusal>>,
    },
    Trickle {
        at: Place,
        etag: String,
        fragment: String,
        reply: oneshot::Sender<Result<Option<Restarted>, Refusal>>,
    },
    Wish {
        at: Place,
        wish: Wish,
        reply: oneshot::Sender<Result<(), Refusal>>,
    },
    Leave {
        at: Place,
        reply: oneshot::Sender<Result<(), Refusal>>,
    },
    EndRoom {
        room: String,
        reply: oneshot::Sender<()>,
    },
    Rooms {
        reply: oneshot::Sender<Vec<RoomStats>>,
    },
    Figures {
        reply: oneshot::Sender<Vec<RoomFigures>>,
    },
    Shutdown {
        reply: oneshot::Sender<()>,
    },
}

/// Which session is meant, and by whom.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) room: String,
    pub(crate) session: SessionId,
    /// The publisher named by the ticket; none for a viewer's session.
    pub(crate) owner: Option<String>,
}
