//! The market: what a village sells, to whom, at what price, and who holds what.
//!
//! Everything that must never be wrong (stock, money, groups, who ordered what, what a batch went
//! through) is decided here, one verb a file, one transaction a verb. Pages and doors call
//! [`Market`]'s verbs and show what they answer; they hold no rule and no SQL. The crate knows
//! nothing of HTTP, of pages or of moving pictures.
//!
//! Without the feature `sql` only ids, money, states and refusals are left: what a browser needs.
//!
//! # Glossary
//!
//! | 中文 | here | means | not |
//! |---|---|---|---|
//! | 拼团 | `GroupBuy` | people who buy one thing together before a deadline | team, deal |
//! | 团长 | `Leader` | opens groups, hands goods over at a pick-up point | agent, captain |
//! | 秒杀 | `FlashSale` | one variant at one price, for a short time, in a small quantity | seckill, promotion |
//! | 批（放货） | `Round` | a release of some of a flash sale's packs, at its own time and price | wave, drop |
//! | 规格 | `Variant` | the pack that is sold, with its own price and stock | SKU, spec |
//! | 批次 | `Batch` | what was harvested together | lot, bundle |
//! | 溯源 | `TraceEvent` | one thing that happened to a batch | log, record |
//! | 自提点 | `PickupPoint` | where an order is handed over | station, store |
//! | 占货 | hold | stock kept for an order until it is paid or lapses | lock, freeze |
//! | 直播 | `LiveSession` | a farmer's broadcast, with what is sold in it | stream, room (that is `live`'s word) |
//! | 社区 | `Community` | neighbours who share a leader and a pick-up point | region |
//! | 斤 | jin | 500 grams; every pack's price is also shown per 斤 | catty |
//! | 分 | `Money` | the unit of all amounts, 1/100 yuan | cents |
//! | 余额 | balance | stored value, the sum of its entries | wallet |
//! | 取货码 | pick-up code | what a shopper says to get the goods | token |
//! | 程序钥匙 | `ApiToken` | lets a person's program act for them at `/api/v1`, within its scopes | API key, app password |
//! | 权限 | `Scope` | one kind of thing a token may be used for | permission, grant |
//! | 下单 | place | an order exists and holds stock | buy |
//! | 消息 | `Notice` | something a member was told, kept until it is read | message, alert |
//! | 推送 | push | a notice on its way to a browser's lock screen | notification |
//! | 排队 | line | orders that wait for their turn at the door | queue, waiting room |
//! | 成团 | formed | enough people joined in time | success |

pub mod api_token;
#[cfg(feature = "sql")]
pub mod audit;
pub mod balance;
pub mod catalog;
mod clock;
pub mod community;
#[cfg(feature = "sql")]
#[doc(hidden)]
pub mod crowd;
#[cfg(feature = "sql")]
pub mod db;
#[cfg(feature = "sql")]
pub mod demo;
mod error;
#[cfg(feature = "sql")]
pub mod feed;
pub mod flash_sale;
pub mod group_buy;
mod id;
mod lang;
pub mod live_session;
mod money;
pub mod order;
pub mod people;
#[cfg(feature = "sql")]
pub mod photo;
pub mod push;
#[cfg(feature = "sql")]
mod secret;
#[cfg(feature = "sql")]
pub mod settle;
mod state;
pub mod story;
#[cfg(feature = "sql")]
mod together;
pub mod trace;

#[cfg(feature = "sql")]
mod market;

pub use clock::{Clock, Millis};
#[cfg(feature = "sql")]
pub use error::Fault;
pub use error::{Error, Refusal};
pub use id::*;
pub use lang::{Bilingual, Lang};
#[cfg(feature = "sql")]
pub use market::Market;
pub use money::{Money, Weight};
#[cfg(feature = "sql")]
pub use secret::WrongSecret;
