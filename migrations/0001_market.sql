-- The market's tables, in the subset that SQLite and PostgreSQL share: ids are UUIDv7 text made by
-- the program, money is fen, weight is grams, time is milliseconds since 1970 (UTC), states are text
-- that the program parses into enums. No defaults made by the database. Append only: a later change
-- is a new file that first expands, then contracts.

-- ---- people --------------------------------------------------------------------------------
CREATE TABLE people (
    id          TEXT PRIMARY KEY,
    phone       TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE TABLE roles (
    person_id   TEXT NOT NULL REFERENCES people (id),
    role        TEXT NOT NULL,               -- farmer | leader | steward | operator (everybody is a shopper)
    PRIMARY KEY (person_id, role)
);
-- One-time codes: only their keyed hash is kept. `phone_hash`, `address_hash` are keyed hashes too.
CREATE TABLE sign_in_codes (
    id           TEXT PRIMARY KEY,
    phone_hash   TEXT NOT NULL,
    address_hash TEXT NOT NULL,
    code_hash    TEXT NOT NULL,
    tries        BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT
);
CREATE INDEX sign_in_codes_phone ON sign_in_codes (phone_hash, created_at);
CREATE INDEX sign_in_codes_address ON sign_in_codes (address_hash, created_at);
-- What members are told: the words are made when read, in the reader's language.
CREATE TABLE notices (
    id          TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES people (id),
    kind        TEXT NOT NULL,               -- group_formed | group_failed | hold_lapsed | order_collected
    order_id    TEXT,
    created_at  BIGINT NOT NULL,
    read_at     BIGINT
);
CREATE INDEX notices_person ON notices (person_id, created_at);

-- ---- communities ---------------------------------------------------------------------------
CREATE TABLE communities (
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    name_zh     TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    leader_id   TEXT NOT NULL REFERENCES people (id)
);
CREATE TABLE pickup_points (
    id           TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES communities (id),
    name_zh      TEXT NOT NULL,
    name_en      TEXT NOT NULL,
    address_zh   TEXT NOT NULL,
    address_en   TEXT NOT NULL,
    opens_minute  BIGINT NOT NULL,           -- minutes after midnight, local time
    closes_minute BIGINT NOT NULL
);

-- ---- farms, catalog ------------------------------------------------------------------------
CREATE TABLE farms (
    id          TEXT PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE,
    farmer_id   TEXT NOT NULL REFERENCES people (id),
    name_zh     TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    place_zh    TEXT NOT NULL,
    place_en    TEXT NOT NULL,
    about_zh    TEXT NOT NULL,
    about_en    TEXT NOT NULL,
    portrait    TEXT NOT NULL                -- path of a picture under /img, or /photo/{id}
);
CREATE TABLE products (
    id          TEXT PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE,
    farm_id     TEXT NOT NULL REFERENCES farms (id),
    category    TEXT NOT NULL,               -- produce | grain_oil | daily
    name_zh     TEXT NOT NULL,
    name_en     TEXT NOT NULL,
    about_zh    TEXT NOT NULL,
    about_en    TEXT NOT NULL,
    promise_zh  TEXT NOT NULL,               -- the after-sale promise (R4): never empty
    promise_en  TEXT NOT NULL,
    photo       TEXT NOT NULL,               -- picture's base name under /img ("strawberry") or /photo/{id}
    photo_kind  TEXT NOT NULL,               -- demonstration | real
    search_text TEXT NOT NULL,               -- names, pinyin and initials, lower case
    sort        BIGINT NOT NULL
);
CREATE INDEX products_category ON products (category, sort);
-- 规格: what is sold, with its own price and stock. level = sum of its stock movements.
CREATE TABLE variants (
    id          TEXT PRIMARY KEY,
    product_id  TEXT NOT NULL REFERENCES products (id),
    name_zh     TEXT NOT NULL,               -- 3 斤礼盒
    name_en     TEXT NOT NULL,
    weight_grams BIGINT NOT NULL,
    price_fen   BIGINT NOT NULL,             -- for the pack
    stock       BIGINT NOT NULL CHECK (stock >= 0)
);
CREATE INDEX variants_product ON variants (product_id);
-- Append-only. A movement belongs to one holder: a variant's shelf or a sale's allotment.
CREATE TABLE stock_movements (
    id          TEXT PRIMARY KEY,
    holder      TEXT NOT NULL,               -- variant | sale
    holder_id   TEXT NOT NULL,
    delta       BIGINT NOT NULL,
    reason      TEXT NOT NULL,               -- receive | allot | return | hold | release
    order_id    TEXT,
    created_at  BIGINT NOT NULL
);
CREATE INDEX stock_movements_holder ON stock_movements (holder, holder_id);

-- ---- lives and sales -----------------------------------------------------------------------
CREATE TABLE lives (
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    farm_id     TEXT NOT NULL REFERENCES farms (id),
    host_id     TEXT NOT NULL REFERENCES people (id),
    title_zh    TEXT NOT NULL,
    title_en    TEXT NOT NULL,
    photo       TEXT NOT NULL,
    state       TEXT NOT NULL,               -- scheduled | live | ended
    starts_at   BIGINT NOT NULL,
    started_at  BIGINT,
    ended_at    BIGINT,
    pinned_variant_id TEXT REFERENCES variants (id)
);
CREATE INDEX lives_state ON lives (state, starts_at);
CREATE TABLE sales (                          -- 秒杀: one variant, one live, one price, groups of `need` people
    id          TEXT PRIMARY KEY,
    live_id     TEXT NOT NULL REFERENCES lives (id),
    variant_id  TEXT NOT NULL REFERENCES variants (id),
    price_fen   BIGINT NOT NULL,             -- for the pack, in a group
    solo_fen    BIGINT NOT NULL,             -- the pack's price outside the sale when it began
    quota       BIGINT NOT NULL,
    stock       BIGINT NOT NULL CHECK (stock >= 0),
    per_person  BIGINT NOT NULL,
    need        BIGINT NOT NULL,
    state       TEXT NOT NULL,               -- selling | ended
    starts_at   BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL
);
CREATE INDEX sales_live ON sales (live_id, state);
CREATE INDEX sales_due ON sales (state, ends_at);
CREATE INDEX sales_variant ON sales (variant_id, state);
CREATE TABLE groups (                         -- 拼团
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    sale_id     TEXT NOT NULL REFERENCES sales (id),
    leader_id   TEXT NOT NULL REFERENCES people (id),
    pickup_point_id TEXT NOT NULL REFERENCES pickup_points (id),
    need        BIGINT NOT NULL,
    taken       BIGINT NOT NULL CHECK (taken >= 0), -- seats held or paid
    joined      BIGINT NOT NULL,             -- seats paid (cash on pick-up counts: the leader collects it)
    state       TEXT NOT NULL,               -- open | formed | failed
    deadline    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    settled_at  BIGINT
);
CREATE INDEX groups_sale ON groups (sale_id, state);
CREATE INDEX groups_due ON groups (state, deadline);
CREATE INDEX groups_leader ON groups (leader_id, created_at);
-- How much a person holds or bought in a sale, under the sale's limit; one row a person and sale.
CREATE TABLE sale_shares (
    sale_id     TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    quantity    BIGINT NOT NULL CHECK (quantity >= 0),
    PRIMARY KEY (sale_id, person_id)
);

-- ---- orders, money -------------------------------------------------------------------------
CREATE TABLE orders (
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,        -- what people read out: not the id
    shopper_id  TEXT NOT NULL REFERENCES people (id),
    request_id  TEXT NOT NULL,               -- idempotency key, unique per shopper
    request_hash TEXT NOT NULL,              -- what was asked with that key
    state       TEXT NOT NULL,               -- pending | waiting | confirmed | collected | expired | cancelled
    reason      TEXT,                        -- why cancelled: group_failed | by_shopper | group_full
    variant_id  TEXT NOT NULL REFERENCES variants (id),
    sale_id     TEXT REFERENCES sales (id),
    group_id    TEXT REFERENCES groups (id),
    live_id     TEXT REFERENCES lives (id),
    leader_id   TEXT REFERENCES people (id),
    pickup_point_id TEXT NOT NULL REFERENCES pickup_points (id),
    pickup_code TEXT NOT NULL,
    quantity    BIGINT NOT NULL,
    unit_fen    BIGINT NOT NULL,
    amount_fen  BIGINT NOT NULL,
    method      TEXT NOT NULL,               -- cash | balance
    hold_until  BIGINT,
    placed_at   BIGINT NOT NULL,
    paid_at     BIGINT,
    confirmed_at BIGINT,
    collected_at BIGINT,
    closed_at   BIGINT,
    UNIQUE (shopper_id, request_id)
);
CREATE INDEX orders_shopper ON orders (shopper_id, placed_at);
CREATE INDEX orders_group ON orders (group_id, state);
CREATE INDEX orders_leader ON orders (leader_id, state);
CREATE INDEX orders_due ON orders (state, hold_until);
CREATE INDEX orders_live ON orders (live_id, placed_at);
-- One group, one seat a person, while the order lives.
CREATE TABLE group_seats (
    group_id    TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    order_id    TEXT NOT NULL,
    PRIMARY KEY (group_id, person_id)
);
CREATE TABLE payments (
    id          TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL UNIQUE REFERENCES orders (id),
    method      TEXT NOT NULL,
    amount_fen  BIGINT NOT NULL,
    state       TEXT NOT NULL,               -- created | paid | closed
    created_at  BIGINT NOT NULL,
    settled_at  BIGINT
);
CREATE TABLE refunds (
    id          TEXT PRIMARY KEY,
    order_id    TEXT NOT NULL REFERENCES orders (id),
    number      BIGINT NOT NULL,
    amount_fen  BIGINT NOT NULL,
    state       TEXT NOT NULL,               -- requested | approved | submitted | succeeded | failed
    created_at  BIGINT NOT NULL,
    settled_at  BIGINT,
    UNIQUE (order_id, number)
);
-- Stored value. level = sum of entries; an entry is written once per cause.
CREATE TABLE balances (
    person_id   TEXT PRIMARY KEY REFERENCES people (id),
    fen         BIGINT NOT NULL CHECK (fen >= 0)
);
CREATE TABLE balance_entries (
    id          TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES people (id),
    delta_fen   BIGINT NOT NULL,
    cause       TEXT NOT NULL,               -- gift | pay | refund
    cause_id    TEXT NOT NULL,               -- the order, or the gift's own name
    created_at  BIGINT NOT NULL,
    UNIQUE (cause, cause_id)
);
CREATE INDEX balance_entries_person ON balance_entries (person_id, created_at);

-- ---- trace, stories ------------------------------------------------------------------------
CREATE TABLE batches (
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    product_id  TEXT NOT NULL REFERENCES products (id),
    harvested_at BIGINT NOT NULL,
    weight_grams BIGINT NOT NULL,
    head_hash   TEXT NOT NULL,               -- hash of the last event of the chain, "" when there is none
    length      BIGINT NOT NULL              -- events in the chain
);
CREATE INDEX batches_product ON batches (product_id, harvested_at);
-- Hash chain: hash = SHA-256(prev_hash || canonical facts). Never updated.
CREATE TABLE trace_events (
    batch_id    TEXT NOT NULL REFERENCES batches (id),
    position    BIGINT NOT NULL,             -- 1, 2, 3 …
    prev_hash   TEXT NOT NULL,
    hash        TEXT NOT NULL,
    facts       TEXT NOT NULL,               -- canonical JSON, exactly the bytes that were hashed
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (batch_id, position)
);
CREATE TABLE stories (
    id          TEXT PRIMARY KEY,
    slug        TEXT NOT NULL UNIQUE,
    farm_id     TEXT NOT NULL REFERENCES farms (id),
    product_id  TEXT NOT NULL REFERENCES products (id),
    title_zh    TEXT NOT NULL,
    title_en    TEXT NOT NULL,
    byline_zh   TEXT NOT NULL,
    byline_en   TEXT NOT NULL,
    body_zh     TEXT NOT NULL,               -- paragraphs parted by a blank line; "> " opens a quotation
    body_en     TEXT NOT NULL,
    photo       TEXT NOT NULL,
    photo_foot  TEXT NOT NULL,
    foot_zh     TEXT NOT NULL,
    foot_en     TEXT NOT NULL,
    published_at BIGINT NOT NULL
);

-- ---- pictures people upload ----------------------------------------------------------------
-- `bytes` is base64: the one column type both databases share for it.
CREATE TABLE photos (
    id          TEXT PRIMARY KEY,
    owner_id    TEXT NOT NULL REFERENCES people (id),
    media_type  TEXT NOT NULL,
    width       BIGINT NOT NULL,
    height      BIGINT NOT NULL,
    bytes       TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

-- ---- the feed ------------------------------------------------------------------------------
-- A topic ("live:ABC") has one version, moved in the transaction that changes the world; the event
-- is the whole small public picture at that version, never a delta.
CREATE TABLE topics (
    topic       TEXT PRIMARY KEY,
    version     BIGINT NOT NULL
);
CREATE TABLE events (
    topic       TEXT NOT NULL,
    version     BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    picture     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (topic, version)
);
