-- +goose Up
-- The sample plan of a wave: what is wanted at which unit. 0: not known.
CREATE TABLE wave_plan (
  wave       TEXT NOT NULL REFERENCES wave (id),
  unit       TEXT NOT NULL REFERENCES unit (code),
  population BIGINT NOT NULL CHECK (population >= 0),
  planned    BIGINT NOT NULL CHECK (planned >= 0),
  issued     BIGINT NOT NULL CHECK (issued >= 0),
  deff       DOUBLE PRECISION NOT NULL CHECK (deff > 0),
  PRIMARY KEY (wave, unit)
);
