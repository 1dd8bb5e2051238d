-- What comments are found by, derived from response. The comment itself stands
-- only there.

-- +goose Up
CREATE TABLE comment (
  seq       INTEGER PRIMARY KEY,
  satisfied SMALLINT NOT NULL, -- of so many …
  answered  SMALLINT NOT NULL, -- … statements of the index that were answered
  level     SMALLINT NOT NULL, -- the mean answer on five levels; 0 without one
  harmful   SMALLINT NOT NULL, -- a word of the list is in it
  words     TEXT NOT NULL      -- in lower case with tones, without personal data, a line for each part of a sentence
);

-- One row for the unit of a comment and one for every unit above it, so that
-- the comments of any subtree are one range, the newest at its end.
CREATE TABLE comment_place (
  seq    INTEGER NOT NULL,
  unit   TEXT NOT NULL,
  wave   TEXT NOT NULL,
  day    INTEGER NOT NULL,
  state  TEXT NOT NULL,     -- of the response, as it stands
  mood   SMALLINT NOT NULL, -- 1 low, 2 high, 0 unknown
  hidden SMALLINT NOT NULL,
  PRIMARY KEY (seq, unit)
) WITHOUT ROWID;
CREATE INDEX comment_place_by_unit ON comment_place (unit, wave, seq, day, state, mood, hidden);
-- The few that are hidden or do not count, so that looking for them reads no others.
CREATE INDEX comment_place_rare ON comment_place (unit, wave, seq) WHERE hidden = 1 OR state <> 'counted';

-- The words without tones. Contentless: it is only asked which rows have a term.
CREATE VIRTUAL TABLE comment_search USING fts5 (folded, content = '', detail = full, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3');
