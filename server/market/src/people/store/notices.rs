//! All SQL on notices.

use super::super::{Notice, NoticeKind};
use crate::{
    Bilingual, Millis, OrderId, PersonId, SaleId,
    db::{Tx, many::write_many, on, rows},
};

/// A notice names its order or its sale by code and product: one query for the page, reading only.
const NOTICES: &str = "SELECT n.kind, n.created_at, n.read_at, o.code AS order_code, l.code AS live_code, p.name_zh, p.name_en \
     FROM notices n LEFT JOIN orders o ON o.id = n.order_id LEFT JOIN sales s ON s.id = n.sale_id \
     LEFT JOIN lives l ON l.id = s.live_id LEFT JOIN variants v ON v.id = COALESCE(o.variant_id, s.variant_id) \
     LEFT JOIN products p ON p.id = v.product_id \
     WHERE n.person_id = $1 ORDER BY n.created_at DESC, n.id DESC LIMIT $2";
const ADD_NOTICES: &str = "INSERT INTO notices (id, person_id, kind, order_id, sale_id, created_at) VALUES";
const COUNT_UNREAD: &str = "SELECT COUNT(*) FROM notices WHERE person_id = $1 AND read_at IS NULL";
const MARK_READ: &str = "UPDATE notices SET read_at = $2 WHERE person_id = $1 AND read_at IS NULL AND created_at <= $3";

#[derive(sqlx::FromRow)]
struct NoticeRow {
    #[sqlx(try_from = "String")]
    kind: NoticeKind,
    created_at: Millis,
    read_at: Option<Millis>,
    order_code: Option<String>,
    live_code: Option<String>,
    name_zh: Option<String>,
    name_en: Option<String>,
}

pub(in crate::people) async fn notices(tx: &mut Tx, person: &PersonId, limit: i64) -> sqlx::Result<Vec<Notice>> {
    let found: Vec<NoticeRow> = on!(tx, c => sqlx::query_as(NOTICES).bind(person).bind(limit).fetch_all(c))?;
    let notice = |row: NoticeRow| {
        let name = Bilingual::new(row.name_zh.unwrap_or_default(), row.name_en.unwrap_or_default());
        Notice {
            kind: row.kind,
            order: row.order_code.map(|code| (code, name.clone())),
            live: row.live_code.map(|code| (code, name)),
            at: row.created_at,
            unread: row.read_at.is_none(),
        }
    };
    Ok(found.into_iter().map(notice).collect())
}

/// A notice that is told now.
pub(in crate::people) struct NewNotice<'a> {
    pub(in crate::people) id: String,
    pub(in crate::people) person: &'a PersonId,
    pub(in crate::people) kind: NoticeKind,
    pub(in crate::people) order: Option<&'a OrderId>,
    pub(in crate::people) sale: Option<&'a SaleId>,
}

pub(in crate::people) async fn add(tx: &mut Tx, notices: &[NewNotice<'_>], now: Millis) -> sqlx::Result<()> {
    write_many!(tx, ADD_NOTICES, 6, "", notices, |query, notice| query
        .bind(&notice.id)
        .bind(notice.person)
        .bind(notice.kind.as_str())
        .bind(notice.order)
        .bind(notice.sale)
        .bind(now));
    Ok(())
}

pub(in crate::people) async fn count_unread(tx: &mut Tx, person: &PersonId) -> sqlx::Result<i64> {
    on!(tx, c => sqlx::query_scalar(COUNT_UNREAD).bind(person).fetch_one(c))
}

/// What was told until `until` is read; what came since was not seen.
pub(in crate::people) async fn mark_read(
    tx: &mut Tx,
    person: &PersonId,
    until: Millis,
    now: Millis,
) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(MARK_READ).bind(person).bind(now).bind(until))
}
