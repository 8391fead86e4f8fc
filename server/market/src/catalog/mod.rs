//! The catalog: farms, products, variants, and the stock on the shelf.
//!
//! A variant's stock is changed only with a row in the ledger of movements: level = sum of movements.
//! So everything that takes or gives stock, here or in another slice, goes through `move_stock`.

pub mod model;
pub use model::*;

#[cfg(feature = "sql")]
mod browse;
#[cfg(feature = "sql")]
mod farm;
#[cfg(feature = "sql")]
mod list;
#[cfg(feature = "sql")]
mod page;
#[cfg(feature = "sql")]
mod search;
#[cfg(feature = "sql")]
mod stock;
#[cfg(feature = "sql")]
pub(crate) mod store;

#[cfg(feature = "sql")]
pub use page::ProductKey;
#[cfg(feature = "sql")]
pub(crate) use {
    farm::add_farm,
    list::{NewProduct, NewVariant, list_product},
    stock::{StockHolder, add_holds, lock_shelf, move_stock, take_level},
};
