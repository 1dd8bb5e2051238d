-- Both engines read this file. Times are milliseconds since 1970 UTC, days are
-- days since 1970, truth values are 0 and 1.

-- +goose Up
CREATE TABLE unit (
  code       TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  -- Deferred: an import may name a child before its parent.
  parent     TEXT REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED,
  valid_from INTEGER NOT NULL,
  valid_to   INTEGER NOT NULL,
  CHECK (valid_from <= valid_to)
);

CREATE TABLE succession (
  from_unit   TEXT NOT NULL REFERENCES unit (code),
  to_unit     TEXT NOT NULL REFERENCES unit (code),
  whole       SMALLINT NOT NULL,
  on_day      INTEGER NOT NULL,
  legal_basis TEXT NOT NULL,
  PRIMARY KEY (from_unit, to_unit)
);

CREATE TABLE service (
  code  TEXT PRIMARY KEY,
  name  TEXT NOT NULL,
  field TEXT NOT NULL,
  owner TEXT REFERENCES unit (code)
);

-- The questionnaires that waves have used, byte for byte. A row never changes.
CREATE TABLE instrument (
  id     TEXT PRIMARY KEY,
  hash   TEXT NOT NULL,
  source BYTEA NOT NULL
);

CREATE TABLE wave (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  instrument      TEXT NOT NULL,
  instrument_hash TEXT NOT NULL,
  from_day        INTEGER NOT NULL,
  to_day          INTEGER NOT NULL,
  design          TEXT NOT NULL CHECK (design IN ('probability', 'continuous')),
  state           TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'published')),
  synthetic       SMALLINT NOT NULL,
  opened_at       BIGINT,
  closed_at       BIGINT,
  published_at    BIGINT
);

CREATE TABLE wave_unit (
  wave     TEXT NOT NULL REFERENCES wave (id),
  position INTEGER NOT NULL,
  unit     TEXT NOT NULL REFERENCES unit (code),
  PRIMARY KEY (wave, position)
);

CREATE TABLE wave_weight (
  wave   TEXT NOT NULL REFERENCES wave (id),
  unit   TEXT NOT NULL REFERENCES unit (code),
  weight DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (wave, unit)
);

CREATE TABLE point (
  code    TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  unit    TEXT NOT NULL REFERENCES unit (code),
  wave    TEXT NOT NULL REFERENCES wave (id),
  channel TEXT NOT NULL,
  service TEXT REFERENCES service (code)
);

-- Published figures, frozen as JSON.
CREATE TABLE snapshot (
  wave   TEXT NOT NULL REFERENCES wave (id),
  unit   TEXT NOT NULL,
  report TEXT NOT NULL,
  PRIMARY KEY (wave, unit)
);

-- One row: how often units, services, waves or points have changed.
CREATE TABLE catalog (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  version  BIGINT NOT NULL
);
INSERT INTO catalog (only_row, version) VALUES (1, 1);

-- The truth: written once, in the order of commits, without a hole in seq. On
-- SQLite "INTEGER PRIMARY KEY" makes seq the row's own key; PostgreSQL widens
-- it to BIGINT in the next file. No foreign keys: point, wave and unit were
-- checked before a response comes here, they are never deleted, and three keys
-- halved what PostgreSQL takes.
CREATE TABLE response (
  seq              INTEGER PRIMARY KEY CHECK (seq > 0),
  id               TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  wave             TEXT NOT NULL,
  instrument       TEXT NOT NULL,
  unit             TEXT NOT NULL,
  point            TEXT NOT NULL,
  channel          TEXT NOT NULL,
  device           TEXT NOT NULL,
  service          TEXT NOT NULL,
  locale           TEXT NOT NULL,
  started_at       BIGINT NOT NULL,
  started_offset   SMALLINT NOT NULL, -- minutes east of UTC, as the client said
  submitted_at     BIGINT NOT NULL,
  submitted_offset SMALLINT NOT NULL,
  received_at      BIGINT NOT NULL,
  day              INTEGER NOT NULL,
  state            TEXT NOT NULL,
  answers          TEXT NOT NULL,
  respondent       TEXT NOT NULL,
  comment          TEXT NOT NULL,
  digest           BYTEA NOT NULL
);
CREATE INDEX response_by_wave ON response (wave, seq);

-- Bodies that came under an id already taken by another body. The same body
-- sent again is kept once.
CREATE TABLE clash (
  id          TEXT NOT NULL,
  digest      BYTEA NOT NULL,
  seq         BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  body        TEXT NOT NULL,
  PRIMARY KEY (id, digest)
);

-- Derived from response. The key begins with what every query fixes, so that
-- both "all units of a wave" and "one unit over a year" read one range.
CREATE TABLE tally (
  wave    TEXT NOT NULL,
  grain   SMALLINT NOT NULL,
  unit    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  channel TEXT NOT NULL,
  n       BIGINT NOT NULL,
  counts  BYTEA NOT NULL,
  PRIMARY KEY (wave, grain, unit, at, channel)
);

-- One row: how far responses have been folded into tallies.
CREATE TABLE watermark (
  only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
  seq         BIGINT NOT NULL,
  received_at BIGINT
);
INSERT INTO watermark (only_row, seq) VALUES (1, 0);

CREATE TABLE setting (
  key   TEXT PRIMARY KEY,
  value BYTEA NOT NULL
);
