-- A pull request that another session takes over is told in the log.
-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER pr_session_cdc_update AFTER UPDATE ON pr FOR EACH ROW
WHEN OLD.session_id <> NEW.session_id
BEGIN
  INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
  SELECT
    sessions.project_id, NEW.session_id, 'pr_session_changed',
    json_object('url', NEW.url, 'fromSession', OLD.session_id, 'toSession', NEW.session_id),
    NEW.updated_at
  FROM sessions WHERE sessions.id = NEW.session_id;
END;
-- +goose StatementEnd
