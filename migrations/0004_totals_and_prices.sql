-- What a session sold, moved with each order that is paid or called off: drawing its picture does
-- not sum its orders again. One row a session that ever sold something.
CREATE TABLE live_totals (
    live_id      TEXT PRIMARY KEY REFERENCES lives (id),
    sold         BIGINT NOT NULL,            -- packs
    turnover_fen BIGINT NOT NULL
);
INSERT INTO live_totals (live_id, sold, turnover_fen)
    SELECT live_id, CAST(SUM(quantity) AS BIGINT), CAST(SUM(amount_fen) AS BIGINT) FROM orders
    WHERE live_id IS NOT NULL AND state IN ('waiting', 'confirmed', 'collected') GROUP BY live_id;
-- Every price a sale ever had, by version: what quotes are over. sales.price_fen is the newest.
CREATE TABLE sale_prices (
    sale_id     TEXT NOT NULL REFERENCES sales (id),
    version     BIGINT NOT NULL,             -- 1, 2, 3 …
    price_fen   BIGINT NOT NULL,             -- for the pack, in a group
    since       BIGINT NOT NULL,
    PRIMARY KEY (sale_id, version)
);
INSERT INTO sale_prices (sale_id, version, price_fen, since) SELECT id, 1, price_fen, starts_at FROM sales;
