/**
 * What a reading is: one value of one series at one instant.
 * Pure words and pure functions; runs in browsers too.
 */

/** How far a value may be trusted. Anything but `good` travels with the value to store and screen. */
export const qualities = ['good', 'uncertain', 'stale', 'bad'] as const;
export type Quality = (typeof qualities)[number];

/** `null` only with quality `bad`: the device answered, but not with a value. */
export type Value = number | string | boolean | null;

/** Part of a series' identity. Descriptive labels belong to the device instead. */
export type Tags = Readonly<Record<string, string>>;

/** The identity of a series. */
export interface Series {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  readonly tags?: Tags | undefined;
}

/** How a reading was called in InfluxDB line protocol, where its series' ids were made of these names. */
export interface LineName {
  readonly measurement: string;
  /** As they came, with the one that names the device. */
  readonly tags: Tags;
  readonly field: string;
}

/** A whole number that its sender wrote as such: line protocol's `2i` and `2u`. */
export type NumberForm = 'integer' | 'unsigned';

/** A validated reading, on its way to the journal. */
export interface Reading extends Series {
  /** Microseconds since the Unix epoch, an integer. */
  readonly timeUs: number;
  readonly value: Value;
  readonly quality: Quality;
  /** Whose clock `timeUs` is: a hub-stamped reading that is sent again cannot be recognised. */
  readonly stampedBy: 'device' | 'hub';
  /** The transport said that this may be a repeat (MQTT DUP) and nothing identifies it. */
  readonly possibleDuplicate?: boolean | undefined;
  /** The sender's own id of this reading: makes it idempotent whatever its time. */
  readonly id?: string | undefined;
  /** Only of readings that came as line protocol. */
  readonly line?: LineName | undefined;
  readonly form?: NumberForm | undefined;
}

/** A reading after its commit. Offsets are unique and increasing within one epoch. */
export interface CommittedReading extends Reading {
  readonly offset: number;
}

/**
 * A reading as it crosses the wire to a dashboard: device, metric, epoch ms (fractions allowed),
 * value, then quality (when not good, or when tags follow) and tags.
 */
export type ReadingTuple = readonly [
  device: string,
  metric: string,
  timeMs: number,
  value: Value,
  quality?: Quality,
  tags?: Tags,
];

/** A canonical text for a tag set: keys sorted, `k=v` joined by commas; empty for no tags. */
export function tagsKey(tags: Tags | undefined): string {
  if (tags === undefined) return '';
  const keys = Object.keys(tags);
  if (keys.length === 0) return '';
  return keys
    .toSorted()
    .map((key) => `${encodeURIComponent(key)}=${encodeURIComponent(tags[key] ?? '')}`)
    .join(',');
}

/** One string per series, unique across the hub. Ids hold no `/`, so the parts cannot run together. */
export function seriesKey(series: Series): string {
  const tags = tagsKey(series.tags);
  const base = `${series.group}/${series.device}/${series.metric}`;
  return tags === '' ? base : `${base}?${tags}`;
}

export function toTuple(
  reading: Pick<Reading, 'device' | 'metric' | 'timeUs' | 'value' | 'quality' | 'tags'>,
  device: string = reading.device,
): ReadingTuple {
  const timeMs = reading.timeUs / 1000;
  if (reading.tags !== undefined)
    return [device, reading.metric, timeMs, reading.value, reading.quality, reading.tags];
  if (reading.quality !== 'good') return [device, reading.metric, timeMs, reading.value, reading.quality];
  return [device, reading.metric, timeMs, reading.value];
}
