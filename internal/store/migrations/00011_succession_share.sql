-- +goose Up
-- Which part of the people of a unit went along, above 0 to 1. 0: not given.
ALTER TABLE succession ADD COLUMN share DOUBLE PRECISION NOT NULL DEFAULT 0;
