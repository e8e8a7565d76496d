-- +goose Up
-- By which documents are found without reading all of them: one row a field and value of a document.
CREATE TABLE record_fields (
  kind text COLLATE "C" NOT NULL,
  field text COLLATE "C" NOT NULL,
  value text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  PRIMARY KEY (kind, field, value, id)
);

CREATE INDEX record_fields_by_record ON record_fields (kind, id, field, value);

-- The events of one run of a session; the events of graphs have no run_id, and pay nothing for it.
CREATE INDEX events_by_run ON events (log, run_id, seq) WHERE run_id IS NOT NULL;

-- The events of all sessions by time, and by what ties several sessions together. The events of graphs have no version of their
-- form unless an upcaster gave them one.
CREATE INDEX events_by_time ON events (timestamp COLLATE "C", log, seq) WHERE schema_version IS NOT NULL;
CREATE INDEX events_by_correlation ON events (correlation_id, log, seq) WHERE correlation_id IS NOT NULL;

-- Gives documents their fields, each with each of its values, in the place of those that they had.
-- +goose StatementBegin
CREATE FUNCTION write_fields(kinds text[], ids text[], owner_kinds text[], owner_ids text[], names text[], contents text[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  DELETE FROM record_fields AS f USING unnest(kinds, ids) AS w(kind, id) WHERE f.kind = w.kind AND f.id = w.id;
  INSERT INTO record_fields (kind, id, field, value) SELECT * FROM unnest(owner_kinds, owner_ids, names, contents);
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION write_fields;
DROP INDEX events_by_correlation;
DROP INDEX events_by_time;
DROP INDEX events_by_run;
DROP TABLE record_fields;
