-- +goose Up
CREATE TABLE account (
  name       TEXT PRIMARY KEY,
  role       TEXT NOT NULL,
  unit       TEXT NOT NULL, -- empty: everything
  hash       TEXT NOT NULL, -- argon2id
  disabled   SMALLINT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE session (
  digest     BYTEA PRIMARY KEY, -- SHA-256 of the cookie, never the cookie
  account    TEXT NOT NULL REFERENCES account (name),
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_account ON session (account);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE token (
  name       TEXT PRIMARY KEY,
  role       TEXT NOT NULL,
  unit       TEXT NOT NULL,
  digest     BYTEA NOT NULL UNIQUE, -- SHA-256 of the token, never the token
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);
