//! What the pages of this room are made from.

use market::{
    catalog::{Category, Product, ProductCard},
    flash_sale::SaleCard,
    live_session::LiveCard,
    trace::Batch,
};

/// A live that is on, and how many watch it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnAir {
    /// The live.
    pub card: LiveCard,
    /// People watching now.
    pub viewers: u64,
}

/// The home page.
#[derive(Debug, Clone)]
pub struct HomePage {
    /// Lives that are on: the first is shown large.
    pub live: Vec<OnAir>,
    /// Lives to come, the next first.
    pub planned: Vec<LiveCard>,
    /// Sales that are on, the first to end first.
    pub sales: Vec<SaleCard>,
    /// Goods for the grid.
    pub products: Vec<ProductCard>,
    /// A picture for each category that holds something.
    pub faces: Vec<(Category, String)>,
}

/// One category.
#[derive(Debug, Clone)]
pub struct CategoryPage {
    /// Which.
    pub category: Category,
    /// What is in it.
    pub products: Vec<ProductCard>,
    /// A picture for each category that holds something.
    pub faces: Vec<(Category, String)>,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// What was typed; empty before anything was.
    pub query: String,
    /// What was found.
    pub products: Vec<ProductCard>,
    /// A picture for each category that holds something; asked for only where nothing was typed.
    pub faces: Vec<(Category, String)>,
}

/// A product.
#[derive(Debug, Clone)]
pub struct ProductPage {
    /// The product.
    pub product: Product,
    /// Its newest batch, checked when it was read.
    pub batch: Option<Batch>,
    /// Its sale, if one is on.
    pub sale: Option<SaleCard>,
}
