-- A store of layout 3, as runlog 0.1.0 made it. Never edited.
PRAGMA application_id = 1919709031;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('schema_version','3');
INSERT INTO meta VALUES('store_id','44d541b6-01d2-4a9f-8cc3-f272ac64dff4');
INSERT INTO meta VALUES('written_by','0.1.0');
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
INSERT INTO logs VALUES(1,'first','run','an old run','2026-01-01T00:00:00Z',5,X'6bf0aad45c6eefa43145ba481ece21773a466b148b93827c8b0f0f849c49dd3f',0,NULL,0,NULL,0,X'0000000000000000000000000000000000000000000000000000000000000000','[]');
INSERT INTO logs VALUES(2,'second','run',NULL,'2026-01-01T00:01:00Z',4,X'06187dc26474837489203b60fb3bcf350ef2f04160a23bff14b382ecb89c99b9',0,NULL,0,'first',3,X'bee011c47bb7bb599ff303fcb4e25951d656121a553f66c46dd4a0602de0e2d1','[["first",3]]');
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
INSERT INTO events VALUES(1,1,1,NULL,'note.added',NULL,'user',NULL,NULL,'2026-01-01T00:00:00Z',X'da572395c3722437df05d719d7ae881c949c58f61bfeffac7ab99be3ae7d86b6',NULL,NULL,NULL,NULL,NULL,'{"n":1,"text":"déjà vu"}');
INSERT INTO events VALUES(2,1,2,NULL,'note.added',NULL,'user',NULL,NULL,'2026-01-01T00:00:00Z',X'087999fa8d8bbbd4fa723431622d37900039261f6c0de0370383bb0a4d57a778',NULL,NULL,NULL,NULL,NULL,'{"n":2,"text":"déjà vu"}');
INSERT INTO events VALUES(3,1,3,NULL,'note.added',NULL,'user',NULL,NULL,'2026-01-01T00:00:00Z',X'bee011c47bb7bb599ff303fcb4e25951d656121a553f66c46dd4a0602de0e2d1',NULL,NULL,NULL,NULL,NULL,'{"n":3,"text":"déjà vu"}');
INSERT INTO events VALUES(4,1,4,NULL,'note.added',NULL,'user',NULL,NULL,'2026-01-01T00:00:00Z',X'06187dc26474837489203b60fb3bcf350ef2f04160a23bff14b382ecb89c99b9',NULL,NULL,NULL,NULL,NULL,'{"n":4,"text":"déjà vu"}');
INSERT INTO events VALUES(5,1,5,NULL,'note.added',NULL,'user',NULL,NULL,'2026-01-01T00:00:00Z',X'6bf0aad45c6eefa43145ba481ece21773a466b148b93827c8b0f0f849c49dd3f',NULL,NULL,NULL,NULL,NULL,'{"n":5,"text":"déjà vu"}');
INSERT INTO events VALUES(6,2,4,NULL,'note.added',NULL,'user',NULL,NULL,'2026-01-01T00:00:00Z',X'06187dc26474837489203b60fb3bcf350ef2f04160a23bff14b382ecb89c99b9',NULL,NULL,NULL,NULL,NULL,'{"n":4,"text":"déjà vu"}');
CREATE TABLE records (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;
INSERT INTO records VALUES('opening','first/00000001',1,'{"epoch":1}');
CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  -- SHA-256 of the file as it was applied.
  checksum TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT;
INSERT INTO schema_migrations VALUES(1,'00001_log.sql','494646a9e488d9629a6a2e83dfbad89bbd560b1859f7cd99673feac299905a17','2026-11-21T15:40:19Z');
INSERT INTO schema_migrations VALUES(2,'00002_ledger.sql','4e304d55a720012ec2c3093fd014c5587347f94a7f0bbd2f7c04e2bef11a92a6','2026-11-21T15:40:19Z');
INSERT INTO schema_migrations VALUES(3,'00003_sessions.sql','23801d7d58642c51a4a5fbf7f2300ac67b294a5ca2e576712bb4d0263bd49301','2026-11-22T20:01:04Z');
CREATE TABLE record_fields (
  kind TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (kind, field, value, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX events_by_id ON events (log, id) WHERE id IS NOT NULL;
CREATE INDEX record_fields_by_record ON record_fields (kind, id, field, value);
CREATE INDEX events_by_run ON events (log, run_id, seq) WHERE run_id IS NOT NULL;
CREATE INDEX events_by_time ON events (timestamp, log, seq) WHERE schema_version IS NOT NULL;
CREATE INDEX events_by_correlation ON events (correlation_id, log, seq) WHERE correlation_id IS NOT NULL;
COMMIT;
