-- What an agent was last told about its pull request, as JSON, so that it is not told twice.
-- +goose Up
ALTER TABLE pr ADD COLUMN last_nudge_signature TEXT NOT NULL DEFAULT '';
