//! GET: ask the market, hand the answer to a page. No rule is here.

pub(crate) mod apps;
pub(crate) mod group;
pub(crate) mod health;
pub(crate) mod host;
pub(crate) mod live;
pub(crate) mod order;
pub(crate) mod origin;
pub(crate) mod people;
pub(crate) mod photo;
pub(crate) mod site;
pub(crate) mod storefront;
