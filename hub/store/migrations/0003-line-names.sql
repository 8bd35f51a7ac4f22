-- What a series is called in InfluxDB line protocol: JSON of measurement, field and tags; empty if none came so.
ALTER TABLE series ADD COLUMN line TEXT NOT NULL DEFAULT '';
