-- The first layout. Times are integer microseconds since 1970, offsets are one sequence over readings and events.
-- `value` holds numbers and booleans (1, 0), `text` holds strings, `flags` says which (hub/store/rows.ts).

CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  grp TEXT NOT NULL,
  device TEXT NOT NULL,
  metric TEXT NOT NULL,
  tags TEXT NOT NULL, -- JSON with sorted keys; empty for none
  UNIQUE (grp, device, metric, tags)
) STRICT;

-- Hot: as they came. The rowid is the offset.
CREATE TABLE hot (
  offset INTEGER PRIMARY KEY,
  series INTEGER NOT NULL,
  time INTEGER NOT NULL,
  value REAL,
  text TEXT,
  flags INTEGER NOT NULL
) STRICT;

-- Where the merge stands: everything up to `merged` is in the history; of what follows up to `target`, sorted by
-- (series, time, offset), everything up to the place is in it too.
CREATE TABLE merge (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  merged INTEGER NOT NULL,
  target INTEGER NOT NULL,
  series INTEGER NOT NULL,
  time INTEGER NOT NULL,
  offset INTEGER NOT NULL
) STRICT;
INSERT INTO merge VALUES (1, 0, 0, 0, 0, 0);

-- History: clustered by series and time. `sub` keeps different values of one instant apart.
CREATE TABLE raw (
  series INTEGER NOT NULL,
  time INTEGER NOT NULL,
  sub INTEGER NOT NULL,
  value REAL,
  text TEXT,
  flags INTEGER NOT NULL,
  PRIMARY KEY (series, time, sub)
) STRICT, WITHOUT ROWID;

-- Tiers: buckets of a minute and of an hour (`width`, µs), each with `count`, `min`, `max` and `sum` of its numbers and
-- the last reading of any kind.
CREATE TABLE tiers (
  width INTEGER NOT NULL,
  series INTEGER NOT NULL,
  time INTEGER NOT NULL,
  count INTEGER NOT NULL,
  min REAL,
  max REAL,
  sum REAL,
  last_time INTEGER NOT NULL,
  last_value REAL,
  last_text TEXT,
  last_flags INTEGER NOT NULL,
  PRIMARY KEY (width, series, time)
) STRICT, WITHOUT ROWID;

-- The newest merged reading of each series.
CREATE TABLE latest (
  series INTEGER PRIMARY KEY,
  offset INTEGER NOT NULL,
  time INTEGER NOT NULL,
  value REAL,
  text TEXT,
  flags INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
  offset INTEGER PRIMARY KEY,
  grp TEXT NOT NULL,
  device TEXT NOT NULL,
  name TEXT NOT NULL,
  time INTEGER NOT NULL,
  data TEXT NOT NULL, -- JSON
  flags INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_group ON events (grp, time);
CREATE INDEX events_by_device ON events (grp, device, time);

-- What identifies a repeat: senders' own ids, and MQTT QoS 2 packet ids until they are released. Oldest first.
CREATE TABLE remembered_ids (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE packet_ids (
  seq INTEGER PRIMARY KEY,
  client TEXT NOT NULL,
  packet INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  UNIQUE (client, packet)
) STRICT;

-- Records of the control plane; `record` is JSON.
CREATE TABLE devices (
  grp TEXT NOT NULL,
  device TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (grp, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
  seq INTEGER PRIMARY KEY,
  grp TEXT NOT NULL,
  id TEXT NOT NULL,
  device TEXT NOT NULL,
  state TEXT NOT NULL,
  final INTEGER NOT NULL,
  record TEXT NOT NULL,
  UNIQUE (grp, id)
) STRICT;
CREATE INDEX commands_by_device ON commands (grp, device, seq);
CREATE INDEX commands_open ON commands (seq) WHERE final = 0;

CREATE TABLE tokens (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (id_hash TEXT PRIMARY KEY, expires_at REAL NOT NULL, record TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE audit (id INTEGER PRIMARY KEY, record TEXT NOT NULL) STRICT;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  source TEXT NOT NULL, -- JSON
  content_type TEXT,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE inbox (
  topic TEXT PRIMARY KEY,
  payload BLOB NOT NULL,
  principal TEXT NOT NULL,
  why TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_seen REAL NOT NULL,
  last_seen REAL NOT NULL
) STRICT;
CREATE INDEX inbox_by_age ON inbox (last_seen);
