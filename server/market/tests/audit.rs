//! The audit finds what does not add up: each line of tampering is found, by the rule that forbids it.
#![cfg(feature = "sql")]

mod common;

use common::{START, Village};
use market::{
    Clock, Lang,
    db::Db,
    order::{Method, Wanted},
    push::Subscription,
};
use std::collections::BTreeSet;

/// What is done behind the market's back, and a rule that must find it.
const TAMPERING: &[(&str, &str)] = &[
    (
        "UPDATE variants SET stock = stock + 1 WHERE id = (SELECT MIN(id) FROM variants)",
        "a shelf holds the sum",
    ),
    (
        "UPDATE sales SET stock = stock - 1 WHERE state = 'selling'",
        "a sale holds the sum",
    ),
    (
        "UPDATE sales SET quota = quota + 1 WHERE state = 'selling'",
        "a running sale's stock",
    ),
    (
        "UPDATE stock_movements SET holder_id = 'x' WHERE order_id IS NOT NULL",
        "a movement belongs",
    ),
    (
        "DELETE FROM stock_movements WHERE reason = 'hold'",
        "a living order holds its packs",
    ),
    ("UPDATE balances SET fen = fen + 1", "a balance is the sum"),
    ("DELETE FROM balances", "an entry belongs to a balance"),
    (
        "DELETE FROM balance_entries WHERE cause = 'pay'",
        "balances moved by exactly",
    ),
    (
        "UPDATE groups SET taken = taken + 1 WHERE joined > 0",
        "a group counts its seats",
    ),
    ("DELETE FROM group_seats", "a group's seats are"),
    (
        "UPDATE groups SET joined = joined + 1 WHERE joined > 0",
        "a group that did not fail",
    ),
    (
        "UPDATE groups SET state = 'formed' WHERE state = 'open'",
        "a group is formed exactly",
    ),
    ("UPDATE sale_shares SET quantity = quantity + 1", "a person's share"),
    (
        "UPDATE sales SET per_person = 1 WHERE state = 'selling'",
        "nobody has more",
    ),
    ("DELETE FROM sale_shares", "a sale's order has a share"),
    (
        "UPDATE groups SET state = 'failed' WHERE joined > 0",
        "an order stands as its group",
    ),
    (
        "UPDATE lives SET state = 'ended' WHERE state = 'live'",
        "an open group's sale is on",
    ),
    (
        "UPDATE sales SET live_id = (SELECT MIN(live_id) FROM sales)",
        "a session has at most one sale",
    ),
    (
        "UPDATE orders SET state = 'waiting' WHERE group_id IS NULL",
        "states are declared",
    ),
    ("UPDATE orders SET state = 'paid'", "states are declared"),
    (
        "UPDATE orders SET amount_fen = amount_fen - 1",
        "an order costs its packs",
    ),
    (
        "UPDATE payments SET state = 'closed' WHERE method = 'balance'",
        "a payment stands",
    ),
    ("DELETE FROM refunds", "what was paid for a called-off order"),
    ("UPDATE sale_rounds SET quota = quota + 1", "a sale's packs are those"),
    ("UPDATE sales SET withheld = withheld + 1", "a sale withholds"),
    ("UPDATE sales SET withheld = stock + 1", "nothing is sold of what"),
    ("UPDATE sale_rounds SET state = 'scheduled'", "a sale that sells"),
    ("UPDATE sale_rounds SET left_over = 0", "a round stands"),
    ("UPDATE live_totals SET sold = sold + 1", "what a session sold"),
    ("DELETE FROM live_totals", "a session's turnover"),
    ("UPDATE sales SET price_fen = price_fen + 1", "a sale's price"),
    (
        "UPDATE sale_prices SET price_fen = price_fen - 1",
        "an order in a sale has",
    ),
    ("UPDATE push_messages SET state = 'sent'", "a message to a browser"),
    ("UPDATE topics SET version = version + 1", "a topic's newest event"),
];

/// Runs one statement behind the market's back; how many rows it changed.
async fn tamper(db: &Db, sql: &str) -> u64 {
    match db {
        Db::Sqlite { write, .. } => {
            // SQLite would stop some of it: constraints are off for the one who tampers.
            let mut connection = write.acquire().await.unwrap();
            sqlx::query("PRAGMA foreign_keys = OFF")
                .execute(&mut *connection)
                .await
                .unwrap();
            sqlx::query(sql)
                .execute(&mut *connection)
                .await
                .unwrap()
                .rows_affected()
        }
        Db::Postgres(pool) => sqlx::query(sql).execute(pool).await.unwrap().rows_affected(),
    }
}

/// A village where every kind of thing has happened.
async fn busy(db: Db) -> Village {
    let village = Village::found(db, Clock::manual(START)).await;
    village.sale(30, 3, 3).await;
    let group = village.group().await;
    let (rich, cash) = (village.rich_shopper(1, 100_000).await, village.shopper(2).await);
    let paid = |wanted| Wanted {
        method: Method::Balance,
        ..wanted
    };
    village
        .place(&rich, paid(village.in_group(&group, 2, "seat")))
        .await
        .unwrap();
    village.join(&cash, &group).await;
    village.place(&rich, paid(village.solo(1, "shelf"))).await.unwrap();
    let off = village.place(&rich, paid(village.solo(1, "off"))).await.unwrap();
    village.market.cancel(&rich, &off.code).await.unwrap();
    let browser = Subscription {
        endpoint: "https://push.example/1".into(),
        p256dh: "BNcR".into(),
        auth: "tBHI".into(),
        lang: Lang::Zh,
    };
    village.market.subscribe(&cash, &browser).await.unwrap();
    let told = village.place(&cash, village.solo(1, "told")).await.unwrap();
    village.market.collect(&village.leader, &told.code).await.unwrap();
    village
}

#[tokio::test]
async fn every_rule_finds_what_breaks_it() {
    for (sql, rule) in TAMPERING {
        market::db::testing::each_db(|db| async move {
            let village = busy(db.clone()).await;
            assert_eq!(village.market.audit().await.unwrap(), vec![], "sound before");
            assert!(tamper(&db, sql).await > 0, "nothing changed by: {sql}");
            let violations = village.market.audit().await.unwrap();
            let found: BTreeSet<_> = violations.iter().map(|violation| violation.rule).collect();
            assert!(
                found.iter().any(|found| found.starts_with(rule)),
                "{sql}\nwas found by {found:?} only"
            );
        })
        .await;
    }
}
