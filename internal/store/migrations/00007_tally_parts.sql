-- Besides all counts of the responses, and how many each rule points at, there
-- are groups of people, services, and sums for reliability and drivers. Tallies
-- are derived: made anew after this. What was judged stays judged.

-- +goose Up
DROP TABLE tally;
CREATE TABLE tally (
  wave    TEXT NOT NULL,
  state   TEXT NOT NULL,
  part    TEXT NOT NULL, -- empty: the whole; reason:…, groups, service:…, moments
  grain   SMALLINT NOT NULL,
  unit    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  channel TEXT NOT NULL,
  n       BIGINT NOT NULL,
  counts  BYTEA NOT NULL,
  PRIMARY KEY (wave, state, part, grain, unit, at, channel)
);
UPDATE watermark SET seq = 0, received_at = NULL;
