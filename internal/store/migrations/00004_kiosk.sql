-- +goose Up
ALTER TABLE response ADD COLUMN device_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE response ADD COLUMN trap SMALLINT NOT NULL DEFAULT 0; -- a field that people do not see was filled in
CREATE INDEX response_by_device ON response (device, device_seq) WHERE device_seq > 0;

-- What was said about responses: rows are added, never changed; the one with
-- the highest number holds.
CREATE TABLE judgement (
  seq     BIGINT NOT NULL,
  number  INTEGER NOT NULL,
  wave    TEXT NOT NULL, -- of the response, to find suspects without reading responses
  state   TEXT NOT NULL,
  reasons TEXT NOT NULL, -- codes, with a space between
  account TEXT NOT NULL, -- empty: the rules
  note    TEXT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (seq, number)
);
CREATE INDEX judgement_by_wave ON judgement (wave, seq);

-- Tallies are kept per state; those with a reason count the responses in that
-- state that a rule points at, and have no counts. They are derived: made anew
-- after this.
DROP TABLE tally;
CREATE TABLE tally (
  wave    TEXT NOT NULL,
  state   TEXT NOT NULL,
  reason  TEXT NOT NULL, -- empty: whatever the rules said
  grain   SMALLINT NOT NULL,
  unit    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  channel TEXT NOT NULL,
  n       BIGINT NOT NULL,
  counts  BYTEA NOT NULL,
  PRIMARY KEY (wave, state, reason, grain, unit, at, channel)
);
-- judged: the rules have looked at all responses up to this one. What was
-- stored before there were rules is not judged afterwards.
ALTER TABLE watermark ADD COLUMN judged BIGINT NOT NULL DEFAULT 0;
UPDATE watermark SET judged = (SELECT COALESCE(MAX(seq), 0) FROM response), seq = 0, received_at = NULL;

CREATE TABLE wave_rule (
  wave   TEXT NOT NULL REFERENCES wave (id),
  reason TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action IN ('ignore', 'flag', 'quarantine')),
  PRIMARY KEY (wave, reason)
);

-- What holds at a unit and below it, or at a point; one of the two is empty.
CREATE TABLE place_setting (
  unit  TEXT NOT NULL,
  point TEXT NOT NULL,
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (unit, point, name)
);

CREATE TABLE device (
  id         TEXT PRIMARY KEY,
  point      TEXT NOT NULL REFERENCES point (code),
  name       TEXT NOT NULL,
  key_digest BYTEA NOT NULL UNIQUE, -- SHA-256 of the key, never the key
  paired_by  TEXT NOT NULL,
  paired_at  BIGINT NOT NULL,
  revoked_at BIGINT,
  beat_at    BIGINT,
  beat       TEXT NOT NULL, -- the last heartbeat as JSON
  stored     BIGINT NOT NULL, -- derived when responses are folded
  highest    BIGINT NOT NULL
);

CREATE TABLE pairing (
  code       TEXT PRIMARY KEY,
  point      TEXT NOT NULL REFERENCES point (code),
  name       TEXT NOT NULL,
  account    TEXT NOT NULL,
  made_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  device     TEXT NOT NULL -- empty: not used yet
);
