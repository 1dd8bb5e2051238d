-- +goose Up
ALTER TABLE response ALTER COLUMN seq TYPE BIGINT;
