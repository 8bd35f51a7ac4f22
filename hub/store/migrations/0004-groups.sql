-- Groups that somebody made or gave a title; `record` is JSON. Others are there by their devices alone.
CREATE TABLE IF NOT EXISTS groups (grp TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
