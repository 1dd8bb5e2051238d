-- The index book: what was published about units, year by year.

-- +goose Up
-- Every state that a result ever had, written once. The one before it is named,
-- so that the history of a result is a chain; the component scores stand in one
-- text, "2.1=3.5 2.1:self=4", because they are only ever read together.
CREATE TABLE book_revision (
  id        INTEGER PRIMARY KEY,
  before_id BIGINT NOT NULL, -- 0: there was none
  withdrawn SMALLINT NOT NULL,
  account   TEXT NOT NULL,
  at        BIGINT NOT NULL,
  type      TEXT NOT NULL,
  year      INTEGER NOT NULL, -- measured
  unit      TEXT NOT NULL,
  score     DOUBLE PRECISION,
  maximum   DOUBLE PRECISION,
  percent   DOUBLE PRECISION,
  rank      INTEGER NOT NULL, -- 0: not known, as below
  rank_of   INTEGER NOT NULL,
  class     TEXT NOT NULL,
  announced INTEGER NOT NULL,
  document  TEXT NOT NULL,
  link      TEXT NOT NULL,
  status    TEXT NOT NULL CHECK (status IN ('provisional', 'final')),
  synthetic SMALLINT NOT NULL, -- 1: made up; 2: only the component scores are
  n         BIGINT NOT NULL,
  wave      TEXT NOT NULL,
  parts     TEXT NOT NULL
);

-- Which revision stands.
CREATE TABLE book_result (
  type     TEXT NOT NULL,
  year     INTEGER NOT NULL,
  unit     TEXT NOT NULL REFERENCES unit (code),
  revision BIGINT NOT NULL,
  PRIMARY KEY (type, year, unit)
) WITHOUT ROWID;
CREATE INDEX book_result_by_unit ON book_result (unit, year, type);
