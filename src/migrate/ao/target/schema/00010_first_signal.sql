-- When a session first said anything; the log tells of that moment, too.
-- +goose Up
ALTER TABLE sessions ADD COLUMN first_signal_at TIMESTAMP;

UPDATE sessions SET first_signal_at = activity_last_at WHERE first_signal_at IS NULL;

DROP TRIGGER sessions_cdc_update;

-- +goose StatementBegin
CREATE TRIGGER sessions_cdc_update AFTER UPDATE ON sessions FOR EACH ROW
WHEN OLD.activity_state <> NEW.activity_state OR OLD.is_terminated <> NEW.is_terminated
  OR (OLD.first_signal_at IS NULL AND NEW.first_signal_at IS NOT NULL)
BEGIN
  INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
  VALUES (
    NEW.project_id, NEW.id, 'session_updated',
    json_object(
      'id', NEW.id,
      'activity', NEW.activity_state,
      'isTerminated', json(CASE WHEN NEW.is_terminated THEN 'true' ELSE 'false' END)
    ),
    NEW.updated_at
  );
END;
-- +goose StatementEnd
