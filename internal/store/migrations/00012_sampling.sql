-- How the people of a sample were drawn. Of those before nothing was known:
-- their intervals took people for drawn one by one, and go on doing so.

-- +goose Up
ALTER TABLE wave ADD COLUMN sampling TEXT NOT NULL DEFAULT 'simple' CHECK (sampling IN ('simple', 'stratified', 'clustered'));
