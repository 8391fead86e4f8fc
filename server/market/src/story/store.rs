//! All SQL on stories. A story's page is one query: its farm and its product's card are joined.

use super::Story;
use crate::{
    Bilingual, Error, FarmId, Millis, ProductId, StoryId,
    catalog::store::{CardRow, FarmRow, card_columns, farm_columns, shelf_variant},
    db::{Tx, on, rows},
};

macro_rules! select_stories {
    ($rest:literal) => {
        concat!(
            "SELECT s.slug AS story_slug, s.title_zh, s.title_en, s.byline_zh, s.byline_en, s.body_zh, s.body_en, \
             s.photo AS story_photo, s.photo_foot, s.foot_zh, s.foot_en, s.published_at, ",
            card_columns!(),
            ", ",
            farm_columns!(),
            " FROM stories s JOIN products p ON p.id = s.product_id JOIN farms f ON f.id = s.farm_id \
             JOIN people h ON h.id = f.farmer_id ",
            shelf_variant!(),
            $rest
        )
    };
}

const STORY: &str = select_stories!(" WHERE s.slug = $1");
const STORIES: &str = select_stories!(" ORDER BY s.published_at DESC, s.id");
const ADD_STORY: &str = "INSERT INTO stories (id, slug, farm_id, product_id, title_zh, title_en, byline_zh, byline_en, body_zh, \
     body_en, photo, photo_foot, foot_zh, foot_en, published_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (slug) DO NOTHING";

#[derive(sqlx::FromRow)]
struct StoryRow {
    story_slug: String,
    title_zh: String,
    title_en: String,
    byline_zh: String,
    byline_en: String,
    body_zh: String,
    body_en: String,
    story_photo: String,
    photo_foot: String,
    foot_zh: String,
    foot_en: String,
    published_at: Millis,
    #[sqlx(flatten)]
    card: CardRow,
    #[sqlx(flatten)]
    farm: FarmRow,
}

impl From<StoryRow> for Story {
    fn from(row: StoryRow) -> Self {
        Story {
            slug: row.story_slug,
            title: Bilingual::new(row.title_zh, row.title_en),
            byline: Bilingual::new(row.byline_zh, row.byline_en),
            body: Bilingual::new(row.body_zh, row.body_en),
            photo: row.story_photo,
            photo_foot: row.photo_foot,
            foot: Bilingual::new(row.foot_zh, row.foot_en),
            farm: row.farm.into(),
            product: row.card.into(),
            published_at: row.published_at,
        }
    }
}

/// A story to be published.
pub(crate) struct NewStory {
    pub(crate) slug: String,
    pub(crate) farm: FarmId,
    pub(crate) product: ProductId,
    pub(crate) title: Bilingual,
    pub(crate) byline: Bilingual,
    pub(crate) body: Bilingual,
    pub(crate) photo: String,
    pub(crate) photo_foot: String,
    pub(crate) foot: Bilingual,
    pub(crate) published_at: Millis,
}

pub(super) async fn story(tx: &mut Tx, slug: &str) -> sqlx::Result<Option<Story>> {
    Ok(on!(tx, c => sqlx::query_as::<_, StoryRow>(STORY).bind(slug).fetch_optional(c))?.map(Story::from))
}

pub(super) async fn stories(tx: &mut Tx) -> sqlx::Result<Vec<Story>> {
    let found: Vec<StoryRow> = on!(tx, c => sqlx::query_as(STORIES).fetch_all(c))?;
    Ok(found.into_iter().map(Story::from).collect())
}

/// Publishes it, unless one with its slug is there: that one stays as it is. `true`: it is new.
pub(crate) async fn publish(tx: &mut Tx, story: &NewStory) -> Result<bool, Error> {
    let added = rows!(
        tx,
        sqlx::query(ADD_STORY)
            .bind(StoryId::new())
            .bind(&story.slug)
            .bind(&story.farm)
            .bind(&story.product)
            .bind(&story.title.zh)
            .bind(&story.title.en)
            .bind(&story.byline.zh)
            .bind(&story.byline.en)
            .bind(&story.body.zh)
            .bind(&story.body.en)
            .bind(&story.photo)
            .bind(&story.photo_foot)
            .bind(&story.foot.zh)
            .bind(&story.foot.en)
            .bind(story.published_at)
    )?;
    Ok(added > 0)
}
