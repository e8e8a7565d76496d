-- +goose Up
-- One row a migration that made this layout.
CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  -- SHA-256 of the file as it was applied.
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT;

-- +goose Down
DROP TABLE schema_migrations;
