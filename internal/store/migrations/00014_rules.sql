-- +goose Up
-- Every change of what a place sets: rows are added, never changed and never
-- removed. A PIN is not among the values.
CREATE TABLE place_setting_change (
  id      BIGINT PRIMARY KEY,
  unit    TEXT NOT NULL, -- '' for a point's
  point   TEXT NOT NULL,
  name    TEXT NOT NULL,
  before  TEXT NOT NULL, -- '' : nothing was set there
  after   TEXT NOT NULL,
  account TEXT NOT NULL,
  at      BIGINT NOT NULL
);
CREATE INDEX place_setting_change_by_unit ON place_setting_change (unit, name, id);

-- Thresholds of classes in the index book that take the place of a type's own
-- from a year measured on; the later row wins. Rows are only added.
CREATE TABLE book_threshold (
  id      BIGINT PRIMARY KEY,
  type    TEXT NOT NULL,
  year    INTEGER NOT NULL, -- measured, the first that they hold for
  least   TEXT NOT NULL,    -- {"excellent":15,"good":12}; {}: the type's own again
  account TEXT NOT NULL,
  at      BIGINT NOT NULL
);
