//! Sales as pages and the feed show them.

use super::{
    Round, SaleCard,
    store::{self, CardedRow, PictureRow, RoundRow},
};
use crate::{
    Error, LiveId, Market, Millis, Money, SaleId,
    db::Tx,
    group_buy::{self, Group},
    live_session::{self, GroupPicture, SalePicture},
};

/// Sales that are looked through for one product: more are never on at once.
const MOST_AT_ONCE: i64 = 200;

impl Market {
    /// The sale that is on in the session with this code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn current_sale(&self, live: &str) -> Result<Option<SalePicture>, Error> {
        let mut tx = self.db.read().await?;
        let Some(live) = live_session::id_of(&mut tx, live).await? else {
            return Ok(None);
        };
        current(self, &mut tx, &live, self.now()).await
    }

    /// The sales that are on in sessions on air, with their products; the one that ends first leads.
    /// A few queries, however many sales.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sales_today(&self, limit: i64) -> Result<Vec<SaleCard>, Error> {
        let mut tx = self.db.read().await?;
        let rows = store::cards_on(&mut tx, self.now(), limit).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let open = group_buy::fullest_on_air(&mut tx).await?;
        let rounds = store::rounds_of_open_sales(&mut tx).await?;
        let card = |row: CardedRow| {
            let groups = open
                .iter()
                .filter(|(sale, _)| *sale == row.sale.id)
                .map(|(_, group)| group.clone());
            let groups = groups.take(group_buy::SHOWN).collect();
            let rounds = rounds
                .iter()
                .filter(|round| round.sale_id == row.sale.id)
                .cloned()
                .collect();
            SaleCard {
                live_code: row.live_code,
                product: row.card.into(),
                sale: picture(row.sale, groups, rounds),
            }
        };
        Ok(rows.into_iter().map(card).collect())
    }

    /// The sale that is on for the product with this slug; the one that ends first, if there are two.
    pub async fn sale_of_product(&self, slug: &str) -> Result<Option<SaleCard>, Error> {
        Ok(self
            .sales_today(MOST_AT_ONCE)
            .await?
            .into_iter()
            .find(|sale| sale.product.slug == slug))
    }
}

impl Market {
    /// The price a group's sale has now, and the quote for it. With a quote that is live already
    /// (`shown`): the price that was shown and that quote.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn quoted(&self, group: &Group, shown: Option<&str>) -> Result<(Money, String), Error> {
        let now = self.now();
        let live = shown.and_then(|text| Some((self.read_quote(text)?, text)));
        if let Some((quote, text)) = live.filter(|(quote, _)| quote.sale == group.sale && now < quote.until) {
            return Ok((quote.price, text.to_owned()));
        }
        let newest = store::newest_price(&mut self.db.glance().await?, &group.sale).await?;
        let (price, version) = newest.unwrap_or((group.price, 0));
        Ok((price, self.quote(&group.sale, price, version, now)))
    }
}

/// The picture of the sale that is on in a session.
pub(crate) async fn current(
    market: &Market,
    tx: &mut Tx,
    live: &LiveId,
    now: Millis,
) -> Result<Option<SalePicture>, Error> {
    let Some(row) = store::picture_of_live(tx, live, now).await? else {
        return Ok(None);
    };
    let groups = group_buy::fullest(tx, &row.id).await?;
    let quote = market.quote(&row.id, row.price_fen, row.price_version, now);
    let rounds = store::rounds(tx, &row.id).await?;
    Ok(Some(SalePicture {
        quote: Some(quote),
        ..picture(row, groups, rounds)
    }))
}

/// The session's sale that has not ended, whether or not its time is over.
pub(crate) async fn running(tx: &mut Tx, live: &LiveId) -> Result<Option<SaleId>, Error> {
    store::selling_of_live(tx, live).await
}

fn picture(row: PictureRow, groups: Vec<GroupPicture>, rounds: Vec<RoundRow>) -> SalePicture {
    SalePicture {
        id: row.id,
        price: row.price_fen,
        solo: row.solo_fen,
        weight: row.weight_grams,
        quota: row.quota,
        released: row.quota - row.withheld,
        stock: row.stock - row.withheld,
        per_person: row.per_person,
        need: row.need,
        ends_at: row.ends_at,
        rounds: rounds.into_iter().map(Round::from).collect(),
        groups,
        formed: row.formed,
        quote: None,
    }
}
