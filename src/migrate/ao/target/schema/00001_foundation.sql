-- Projects, sessions, pull requests with checks and comments, and the log of changes that triggers write.
-- The list of harnesses stands here in the wording of version 7: later versions search the text of `sessions` for it.
-- +goose Up
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  repo_origin_url TEXT NOT NULL DEFAULT '',
  display_name TEXT NOT NULL DEFAULT '',
  registered_at TIMESTAMP NOT NULL,
  archived_at TIMESTAMP
);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id),
  num INTEGER NOT NULL,
  issue_id TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'worker' CHECK (kind IN ('worker', 'orchestrator')),
  harness TEXT NOT NULL DEFAULT ''
    CHECK (harness IN ('', 'claude-code', 'codex', 'aider', 'opencode', 'grok', 'droid', 'amp', 'agy', 'crush', 'cursor', 'qwen', 'copilot', 'goose', 'auggie', 'continue', 'devin', 'cline', 'kimi', 'kiro', 'kilocode', 'vibe', 'pi', 'autohand')),
  activity_state TEXT NOT NULL DEFAULT 'idle'
    CHECK (activity_state IN ('active', 'idle', 'waiting_input', 'blocked', 'exited')),
  activity_last_at TIMESTAMP NOT NULL,
  is_terminated BOOLEAN NOT NULL DEFAULT FALSE,
  branch TEXT NOT NULL DEFAULT '',
  workspace_path TEXT NOT NULL DEFAULT '',
  runtime_handle_id TEXT NOT NULL DEFAULT '',
  agent_session_id TEXT NOT NULL DEFAULT '',
  prompt TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMP NOT NULL,
  updated_at TIMESTAMP NOT NULL,
  UNIQUE (project_id, num)
);

CREATE INDEX idx_sessions_project ON sessions (project_id);

CREATE TABLE pr (
  url TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  number INTEGER NOT NULL DEFAULT 0,
  pr_state TEXT NOT NULL DEFAULT 'open' CHECK (pr_state IN ('draft', 'open', 'merged', 'closed')),
  review_decision TEXT NOT NULL DEFAULT 'none'
    CHECK (review_decision IN ('none', 'approved', 'changes_requested', 'review_required')),
  ci_state TEXT NOT NULL DEFAULT 'unknown' CHECK (ci_state IN ('unknown', 'pending', 'passing', 'failing')),
  mergeability TEXT NOT NULL DEFAULT 'unknown'
    CHECK (mergeability IN ('unknown', 'mergeable', 'conflicting', 'blocked', 'unstable')),
  updated_at TIMESTAMP NOT NULL
);

CREATE INDEX idx_pr_session ON pr (session_id);

CREATE TABLE pr_checks (
  pr_url TEXT NOT NULL REFERENCES pr (url) ON DELETE CASCADE,
  name TEXT NOT NULL,
  commit_hash TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'unknown'
    CHECK (status IN ('unknown', 'queued', 'in_progress', 'passed', 'failed', 'skipped', 'cancelled')),
  url TEXT NOT NULL DEFAULT '',
  log_tail TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (pr_url, name, commit_hash)
);

CREATE INDEX idx_pr_checks_lookup ON pr_checks (pr_url, name, created_at);

CREATE TABLE pr_comment (
  pr_url TEXT NOT NULL REFERENCES pr (url) ON DELETE CASCADE,
  comment_id TEXT NOT NULL,
  author TEXT NOT NULL DEFAULT '',
  file TEXT NOT NULL DEFAULT '',
  line INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL DEFAULT '',
  resolved INTEGER NOT NULL DEFAULT 0,
  created_at TIMESTAMP NOT NULL,
  PRIMARY KEY (pr_url, comment_id)
);

-- The events of versions 4 and 6 are in the list already: a new database holds no rows that would have to be moved.
CREATE TABLE change_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL REFERENCES projects (id),
  session_id TEXT REFERENCES sessions (id),
  event_type TEXT NOT NULL CHECK (event_type IN (
    'session_created', 'session_updated', 'pr_created', 'pr_updated', 'pr_check_recorded', 'pr_session_changed',
    'pr_review_thread_added', 'pr_review_thread_resolved'
  )),
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  created_at TIMESTAMP NOT NULL DEFAULT (datetime('now'))
);

CREATE INDEX idx_change_log_project ON change_log (project_id, seq);

-- +goose StatementBegin
CREATE TRIGGER sessions_cdc_insert AFTER INSERT ON sessions FOR EACH ROW
BEGIN
  INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
  VALUES (
    NEW.project_id, NEW.id, 'session_created',
    json_object(
      'id', NEW.id,
      'activity', NEW.activity_state,
      'isTerminated', json(CASE WHEN NEW.is_terminated THEN 'true' ELSE 'false' END)
    ),
    NEW.updated_at
  );
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER sessions_cdc_update AFTER UPDATE ON sessions FOR EACH ROW
WHEN OLD.activity_state <> NEW.activity_state OR OLD.is_terminated <> NEW.is_terminated
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

-- +goose StatementBegin
CREATE TRIGGER pr_cdc_insert AFTER INSERT ON pr FOR EACH ROW
BEGIN
  INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
  SELECT
    sessions.project_id, NEW.session_id, 'pr_created',
    json_object(
      'url', NEW.url, 'session', NEW.session_id, 'state', NEW.pr_state, 'ci', NEW.ci_state,
      'review', NEW.review_decision, 'mergeability', NEW.mergeability
    ),
    NEW.updated_at
  FROM sessions WHERE sessions.id = NEW.session_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER pr_cdc_update AFTER UPDATE ON pr FOR EACH ROW
WHEN OLD.pr_state <> NEW.pr_state OR OLD.ci_state <> NEW.ci_state
  OR OLD.review_decision <> NEW.review_decision OR OLD.mergeability <> NEW.mergeability
BEGIN
  INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
  SELECT
    sessions.project_id, NEW.session_id, 'pr_updated',
    json_object(
      'url', NEW.url, 'session', NEW.session_id, 'state', NEW.pr_state, 'ci', NEW.ci_state,
      'review', NEW.review_decision, 'mergeability', NEW.mergeability
    ),
    NEW.updated_at
  FROM sessions WHERE sessions.id = NEW.session_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER pr_checks_cdc_insert AFTER INSERT ON pr_checks FOR EACH ROW
BEGIN
  INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
  SELECT
    sessions.project_id, sessions.id, 'pr_check_recorded',
    json_object('pr', NEW.pr_url, 'name', NEW.name, 'commit', NEW.commit_hash, 'status', NEW.status),
    NEW.created_at
  FROM pr JOIN sessions ON sessions.id = pr.session_id WHERE pr.url = NEW.pr_url;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER pr_checks_cdc_update AFTER UPDATE ON pr_checks FOR EACH ROW
WHEN OLD.status <> NEW.status
BEGIN
  INSERT INTO change_log (project_id, session_id, event_type, payload, created_at)
  SELECT
    sessions.project_id, sessions.id, 'pr_check_recorded',
    json_object('pr', NEW.pr_url, 'name', NEW.name, 'commit', NEW.commit_hash, 'status', NEW.status),
    datetime('now')
  FROM pr JOIN sessions ON sessions.id = pr.session_id WHERE pr.url = NEW.pr_url;
END;
-- +goose StatementEnd
