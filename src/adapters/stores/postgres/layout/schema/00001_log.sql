-- +goose Up
-- The log of every run and session, and the documents beside them, in one schema of the database: names are not qualified,
-- whoever runs this sets the search path for the transaction. Opening a store never changes this layout.

-- One row a fact about the store itself: store_id, schema_version, written_by.
CREATE TABLE meta (
  name text PRIMARY KEY,
  value text NOT NULL
);

-- One row a file that made this layout, with the SHA-256 of the file as it was applied.
CREATE TABLE schema_migrations (
  version bigint PRIMARY KEY,
  file text NOT NULL,
  checksum text NOT NULL,
  applied_at text NOT NULL
);

-- One row an open handle that owns runs. A log's owner without a row here owns nothing any more.
CREATE TABLE owners (
  owner text COLLATE "C" PRIMARY KEY,
  host text NOT NULL,
  -- The start of the machine and the space of process ids: a pid means something inside of both only.
  boot text NOT NULL,
  pid bigint NOT NULL,
  -- When the operating system started the process: tells a reused pid.
  process_start text NOT NULL,
  -- Milliseconds since 1970, by the clock of the server.
  started_at bigint NOT NULL,
  lease_ends bigint NOT NULL
);

-- One row a log. seq and hash repeat the head, so that a lost tail is found. Half of each page is left free: a head moves with
-- every commit, and stays in its page.
CREATE TABLE logs (
  log bigint PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  kind text NOT NULL,
  label text,
  created_at text NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  epoch bigint NOT NULL,
  owner text,
  -- True when an event may stand under an id such as evt_017 at another place than 17.
  has_stray_ids boolean NOT NULL,
  parent text,
  fork_seq bigint NOT NULL,
  fork_hash bytea NOT NULL,
  -- JSON: [[log id, last place], ...], oldest first, for the places up to fork_seq.
  lineage text NOT NULL
) WITH (fillfactor = 50);

-- One row an event. The long texts stand last, so that the rest is read without them.
CREATE TABLE events (
  log bigint NOT NULL,
  seq bigint NOT NULL,
  -- The transaction that appended it; NULL for a copy, which is no news. With log and seq its place in the store.
  xid xid8,
  -- The chain hash up to and including this event.
  hash bytea NOT NULL,
  -- NULL when the id is the canonical one of its place: evt_001 at 1.
  id text COLLATE "C",
  type text COLLATE "C" NOT NULL,
  subject text,
  actor text,
  caused_by text,
  frame_id text,
  timestamp text NOT NULL,
  run_id text,
  provider text,
  correlation_id text,
  schema_version bigint,
  metadata text,
  payload text NOT NULL,
  PRIMARY KEY (log, seq)
);

CREATE UNIQUE INDEX events_by_id ON events (log, id) WHERE id IS NOT NULL;
CREATE INDEX events_by_place ON events (xid, log, seq) WHERE xid IS NOT NULL;

-- Documents beside the logs, written in the transaction of a commit.
CREATE TABLE records (
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (kind, id)
);

-- Of the functions only lock_group and append_events set a search path, because setting one costs more than what most of them do; a
-- transaction that calls the others sets it for itself.

-- The clock that leases are judged by.
-- +goose StatementBegin
CREATE FUNCTION now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint
$$;
-- +goose StatementEnd

-- What a commit survives, for this transaction alone: 'off' does not wait for the disk, 'on' does at least that.
-- +goose StatementBegin
CREATE FUNCTION begin_write(sync_commit text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF (sync_commit = 'off') <> (current_setting('synchronous_commit') = 'off') THEN
    PERFORM set_config('synchronous_commit', sync_commit, true);
  END IF;
END
$$;
-- +goose StatementEnd

-- Whoever writes a log or a document holds its lock first, until the transaction ends, and takes several in rising order. So a
-- log's transactions have rising ids: an id is drawn with the first write, which stands behind the lock.
-- +goose StatementBegin
CREATE FUNCTION lock_one(key int) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  -- Locks are one space in a database: the number of a table of this store keeps those of others apart.
  space CONSTANT int := 'events'::regclass::oid::bigint::bit(32)::int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(space, key) THEN
    PERFORM set_config('lock_timeout', '10s', true);
    PERFORM pg_advisory_xact_lock(space, key);
  END IF;
END
$$;
-- +goose StatementEnd

-- Logs share 4096 locks and documents 64, so that no commit needs more than the server has.
-- +goose StatementBegin
CREATE FUNCTION lock_all(log_ids text[], record_ids text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF cardinality(log_ids) = 1 AND coalesce(cardinality(record_ids), 0) = 0 THEN
    PERFORM lock_one(hashtext(log_ids[1]) & 4095);
  ELSE
    PERFORM lock_one(wanted.key) FROM (
      SELECT DISTINCT hashtext(l) & 4095 AS key FROM unnest(log_ids) AS l
      UNION
      SELECT 4096 + (hashtext(r) & 63) FROM unnest(record_ids) AS r
      ORDER BY key
    ) AS wanted;
  END IF;
END
$$;
-- +goose StatementEnd

-- The locks of several appends in one statement. They cannot be taken one by one: the order of the appends is not theirs.
-- +goose StatementBegin
CREATE FUNCTION lock_group(log_ids text[], record_ids text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM lock_all(log_ids, record_ids);
END
$$;
-- +goose StatementEnd

-- Makes the row of a log; false when the id is taken. One after another, so that numbers rise in the order of commits.
-- +goose StatementBegin
CREATE FUNCTION insert_log(
  log_id text, log_kind text, log_label text, made_at text, head_seq bigint, head_hash bytea, stray_ids boolean,
  parent_id text, line text
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM lock_one(8192);
  INSERT INTO logs (log, id, kind, label, created_at, seq, hash, epoch, has_stray_ids, parent, fork_seq, fork_hash, lineage)
    SELECT coalesce(max(l.log), 0) + 1, log_id, log_kind, log_label, made_at, head_seq, head_hash, 0, stray_ids, parent_id,
      head_seq, head_hash, line FROM logs AS l
    ON CONFLICT DO NOTHING;
  RETURN FOUND;
END
$$;
-- +goose StatementEnd

-- Prolongs a handle's lease when a tenth of it is gone. False when the handle has no row; NULL for no handle.
-- +goose StatementBegin
CREATE FUNCTION touch_owner(handle text, lease_ms bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  ends bigint;
  fresh bigint;
BEGIN
  IF handle IS NULL THEN RETURN NULL; END IF;
  fresh := now_ms() + lease_ms;
  SELECT o.lease_ends INTO ends FROM owners AS o WHERE o.owner = handle;
  IF ends < fresh - lease_ms / 10 THEN
    UPDATE owners AS o SET lease_ends = fresh WHERE o.owner = handle AND o.lease_ends < fresh;
  END IF;
  RETURN ends IS NOT NULL;
END
$$;
-- +goose StatementEnd

-- Writes rows behind a place. A list that is NULL stands for one of nothing but NULL. Hashes stand side by side, 32 bytes each.
-- +goose StatementBegin
CREATE FUNCTION insert_events(
  log_number bigint, after bigint, hashes bytea, ids text[], types text[], payloads text[], actors text[], causes text[],
  frames text[], times text[], subjects text[],
  runs text[], providers text[], correlations text[], versions bigint[], metadatas text[]
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO events (log, seq, xid, hash, id, type, payload, actor, caused_by, frame_id, timestamp, subject,
    run_id, provider, correlation_id, schema_version, metadata)
  SELECT log_number, after + e.n, pg_current_xact_id(), substr(hashes, (e.n::int - 1) * 32 + 1, 32),
    e.id, e.type, e.payload, e.actor, e.caused_by, e.frame_id, e.time, e.subject,
    e.run_id, e.provider, e.correlation_id, e.schema_version, e.metadata
  FROM unnest(types, payloads, times, ids, actors, causes, frames, subjects, runs, providers, correlations, versions, metadatas)
    WITH ORDINALITY AS e(type, payload, time, id, actor, caused_by, frame_id, subject,
      run_id, provider, correlation_id, schema_version, metadata, n);
END
$$;
-- +goose StatementEnd

-- The plain append, in one call: the next places of one log, and documents with it. It compares what the writer has seen with
-- what is stored, and writes all of it or nothing. NULL, and nothing is written, when the commit is anything but plain (stale,
-- done before, a taken id, a stray one, a fork with ids of its own): then it has to be looked at as a whole. Otherwise the new
-- place, the new hash, and whether the handle that owns something still has its row.
-- previous and hashes are those of a writer who knows the head; without them the chain is continued here, over lines.
-- What other functions do for several logs is written out here for one: each call inside of a call costs a tenth of an append.
-- +goose StatementBegin
CREATE FUNCTION append_events(
  log_id text, expected bigint, writer_epoch bigint, previous bytea, hashes bytea, lines text[], is_unfit_for_run boolean,
  handle text, lease_ms bigint, sync_commit text,
  record_kinds text[], record_ids text[], record_versions bigint[], record_values text[],
  ids text[], types text[], payloads text[], actors text[], causes text[], frames text[], times text[], subjects text[],
  runs text[], providers text[], correlations text[], versions bigint[], metadatas text[]
) RETURNS text LANGUAGE plpgsql VOLATILE SET search_path FROM CURRENT AS $$
DECLARE
  space CONSTANT int := 'events'::regclass::oid::bigint::bit(32)::int;
  head record;
  line text;
  chain bytea[];
  link bytea;
  present bigint;
  new_versions bigint[];
  is_registered boolean := true;
BEGIN
  IF (sync_commit = 'off') <> (current_setting('synchronous_commit') = 'off') THEN
    PERFORM begin_write(sync_commit);
  END IF;
  IF record_ids IS NOT NULL OR NOT pg_try_advisory_xact_lock(space, hashtext(log_id) & 4095) THEN
    PERFORM lock_all(ARRAY[log_id], record_ids);
  END IF;
  SELECT l.log, l.seq, l.hash, l.epoch, l.kind, l.has_stray_ids, l.lineage INTO head FROM logs AS l WHERE l.id = log_id;
  IF NOT FOUND OR head.has_stray_ids OR (is_unfit_for_run AND head.kind <> 'session')
    OR coalesce(writer_epoch, CASE head.kind WHEN 'session' THEN head.epoch ELSE 0 END) <> head.epoch
    OR expected <> head.seq OR previous <> head.hash OR (ids IS NOT NULL AND head.lineage <> '[]')
  THEN
    RETURN NULL;
  END IF;
  IF ids IS NOT NULL THEN
    IF EXISTS (SELECT FROM events AS e WHERE e.log = head.log AND e.id = ANY (ids)) THEN RETURN NULL; END IF;
  END IF;
  FOR i IN 1 .. coalesce(cardinality(record_ids), 0) LOOP
    SELECT r.version INTO present FROM records AS r WHERE r.kind = record_kinds[i] AND r.id = record_ids[i];
    IF record_versions[i] <> coalesce(present, 0) THEN RETURN NULL; END IF;
    new_versions[i] := coalesce(present, 0) + 1;
  END LOOP;
  IF hashes IS NULL THEN
    link := head.hash;
    FOREACH line IN ARRAY lines LOOP
      link := sha256(convert_to(encode(link, 'hex') || line, 'UTF8'));
      chain[coalesce(cardinality(chain), 0) + 1] := link;
    END LOOP;
    SELECT string_agg(c, ''::bytea ORDER BY n) INTO hashes FROM unnest(chain) WITH ORDINALITY AS t(c, n);
  END IF;
  link := substr(hashes, length(hashes) - 31, 32);
  UPDATE logs AS l SET seq = head.seq + cardinality(types), hash = link WHERE l.log = head.log;
  INSERT INTO events (log, seq, xid, hash, id, type, payload, actor, caused_by, frame_id, timestamp, subject,
    run_id, provider, correlation_id, schema_version, metadata)
  SELECT head.log, head.seq + e.n, pg_current_xact_id(), substr(hashes, (e.n::int - 1) * 32 + 1, 32),
    e.id, e.type, e.payload, e.actor, e.caused_by, e.frame_id, e.time, e.subject,
    e.run_id, e.provider, e.correlation_id, e.schema_version, e.metadata
  FROM unnest(types, payloads, times, ids, actors, causes, frames, subjects, runs, providers, correlations, versions, metadatas)
    WITH ORDINALITY AS e(type, payload, time, id, actor, caused_by, frame_id, subject,
      run_id, provider, correlation_id, schema_version, metadata, n);
  IF record_ids IS NOT NULL THEN
    PERFORM write_records(record_kinds, record_ids, new_versions, record_values);
  END IF;
  IF handle IS NOT NULL THEN
    is_registered := touch_owner(handle, lease_ms);
  END IF;
  RETURN (head.seq + cardinality(types))::text || ' ' || encode(link, 'hex') || ' ' || is_registered::int::text;
END
$$;
-- +goose StatementEnd

-- Writes documents whose versions have been compared; NULL removes one. Each id stands in the list once.
-- +goose StatementBegin
CREATE FUNCTION write_records(kinds text[], ids text[], versions bigint[], contents text[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  DELETE FROM records AS r USING unnest(kinds, ids, contents) AS w(kind, id, value)
    WHERE w.value IS NULL AND r.kind = w.kind AND r.id = w.id;
  INSERT INTO records AS r (kind, id, version, value)
    SELECT w.kind, w.id, w.version, w.value
    FROM unnest(kinds, ids, versions, contents) AS w(kind, id, version, value) WHERE w.value IS NOT NULL
    ON CONFLICT ON CONSTRAINT records_pkey DO UPDATE SET version = excluded.version, value = excluded.value;
END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION write_records, append_events, insert_events, touch_owner, insert_log, lock_group, lock_all, lock_one, begin_write, now_ms;
DROP TABLE records;
DROP TABLE events;
DROP TABLE logs;
DROP TABLE owners;
DROP TABLE schema_migrations;
DROP TABLE meta;
