//! Drawing a session's picture: six small queries, whatever the session's size.

use super::{
    Bought, LivePicture, Pinned,
    store::{self, PinnedRow},
};
use crate::{Bilingual, Error, LiveId, Market, Millis, db::Tx, flash_sale, order, people::Face};

/// Who bought last: so many are shown.
const RECENT: i64 = 5;

/// The picture at `version`, as this transaction sees the session.
pub(super) async fn draw(
    market: &Market,
    tx: &mut Tx,
    id: &LiveId,
    version: i64,
    now: Millis,
) -> Result<Option<LivePicture>, Error> {
    let Some(live) = store::row(tx, id).await? else {
        return Ok(None);
    };
    let pinned = store::pinned(tx, id).await?.map(pinned);
    let sale = flash_sale::current(market, tx, id, now).await?;
    let recent = order::recent_in_live(tx, id, RECENT).await?;
    let (sold, turnover) = order::sold_in_live(tx, id).await?;
    let recent = recent
        .into_iter()
        .map(|(name, quantity)| Bought {
            who: Face::of(&name),
            quantity,
        })
        .collect();
    Ok(Some(LivePicture {
        version,
        now,
        state: live.state,
        pinned,
        sale,
        recent,
        sold,
        turnover,
    }))
}

fn pinned(row: PinnedRow) -> Pinned {
    Pinned {
        variant: row.variant_id,
        slug: row.slug,
        name: named(&row.product_zh, &row.variant_zh, &row.product_en, &row.variant_en),
        photo: row.photo,
        price: row.price_fen,
        weight: row.weight_grams,
        stock: row.stock,
    }
}

/// Product and pack in one line, in each language that has both.
fn named(product_zh: &str, variant_zh: &str, product_en: &str, variant_en: &str) -> Bilingual {
    let en = if product_en.is_empty() {
        String::new()
    } else {
        format!("{product_en} {variant_en}")
    };
    Bilingual::new(format!("{product_zh} {variant_zh}"), en.trim_end())
}
