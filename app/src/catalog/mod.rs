//! The shop window: home, categories, search, a product.
//!
//! Reading pages, without a script. The cards other rooms show too (a product, a sale, a live on
//! air) are drawn here once.

mod card;
mod home;
mod list;
mod pack;
mod page;
mod product;
mod sale;
mod season;
mod together;

pub use card::{GoodCard, GoodsGrid, jin, usual_per_jin};
pub use home::home_page;
pub use list::{category_page, search_page};
pub use page::{CategoryPage, HomePage, OnAir, ProductPage, SearchPage};
pub use product::product_page;
pub use sale::{OnAirCard, SaleRow};
pub use season::{Season, season};
