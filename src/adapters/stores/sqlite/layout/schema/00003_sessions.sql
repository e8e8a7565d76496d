-- +goose Up
-- By which documents are found without reading all of them: one row a field and value of a document.
CREATE TABLE record_fields (
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (kind, field, value, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_fields_by_record ON record_fields (kind, id, field, value);

-- The events of one run of a session; the events of graphs have no run_id, and pay nothing for it.
CREATE INDEX events_by_run ON events (log, run_id, seq) WHERE run_id IS NOT NULL;

-- The events of all sessions by time, and by what ties several sessions together. The events of graphs have no version of their
-- form unless an upcaster gave them one.
CREATE INDEX events_by_time ON events (timestamp, log, seq) WHERE schema_version IS NOT NULL;
CREATE INDEX events_by_correlation ON events (correlation_id, log, seq) WHERE correlation_id IS NOT NULL;

-- +goose Down
DROP INDEX events_by_correlation;
DROP INDEX events_by_time;
DROP INDEX events_by_run;
DROP TABLE record_fields;
