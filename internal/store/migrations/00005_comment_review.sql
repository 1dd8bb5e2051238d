-- What is kept of comments beside what they are found by, which the next file
-- has for each engine.

-- +goose Up
-- One row: how far comments have been entered, and by which recipe.
CREATE TABLE comment_mark (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  seq      BIGINT NOT NULL,
  recipe   TEXT NOT NULL
);
INSERT INTO comment_mark (only_row, seq, recipe) VALUES (1, 0, '');

-- Who hid or showed a comment: rows are added, never changed; the one with the
-- highest number holds. Not derived.
CREATE TABLE comment_review (
  seq     BIGINT NOT NULL,
  number  INTEGER NOT NULL,
  hide    SMALLINT NOT NULL,
  account TEXT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (seq, number)
);
