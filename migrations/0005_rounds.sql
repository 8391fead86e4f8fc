-- 分批放货: a sale releases its packs in rounds, each with its own start, quota, price and words. What
-- a round leaves over is sold in the next one.
CREATE TABLE sale_rounds (
    sale_id     TEXT NOT NULL REFERENCES sales (id),
    number      BIGINT NOT NULL,             -- 1, 2, 3 …
    quota       BIGINT NOT NULL,             -- packs it releases
    price_fen   BIGINT NOT NULL,             -- for the pack, when it begins
    words       TEXT NOT NULL,               -- what the host says of it, or ""
    state       TEXT NOT NULL,               -- scheduled | selling | sold_out | ended
    starts_at   BIGINT NOT NULL,             -- when it is to begin
    began_at    BIGINT,                      -- when it did
    left_over   BIGINT,                      -- packs that nobody held when it closed
    PRIMARY KEY (sale_id, number)
);
CREATE INDEX sale_rounds_due ON sale_rounds (state, starts_at);
-- Of the sale's stock, what its later rounds will release: nobody can buy it yet.
ALTER TABLE sales ADD COLUMN withheld BIGINT NOT NULL DEFAULT 0 CHECK (withheld >= 0);
INSERT INTO sale_rounds (sale_id, number, quota, price_fen, words, state, starts_at, began_at, left_over)
    SELECT s.id, 1, s.quota, w.price_fen, '', 'selling', s.starts_at, s.starts_at, NULL
    FROM sales s JOIN sale_prices w ON w.sale_id = s.id AND w.version = 1 WHERE s.state = 'selling';
INSERT INTO sale_rounds (sale_id, number, quota, price_fen, words, state, starts_at, began_at, left_over)
    SELECT q.id, 1, q.quota, q.price_fen, '', CASE WHEN q.rest = 0 THEN 'sold_out' ELSE 'ended' END, q.starts_at, q.starts_at, q.rest
    FROM (SELECT s.id, s.quota, w.price_fen, s.starts_at, s.quota - (SELECT CAST(COALESCE(SUM(o.quantity), 0) AS BIGINT)
        FROM orders o WHERE o.sale_id = s.id AND o.state IN ('pending', 'waiting', 'confirmed', 'collected')) AS rest
        FROM sales s JOIN sale_prices w ON w.sale_id = s.id AND w.version = 1 WHERE s.state = 'ended') q;
