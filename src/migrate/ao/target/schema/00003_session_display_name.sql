-- Sessions have a name for people.
-- +goose Up
ALTER TABLE sessions ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
