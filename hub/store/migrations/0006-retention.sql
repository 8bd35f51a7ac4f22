-- From here on a series is whole, in every tier; what lies before is being deleted and no longer shown.
CREATE TABLE floors (series INTEGER PRIMARY KEY, time INTEGER NOT NULL) STRICT;
