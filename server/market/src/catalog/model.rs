//! Products as pages show them.

use crate::{Bilingual, FarmId, Money, PersonId, ProductId, VariantId, Weight, state::text_enum};

text_enum! {
    /// The three launch categories (R1).
    Category {
        /// 果蔬.
        Produce = "produce",
        /// 粮油.
        GrainOil = "grain_oil",
        /// 日用品.
        Daily = "daily",
    }
}

text_enum! {
    /// Whether a photo shows the goods themselves.
    PhotoKind {
        /// Made for the demonstration: labelled 演示图.
        Demonstration = "demonstration",
        /// Taken of the goods.
        Real = "real",
    }
}

/// A farm and its farmer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farm {
    /// Which.
    pub id: FarmId,
    /// For links.
    pub slug: String,
    /// Its farmer.
    pub farmer_id: PersonId,
    /// The farmer's name, shown with consent: hosts act in public.
    pub farmer_name: String,
    /// 老陈草莓园.
    pub name: Bilingual,
    /// 丹东东港.
    pub place: Bilingual,
    /// One line on the farmer.
    pub about: Bilingual,
    /// A picture's base name under /img, or a path.
    pub portrait: String,
    /// The slug of its story, if there is one.
    pub story: Option<String>,
}

/// What is sold: a pack with its own price and stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Which.
    pub id: VariantId,
    /// 3 斤礼盒.
    pub name: Bilingual,
    /// Of the pack.
    pub weight: Weight,
    /// Of the pack.
    pub price: Money,
    /// Packs on the shelf.
    pub stock: i64,
}

/// A product in a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductCard {
    /// For links.
    pub slug: String,
    /// Which category.
    pub category: Category,
    /// 红颜草莓.
    pub name: Bilingual,
    /// The farm's place and name.
    pub place: Bilingual,
    /// The farm's name.
    pub farm: Bilingual,
    /// A picture's base name under /img, or a path.
    pub photo: String,
    /// Whether it shows the goods.
    pub photo_kind: PhotoKind,
    /// The variant the card sells.
    pub variant: Variant,
    /// Whether a verified batch can be looked up.
    pub traced: bool,
}

/// A product's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// What the card shows.
    pub card: ProductCard,
    /// All its variants, the card's first.
    pub variants: Vec<Variant>,
    /// What it is.
    pub about: Bilingual,
    /// The after-sale promise (R4).
    pub promise: Bilingual,
    /// Who grows it.
    pub farm: Farm,
    /// Packs sold so far (orders that were not cancelled), of all variants, as a weight.
    pub sold: Weight,
}

text_enum! {
    /// Why stock moved.
    StockReason {
        /// It came in from the farm.
        Receive = "receive",
        /// It went from the shelf to a sale.
        Allot = "allot",
        /// A sale's rest came back to the shelf.
        Return = "return",
        /// An order holds it.
        Hold = "hold",
        /// An order gave it back.
        Release = "release",
    }
}
