//! The demonstration village as a fixture: real farms, people and goods on an empty database, and a
//! clock that only the test moves.
#![allow(dead_code)] // each test file uses its part

use market::{
    Clock, Error, Market, Millis, Refusal,
    db::{Db, testing::each_db},
    demo,
    people::Person,
};
use std::future::Future;

/// 2026-11-22 14:00 in the village.
pub const START: Millis = Millis(1_795_327_200_000);
/// A shopper who is in no group.
pub const HE: &str = "13800000021";
pub const ZHAO: &str = "13800000022";
pub const CHEN: &str = "13800000001";
pub const WANG: &str = "13800000002";
pub const LI: &str = "13800000011";
pub const OPERATOR: &str = "13800000091";

/// Runs `test` with an empty market on each database; its books must balance afterwards.
pub async fn each_market<F, Done>(test: F)
where
    F: Fn(Market) -> Done,
    Done: Future<Output = ()>,
{
    each_db(|db| async {
        let market = Market::new(db, Clock::manual(START), b"a secret of tests");
        test(market.clone()).await;
        assert_eq!(market.audit().await.expect("the books can be read"), []);
    })
    .await;
}

/// The same with the village in it.
pub async fn each_village<F, Done>(test: F)
where
    F: Fn(Market) -> Done,
    Done: Future<Output = ()>,
{
    each_market(|market| async {
        demo::fill(&market).await.expect("the village is made");
        test(market).await;
    })
    .await;
}

/// Whoever has this phone, by signing in.
pub async fn sign_in(market: &Market, phone: &str) -> Person {
    let sent = market.request_code(phone, "192.0.2.1").await.expect("a code is sent");
    market.sign_in(phone, &sent.code).await.expect("the code is right")
}

/// What was refused.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// Runs a statement behind the market's back.
pub async fn tamper(market: &Market, sql: &str) -> u64 {
    match market.db() {
        Db::Sqlite { write, .. } => sqlx::query(sql).execute(write).await.map(|done| done.rows_affected()),
        Db::Postgres(pool) => sqlx::query(sql).execute(pool).await.map(|done| done.rows_affected()),
    }
    .expect("the statement runs")
}

/// One column of text, read behind the market's back.
pub async fn texts(market: &Market, sql: &str) -> Vec<String> {
    match market.db() {
        Db::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_all(read).await,
        Db::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await,
    }
    .expect("the statement runs")
}
