//! A story as its page shows it.

use crate::{
    Bilingual, Millis,
    catalog::{Farm, ProductCard},
};

/// A story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// For links.
    pub slug: String,
    /// Its title.
    pub title: Bilingual,
    /// Who told it, who wrote it down.
    pub byline: Bilingual,
    /// Paragraphs parted by a blank line; one that begins with "> " is a quotation.
    pub body: Bilingual,
    /// The picture at its head.
    pub photo: String,
    /// The picture at its foot.
    pub photo_foot: String,
    /// What that one shows.
    pub foot: Bilingual,
    /// Whose farm.
    pub farm: Farm,
    /// What it is about.
    pub product: ProductCard,
    /// When it was published.
    pub published_at: Millis,
}
