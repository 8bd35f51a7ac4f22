-- The last hours in slots of ten seconds, five minutes a row (hub/store/fine.ts). Nothing but a shortcut: what is not
-- here is read from `raw`. The id is block and series in one number.
CREATE TABLE fine (id INTEGER PRIMARY KEY, slots BLOB NOT NULL) STRICT;
