-- How many readings of a bucket have a value, of any kind; `count` stays that of its numbers, which the mean needs.
ALTER TABLE tiers ADD COLUMN readings INTEGER NOT NULL DEFAULT 0;
UPDATE tiers SET readings = (
  SELECT count(*) FROM raw
  WHERE raw.series = tiers.series AND raw.time >= tiers.time AND raw.time < tiers.time + tiers.width
    AND raw.flags >> 4 <> 3);
