-- The settings of a project, as JSON; NULL while there are none.
-- +goose Up
ALTER TABLE projects ADD COLUMN config TEXT;
