-- What lets a person's program act for them. Of the token only a hash is kept: it is shown once.
CREATE TABLE api_tokens (
    id           TEXT PRIMARY KEY,
    person_id    TEXT NOT NULL REFERENCES people (id),
    name         TEXT NOT NULL,               -- the program's, as its owner calls it
    scopes       TEXT NOT NULL,               -- parted by blanks: "catalog:read orders:write"
    secret_hash  TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX api_tokens_person ON api_tokens (person_id, created_at);
