-- A session that waits for a person is `waiting_input`, no longer `blocked`; the word stays allowed.
-- +goose Up
UPDATE sessions SET activity_state = 'waiting_input' WHERE activity_state = 'blocked';
