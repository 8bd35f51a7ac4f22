CREATE TABLE mappings (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The last payloads of each topic of the inbox: a mapping is tried on them, and takes them in.
CREATE TABLE inbox_payloads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  topic TEXT NOT NULL REFERENCES inbox (topic) ON DELETE CASCADE,
  at REAL NOT NULL,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX inbox_payloads_by_topic ON inbox_payloads (topic, id);
INSERT INTO inbox_payloads (topic, at, payload) SELECT topic, last_seen, payload FROM inbox;
ALTER TABLE inbox DROP COLUMN payload;

-- JSON: what a replay has to know beside the bytes.
ALTER TABLE quarantine ADD COLUMN circumstances TEXT;
