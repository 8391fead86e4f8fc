-- What a deployment agreed on once: the fingerprint of its secret, so that a server with another one
-- is told so instead of writing hashes that nobody else can compare.
CREATE TABLE settings (
    name        TEXT PRIMARY KEY,
    value       TEXT NOT NULL
);
-- A notice may be about a sale: 预约, 快开抢, 下一场.
ALTER TABLE notices ADD COLUMN sale_id TEXT;
CREATE INDEX notices_unread ON notices (person_id, read_at);
-- Where a person's browsers take messages (RFC 8030). The endpoint is a capability: whoever knows it
-- and the keys may send; it is in no log and no address.
CREATE TABLE push_subscriptions (
    id          TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES people (id),
    endpoint    TEXT NOT NULL UNIQUE,
    p256dh      TEXT NOT NULL,               -- the browser's public key, base64url (RFC 8291)
    auth        TEXT NOT NULL,               -- the secret they share, base64url
    lang        TEXT NOT NULL,               -- zh | en: what the lock screen reads
    created_at  BIGINT NOT NULL
);
CREATE INDEX push_subscriptions_person ON push_subscriptions (person_id);
-- A notice on its way to one browser: written with the notice. `due_at` moves when a server takes it,
-- so that two do not send it at once. Settled rows stay: they are what somebody was sent.
CREATE TABLE push_messages (
    id              TEXT PRIMARY KEY,
    person_id       TEXT NOT NULL REFERENCES people (id),
    subscription_id TEXT NOT NULL,           -- the subscription may be gone
    notice_id       TEXT NOT NULL REFERENCES notices (id),
    state           TEXT NOT NULL,           -- waiting | sent | given_up
    tries           BIGINT NOT NULL,
    due_at          BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    settled_at      BIGINT,
    UNIQUE (subscription_id, notice_id)
);
CREATE INDEX push_messages_due ON push_messages (state, due_at);
CREATE INDEX push_messages_person ON push_messages (person_id, settled_at);
