//! A load to measure with: a stage (the door alone, with its costs), a crowd of
//! lightweight viewers in another process, and the floor under both (cipher and
//! send, nothing else).
//!
//! Who may enter: `tiantou bench live`, which runs stage and crowd as processes
//! of their own and speaks with them in lines over their standard streams.
//! Viewers of the crowd are whole connections while they join; afterwards media
//! packets are only counted by their numbers, but for the first viewer, which
//! decrypts all it gets.

mod crowd;
mod flood;
mod floor;
mod join;
mod script;
mod soak;
mod stage;
mod tally;

pub use crowd::crowd;
pub use flood::{Flooded, flood};
pub use floor::{Floor, floor};
pub use script::Pace;
pub use soak::{Visits, come_and_go};
pub use stage::{Cost, stage};

use std::time::Instant;
use tokio::sync::mpsc;

/// Why a measurement ended early.
pub type LoadError = Box<dyn std::error::Error + Send + Sync>;

/// The room everything happens in.
const ROOM: &str = "bench";

#[allow(clippy::disallowed_methods)] // a measurement is made by the machine's clock
fn now() -> Instant {
    Instant::now()
}

/// The lines of this process' standard input.
fn asked() -> mpsc::UnboundedReceiver<String> {
    let (line, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut read = std::io::stdin().lines().map_while(Result::ok);
        let _ = read.try_for_each(|read| line.send(read));
    });
    lines
}
