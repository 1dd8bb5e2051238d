-- When tallies of a day were changed last, so that a reader can keep sums of
-- days and months that are over. Changes are counted; one after another, for
-- each moves the watermark's row.

-- +goose Up
ALTER TABLE watermark ADD COLUMN version BIGINT NOT NULL DEFAULT 0; -- changes so far
ALTER TABLE watermark ADD COLUMN remade BIGINT NOT NULL DEFAULT 0;  -- the change that removed all tallies last
CREATE TABLE tally_change (
  wave    TEXT NOT NULL,
  day     INTEGER NOT NULL,
  version BIGINT NOT NULL, -- the last change of tallies of this day
  PRIMARY KEY (wave, day)
);
CREATE INDEX tally_change_by_version ON tally_change (wave, version);
