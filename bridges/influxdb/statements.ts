/** The statements of history in InfluxQL, and what their rows mean. Times are µs since 1970. Pure. */
import { qualities, type Quality, type Value } from '#contract/reading.ts';
import type { Aggregate, AggregateRow, BucketPoint, RawPoint } from '#contract/view.ts';
import type { MetricFields } from './catalogue.ts';
import { quoteName } from './influxql.ts';

/** What a statement reads: some metrics of one measurement, where the condition holds. */
export interface Source {
  readonly measurement: string;
  readonly condition: string;
  readonly metrics: readonly MetricFields[];
}

type Row = readonly unknown[];

const columnsOf = ({ fields, quality }: MetricFields): readonly string[] => [
  ...fields.map(({ name }) => name),
  ...(quality === undefined ? [] : [quality]),
];

export function rawStatement({ measurement, condition, metrics }: Source, limit: number): string {
  const columns = metrics.flatMap(columnsOf).map(quoteName).join(', ');
  return `SELECT ${columns} FROM ${quoteName(measurement)} WHERE ${condition} GROUP BY * ORDER BY time LIMIT ${limit}`;
}

/** The last row of each series; a field that is not in it is not told. */
export function newestStatement({ measurement, metrics }: Source): string {
  const columns = metrics.flatMap(columnsOf).map(quoteName).join(', ');
  return `SELECT ${columns} FROM ${quoteName(measurement)} GROUP BY * ORDER BY time DESC LIMIT 1`;
}

/** The points of each metric, in order. */
export function rawPoints(metrics: readonly MetricFields[], rows: readonly Row[]): readonly RawPoint[][] {
  let column = 1;
  return metrics.map((metric) => {
    const first = column;
    column += columnsOf(metric).length;
    return rows.flatMap((row) => pointsOf(metric, row, first));
  });
}

/** @param first the column of its first field */
function pointsOf({ fields, quality }: MetricFields, row: Row, first: number): readonly RawPoint[] {
  const said = quality === undefined ? undefined : row[first + fields.length];
  const trust = qualities.find((known) => known === said) ?? 'good';
  return fields.flatMap((_, index) => {
    const value = row[first + index];
    return isValue(value) ? [pointOf(Number(row[0]), value, trust)] : [];
  });
}

function pointOf(timeUs: number, value: Value, quality: Quality): RawPoint {
  return quality === 'good' ? [timeUs / 1000, value] : [timeUs / 1000, value, quality];
}

function isValue(value: unknown): value is NonNullable<Value> {
  return ['number', 'string', 'boolean'].includes(typeof value);
}

/** The newest value of one field, with its quality. */
export function lastStatement(source: Omit<Source, 'metrics'>, { field, quality }: OneField): string {
  const columns = [`last(${quoteName(field)})`, ...(quality === undefined ? [] : [quoteName(quality)])];
  const where = source.condition === '' ? '' : ` WHERE ${source.condition}`;
  return `SELECT ${columns.join(', ')} FROM ${quoteName(source.measurement)}${where} GROUP BY *`;
}

export interface OneField {
  readonly field: string;
  readonly quality: string | undefined;
}

export function lastPoint(row: Row, { quality }: OneField): RawPoint | undefined {
  const fields = [{ name: '', isNumber: true }];
  return pointsOf({ base: '', fields, quality }, row, 1)[0];
}

const numberColumns = ['min', 'max', 'sum', 'count', 'first', 'last'] as const;
const otherColumns = ['count', 'first', 'last'] as const;

export function bucketStatement({ measurement, condition, metrics }: Source, windowUs: number): string {
  const columns = metrics.flatMap(({ fields }) =>
    fields.flatMap(({ name, isNumber }) =>
      (isNumber ? numberColumns : otherColumns).map((call) => `${call}(${quoteName(name)})`),
    ),
  );
  return (
    `SELECT ${columns.join(', ')} FROM ${quoteName(measurement)} WHERE ${condition} ` +
    `GROUP BY time(${windowUs}u), * fill(none)`
  );
}

/** One bucket of one metric. */
export interface Bucket {
  readonly timeMs: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number;
  /** Of numbers, and of readings of any kind. */
  readonly numbers: number;
  readonly readings: number;
  readonly first: Value;
  readonly last: Value;
}

/** The buckets of each metric that have a reading. */
export function bucketsOf(metrics: readonly MetricFields[], rows: readonly Row[]): readonly Bucket[][] {
  let column = 1;
  return metrics.map(({ fields }) => {
    const from = column;
    const width = fields.reduce(
      (sum, { isNumber }) => sum + (isNumber ? numberColumns : otherColumns).length,
      0,
    );
    column += width;
    return rows.map((row) => foldFields(fields, row, from)).filter(({ readings }) => readings > 0);
  });
}

/** Fields beside each other are one metric; of two last values the one of its own field counts. */
function foldFields(fields: MetricFields['fields'], row: Row, from: number): Bucket {
  let column = from;
  let bucket: Bucket = { timeMs: Number(row[0]) / 1000, ...empty };
  for (const { isNumber } of fields) {
    const names = isNumber ? numberColumns : otherColumns;
    const one = Object.fromEntries(names.map((name, index) => [name, row[column + index]]));
    column += names.length;
    const count = Number(one['count'] ?? 0);
    if (count === 0) continue;
    bucket = {
      ...bucket,
      ...(isNumber && {
        min: Math.min(bucket.min ?? Infinity, Number(one['min'])),
        max: Math.max(bucket.max ?? -Infinity, Number(one['max'])),
        sum: bucket.sum + Number(one['sum']),
        numbers: bucket.numbers + count,
      }),
      readings: bucket.readings + count,
      first: bucket.first ?? valueOf(one['first']),
      last: bucket.last ?? valueOf(one['last']),
    };
  }
  return bucket;
}

const empty = { min: null, max: null, sum: 0, numbers: 0, readings: 0, first: null, last: null };

function valueOf(value: unknown): Value {
  return isValue(value) ? value : null;
}

export function toBand({ timeMs, min, max, sum, numbers, readings, last }: Bucket): BucketPoint {
  return [timeMs, min, max, numbers === 0 ? null : sum / numbers, readings, last];
}

const columns: Readonly<Record<Aggregate, (bucket: Bucket) => Value>> = {
  mean: ({ sum, numbers }) => (numbers === 0 ? null : sum / numbers),
  min: ({ min }) => min,
  max: ({ max }) => max,
  sum: ({ sum, numbers }) => (numbers === 0 ? null : sum),
  first: ({ first }) => first,
  last: ({ last }) => last,
  count: ({ readings }) => readings,
};

export function toRow(bucket: Bucket, aggregates: readonly Aggregate[]): AggregateRow {
  return [bucket.timeMs, ...aggregates.map((aggregate) => columns[aggregate](bucket))];
}
