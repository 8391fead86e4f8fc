//! The audit's SQL: each rule is a query for the rows that break it. It reads all slices' tables,
//! which nothing else may: checking what belongs together across slices is what it is for.

use crate::{
    Error,
    db::{Tx, on},
};

/// A row that breaks a rule.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Broken {
    pub(super) subject: String,
    pub(super) expected: i64,
    pub(super) found: i64,
}

/// A query over `$inner`, which gives subject, expected and found.
macro_rules! differs {
    ($inner:literal) => {
        concat!(
            "SELECT subject, expected, found FROM (",
            $inner,
            ") q WHERE expected <> found ORDER BY subject LIMIT 100"
        )
    };
}
/// A query for rows that must not exist: `$from` names the subject's table and the condition.
macro_rules! none {
    ($subject:literal, $from:literal) => {
        concat!(
            "SELECT ",
            $subject,
            " AS subject, CAST(0 AS BIGINT) AS expected, CAST(1 AS BIGINT) AS found FROM ",
            $from,
            " ORDER BY 1 LIMIT 100"
        )
    };
}

/// Every rule with the query for what breaks it.
pub(super) const RULES: &[(&str, &str)] = &[
    (
        "a shelf holds the sum of its movements",
        differs!(
            "SELECT v.id AS subject, v.stock AS found, (SELECT CAST(COALESCE(SUM(m.delta), 0) AS BIGINT) \
             FROM stock_movements m WHERE m.holder = 'variant' AND m.holder_id = v.id) AS expected FROM variants v"
        ),
    ),
    (
        "a sale holds the sum of its movements",
        differs!(
            "SELECT s.id AS subject, s.stock AS found, (SELECT CAST(COALESCE(SUM(m.delta), 0) AS BIGINT) \
             FROM stock_movements m WHERE m.holder = 'sale' AND m.holder_id = s.id) AS expected FROM sales s"
        ),
    ),
    (
        "a movement belongs to a shelf or a sale that exists",
        none!(
            "m.id",
            "stock_movements m WHERE NOT EXISTS (SELECT 1 FROM variants v WHERE m.holder = 'variant' AND v.id = m.holder_id) \
             AND NOT EXISTS (SELECT 1 FROM sales s WHERE m.holder = 'sale' AND s.id = m.holder_id)"
        ),
    ),
    (
        "a running sale's stock and its living orders are its quota; an ended sale keeps nothing",
        differs!(
            "SELECT s.id AS subject, CASE WHEN s.state <> 'ended' THEN s.quota - \
             (SELECT CAST(COALESCE(SUM(o.quantity), 0) AS BIGINT) FROM orders o WHERE o.sale_id = s.id \
              AND o.state IN ('pending', 'waiting', 'confirmed', 'collected')) ELSE CAST(0 AS BIGINT) END AS expected, \
             s.stock AS found FROM sales s"
        ),
    ),
    (
        "a sale's packs are those of its rounds",
        differs!(
            "SELECT s.id AS subject, s.quota AS found, (SELECT CAST(COALESCE(SUM(r.quota), 0) AS BIGINT) \
             FROM sale_rounds r WHERE r.sale_id = s.id) AS expected FROM sales s"
        ),
    ),
    (
        "a sale withholds what its later rounds will release",
        differs!(
            "SELECT s.id AS subject, s.withheld AS found, (SELECT CAST(COALESCE(SUM(r.quota), 0) AS BIGINT) \
             FROM sale_rounds r WHERE r.sale_id = s.id AND r.state = 'scheduled') AS expected FROM sales s"
        ),
    ),
    (
        "nothing is sold of what a sale withholds",
        none!("s.id", "sales s WHERE s.stock < s.withheld"),
    ),
    (
        "a sale that sells does so in one round, and no other does",
        differs!(
            "SELECT s.id AS subject, CASE s.state WHEN 'selling' THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS expected, \
             (SELECT COUNT(*) FROM sale_rounds r WHERE r.sale_id = s.id AND r.state = 'selling') AS found FROM sales s"
        ),
    ),
    (
        "a round stands as its times and its rest say, after those before it",
        none!(
            "r.sale_id",
            "sale_rounds r WHERE r.state NOT IN ('scheduled', 'selling', 'sold_out', 'ended') \
             OR (r.state IN ('sold_out', 'ended')) <> (r.left_over IS NOT NULL) \
             OR (r.state = 'sold_out') <> (COALESCE(r.left_over, 1) = 0) \
             OR (r.state = 'scheduled' AND r.began_at IS NOT NULL) OR (r.state IN ('selling', 'sold_out') AND r.began_at IS NULL) \
             OR (r.state <> 'scheduled' AND EXISTS (SELECT 1 FROM sale_rounds q WHERE q.sale_id = r.sale_id \
             AND q.number < r.number AND q.state IN ('scheduled', 'selling')))"
        ),
    ),
    (
        "a living order holds its packs, a closed one none",
        differs!(
            "SELECT o.code AS subject, CASE WHEN o.state IN ('pending', 'waiting', 'confirmed', 'collected') \
             THEN -o.quantity ELSE CAST(0 AS BIGINT) END AS expected, \
             COALESCE(m.total, CAST(0 AS BIGINT)) AS found FROM orders o LEFT JOIN \
             (SELECT order_id, CAST(SUM(delta) AS BIGINT) AS total FROM stock_movements WHERE order_id IS NOT NULL \
              GROUP BY order_id) m ON m.order_id = o.id"
        ),
    ),
    (
        "a balance is the sum of its entries",
        differs!(
            "SELECT b.person_id AS subject, b.fen AS found, (SELECT CAST(COALESCE(SUM(e.delta_fen), 0) AS BIGINT) \
             FROM balance_entries e WHERE e.person_id = b.person_id) AS expected FROM balances b"
        ),
    ),
    (
        "an entry belongs to a balance",
        none!(
            "e.id",
            "balance_entries e WHERE NOT EXISTS (SELECT 1 FROM balances b WHERE b.person_id = e.person_id)"
        ),
    ),
    (
        "a group counts its seats",
        differs!(
            "SELECT g.code AS subject, g.taken AS found, \
             (SELECT COUNT(*) FROM group_seats s WHERE s.group_id = g.id) AS expected FROM groups g"
        ),
    ),
    (
        "a group's seats are its living orders",
        differs!(
            "SELECT g.code AS subject, (SELECT COUNT(*) FROM orders o WHERE o.group_id = g.id \
             AND o.state IN ('pending', 'waiting', 'confirmed', 'collected')) AS expected, \
             (SELECT COUNT(*) FROM group_seats s JOIN orders o ON o.id = s.order_id AND o.group_id = s.group_id \
              AND o.shopper_id = s.person_id WHERE s.group_id = g.id \
              AND o.state IN ('pending', 'waiting', 'confirmed', 'collected')) AS found FROM groups g"
        ),
    ),
    (
        "a group that did not fail counts its paid orders as joined",
        differs!(
            "SELECT g.code AS subject, g.joined AS found, (SELECT COUNT(*) FROM orders o WHERE o.group_id = g.id \
             AND o.state IN ('waiting', 'confirmed', 'collected')) AS expected FROM groups g WHERE g.state <> 'failed'"
        ),
    ),
    (
        "a group is formed exactly when everybody it needs has joined, and never overfull",
        none!(
            "g.code",
            "groups g WHERE g.taken > g.need OR g.joined > g.need OR (g.state = 'formed' AND g.joined < g.need) \
             OR (g.state = 'open' AND g.joined >= g.need)"
        ),
    ),
    (
        "a person's share in a sale is their living orders, within the limit",
        differs!(
            "SELECT h.sale_id AS subject, h.quantity AS found, (SELECT CAST(COALESCE(SUM(o.quantity), 0) AS BIGINT) \
             FROM orders o WHERE o.sale_id = h.sale_id AND o.shopper_id = h.person_id \
             AND o.state IN ('pending', 'waiting', 'confirmed', 'collected')) AS expected FROM sale_shares h"
        ),
    ),
    (
        "nobody has more of a sale than its limit",
        none!(
            "h.sale_id",
            "sale_shares h JOIN sales s ON s.id = h.sale_id WHERE h.quantity > s.per_person"
        ),
    ),
    (
        "a sale's order has a share",
        none!(
            "o.code",
            "orders o WHERE o.sale_id IS NOT NULL AND o.state IN ('pending', 'waiting', 'confirmed', 'collected') \
             AND NOT EXISTS (SELECT 1 FROM sale_shares h WHERE h.sale_id = o.sale_id AND h.person_id = o.shopper_id)"
        ),
    ),
    (
        "an order stands as its group does",
        none!(
            "o.code",
            "orders o JOIN groups g ON g.id = o.group_id WHERE \
             (o.state IN ('pending', 'waiting') AND g.state <> 'open') OR \
             (o.state IN ('confirmed', 'collected') AND g.state <> 'formed')"
        ),
    ),
    (
        "an open group's sale is on, and that sale's session is on air",
        none!(
            "g.code",
            "groups g JOIN sales s ON s.id = g.sale_id JOIN lives l ON l.id = s.live_id \
             WHERE g.state = 'open' AND (s.state <> 'selling' OR l.state <> 'live')"
        ),
    ),
    (
        "a session has at most one sale",
        differs!(
            "SELECT l.code AS subject, CAST(1 AS BIGINT) AS expected, COUNT(*) AS found FROM sales s \
             JOIN lives l ON l.id = s.live_id WHERE s.state <> 'ended' GROUP BY l.code"
        ),
    ),
    (
        "states are declared ones, with the times that belong to them",
        none!(
            "o.code",
            "orders o WHERE o.state NOT IN ('pending', 'waiting', 'confirmed', 'collected', 'expired', 'cancelled') \
             OR (o.state = 'pending') <> (o.hold_until IS NOT NULL AND o.closed_at IS NULL) \
             OR (o.state IN ('confirmed', 'collected')) <> (o.confirmed_at IS NOT NULL AND o.closed_at IS NULL) \
             OR (o.state = 'collected') <> (o.collected_at IS NOT NULL) \
             OR (o.state IN ('expired', 'cancelled')) <> (o.closed_at IS NOT NULL) \
             OR (o.state = 'cancelled') <> (o.reason IS NOT NULL) \
             OR (o.state = 'waiting' AND o.group_id IS NULL)"
        ),
    ),
    (
        "an order costs its packs, and its payment is over that",
        none!(
            "o.code",
            "orders o LEFT JOIN payments y ON y.order_id = o.id WHERE o.amount_fen <> o.unit_fen * o.quantity \
             OR y.id IS NULL OR y.amount_fen <> o.amount_fen OR y.method <> o.method"
        ),
    ),
    (
        "a payment stands as its order does",
        none!(
            "o.code",
            "orders o JOIN payments y ON y.order_id = o.id WHERE \
             (o.state = 'pending' AND y.state <> 'created') OR (o.state = 'expired' AND y.state <> 'closed') \
             OR (o.state = 'collected' AND y.state <> 'paid') OR (o.state = 'cancelled' AND y.state = 'created') \
             OR (o.state IN ('waiting', 'confirmed') AND y.state <> CASE o.method WHEN 'balance' THEN 'paid' ELSE 'created' END)"
        ),
    ),
    (
        "what was paid for a called-off order went back, and nothing else did",
        differs!(
            "SELECT o.code AS subject, CASE WHEN o.state = 'cancelled' AND y.state = 'paid' THEN o.amount_fen \
             ELSE CAST(0 AS BIGINT) END AS expected, (SELECT CAST(COALESCE(SUM(r.amount_fen), 0) AS BIGINT) \
             FROM refunds r WHERE r.order_id = o.id AND r.state = 'succeeded') AS found \
             FROM orders o JOIN payments y ON y.order_id = o.id"
        ),
    ),
    (
        "balances moved by exactly what was paid from them and paid back",
        differs!(
            "SELECT o.code AS subject, CASE WHEN o.method = 'balance' AND y.state = 'paid' AND o.state <> 'cancelled' \
             THEN -o.amount_fen ELSE CAST(0 AS BIGINT) END AS expected, \
             (SELECT CAST(COALESCE(SUM(e.delta_fen), 0) AS BIGINT) FROM balance_entries e \
              WHERE e.cause IN ('pay', 'refund') AND e.cause_id = o.id AND e.person_id = o.shopper_id) AS found \
             FROM orders o JOIN payments y ON y.order_id = o.id"
        ),
    ),
    (
        "what a session sold is the sum of its orders that are paid or agreed",
        differs!(
            "SELECT l.code AS subject, COALESCE(t.sold, CAST(0 AS BIGINT)) AS found, \
             (SELECT CAST(COALESCE(SUM(o.quantity), 0) AS BIGINT) FROM orders o WHERE o.live_id = l.id \
              AND o.state IN ('waiting', 'confirmed', 'collected')) AS expected \
             FROM lives l LEFT JOIN live_totals t ON t.live_id = l.id"
        ),
    ),
    (
        "a session's turnover is the sum of the same orders",
        differs!(
            "SELECT l.code AS subject, COALESCE(t.turnover_fen, CAST(0 AS BIGINT)) AS found, \
             (SELECT CAST(COALESCE(SUM(o.amount_fen), 0) AS BIGINT) FROM orders o WHERE o.live_id = l.id \
              AND o.state IN ('waiting', 'confirmed', 'collected')) AS expected \
             FROM lives l LEFT JOIN live_totals t ON t.live_id = l.id"
        ),
    ),
    (
        "an order in a sale has a price that its sale had",
        none!(
            "o.code",
            "orders o WHERE o.sale_id IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM sale_prices w WHERE w.sale_id = o.sale_id AND w.price_fen = o.unit_fen)"
        ),
    ),
    (
        "a sale's price is the newest that was written down",
        differs!(
            "SELECT s.id AS subject, s.price_fen AS found, COALESCE((SELECT w.price_fen FROM sale_prices w \
             WHERE w.sale_id = s.id ORDER BY w.version DESC LIMIT 1), CAST(0 AS BIGINT)) AS expected FROM sales s"
        ),
    ),
    (
        "a message to a browser tells its person's notice, and is settled or waits",
        none!(
            "m.id",
            "push_messages m LEFT JOIN notices n ON n.id = m.notice_id WHERE n.id IS NULL OR n.person_id <> m.person_id \
             OR m.state NOT IN ('waiting', 'sent', 'given_up') OR (m.state = 'waiting') <> (m.settled_at IS NULL)"
        ),
    ),
    (
        "a topic's newest event is its version",
        differs!(
            "SELECT t.topic AS subject, t.version AS expected, \
             (SELECT COALESCE(MAX(e.version), CAST(0 AS BIGINT)) FROM events e WHERE e.topic = t.topic) AS found FROM topics t"
        ),
    ),
];

/// The rows that break a rule, at most 100.
pub(super) async fn broken(tx: &mut Tx, sql: &'static str) -> Result<Vec<Broken>, Error> {
    Ok(on!(tx, c => sqlx::query_as::<_, Broken>(sql).fetch_all(c))?)
}
