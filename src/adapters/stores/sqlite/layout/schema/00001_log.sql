-- +goose Up
-- The log of every run and session, and the documents beside them. Opening a store never changes this layout.

-- One row a fact about the store itself: store_id, schema_version, written_by.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row an open handle that writes. A log's owner without a row here owns nothing any more.
CREATE TABLE owners (
  owner TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  -- The start of the machine and the space of process ids: a pid means something inside of both only.
  boot TEXT NOT NULL,
  pid INTEGER NOT NULL,
  -- When the operating system started the process: tells a reused pid.
  process_start TEXT NOT NULL,
  started_at TEXT NOT NULL,
  -- Milliseconds since 1970.
  lease_ends INTEGER NOT NULL,
  -- 1 when its SQLite library must be the only one that writes to the file.
  is_alone INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a log. seq and hash repeat the head, so that a lost tail is found.
CREATE TABLE logs (
  log INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  label TEXT,
  created_at TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  owner TEXT,
  -- 1 when an event may stand under an id such as evt_017 at another place than 17.
  has_stray_ids INTEGER NOT NULL,
  parent TEXT,
  fork_seq INTEGER NOT NULL,
  fork_hash BLOB NOT NULL,
  -- JSON: [[log id, last place], ...], oldest first, for the places up to fork_seq.
  lineage TEXT NOT NULL
) STRICT;

-- One row an event; position is its place in the store. The long texts stand last, so that the rest is read without them.
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  log INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  -- NULL when the id is the canonical one of its place: evt_001 at 1.
  id TEXT,
  type TEXT NOT NULL,
  subject TEXT,
  actor TEXT,
  caused_by TEXT,
  frame_id TEXT,
  timestamp TEXT NOT NULL,
  -- The chain hash up to and including this event.
  hash BLOB NOT NULL,
  run_id TEXT,
  provider TEXT,
  correlation_id TEXT,
  schema_version INTEGER,
  metadata TEXT,
  payload TEXT NOT NULL,
  UNIQUE (log, seq)
) STRICT;

CREATE UNIQUE INDEX events_by_id ON events (log, id) WHERE id IS NOT NULL;

-- Documents beside the logs, written in the transaction of a commit.
CREATE TABLE records (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;

-- +goose Down
DROP TABLE records;
DROP TABLE events;
DROP TABLE logs;
DROP TABLE owners;
DROP TABLE meta;
