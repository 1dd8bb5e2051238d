-- +goose Up
-- What there is of an index type and year: how many units have a result, and a
-- number that goes up with every change. Counting 4,000 units × 10 years × 6
-- types takes too long for a page.
CREATE TABLE book_shelf (
  type  TEXT NOT NULL,
  year  INTEGER NOT NULL,
  units INTEGER NOT NULL,
  stamp BIGINT NOT NULL,
  PRIMARY KEY (type, year)
);
INSERT INTO book_shelf (type, year, units, stamp)
SELECT b.type, b.year, SUM(1 - r.withdrawn), 1 FROM book_result b JOIN book_revision r ON r.id = b.revision GROUP BY b.type, b.year;

-- The stamp of the shelf since which a revision stands: what has changed since
-- is read alone.
ALTER TABLE book_result ADD COLUMN stamp BIGINT NOT NULL DEFAULT 1;
