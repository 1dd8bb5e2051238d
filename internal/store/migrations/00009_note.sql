-- +goose Up
-- What staff wrote on the time line of a unit, and who ended what: rows are
-- added to both, never changed and never removed.
CREATE TABLE note (
  id      BIGINT PRIMARY KEY,
  on_day  INTEGER NOT NULL,
  unit    TEXT NOT NULL REFERENCES unit (code),
  kind    TEXT NOT NULL,
  text_vi TEXT NOT NULL,
  text_en TEXT NOT NULL, -- empty: in Vietnamese only
  account TEXT NOT NULL,
  at      BIGINT NOT NULL
);
CREATE TABLE note_end (
  id      BIGINT PRIMARY KEY REFERENCES note (id),
  account TEXT NOT NULL,
  at      BIGINT NOT NULL
);
