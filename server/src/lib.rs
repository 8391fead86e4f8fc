//! The server: wires the market, the live picture and the pages to HTTP, and decides nothing itself.
//!
//! | room | what |
//! |---|---|
//! | `cli/` | the commands: `serve`, `migrate`, `demo`, `bench` |
//! | [`config`] | every setting, from flags and the environment |
//! | [`router`] | every address of the site |
//! | `pages/`, `forms/` | GET: ask the market, hand the answer to a page; POST: read a form, call one verb |
//! | [`api`] | `/api/v1`: the door for programs, with tokens |
//! | [`session`], `guard` | who is asking; same-site protection, headers, limits |
//! | [`line`] | the fair door: who may order now, who waits, in which order |
//! | [`feed`] | the event stream of a live session |
//! | `admission` | the only place where market and live meet: may this farmer publish? |
//! | `sms`, `photo`, `poster` | messages out, pictures in, pictures out |
//! | `timers` | what is due: holds, groups, sales |
//! | `tls` | HTTPS, and where its certificates come from |

mod address;
mod admission;
pub mod api;
pub mod cli;
pub mod config;
mod context;
mod failure;
pub mod feed;
mod forms;
mod guard;
pub mod line;
mod listen;
mod metrics;
mod pages;
mod photo;
mod poster;
pub mod router;
mod run;
pub mod session;
mod site;
mod sms;
mod state;
mod timers;
mod tls;
mod virtual_farmer;

pub use run::{Running, start};
pub use state::AppState;
