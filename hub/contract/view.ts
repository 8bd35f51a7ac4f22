/** What dashboards ask for: live views and history. The schemas validate Socket.IO and HTTP alike. */
import Type from 'typebox';
import { limits } from './limits.ts';
import type { EventMessage } from './event.ts';
import type { Quality, ReadingTuple, Tags, Value } from './reading.ts';

const id = Type.String({ minLength: 1, maxLength: limits.idChars });

/** Device and metric patterns: an id, or one with `*` for any run of characters. */
export const ViewSpec = Type.Object(
  {
    /** Only in the fleet namespace: which groups; absent = all that the principal may read. */
    groups: Type.Optional(Type.Array(id, { maxItems: 100 })),
    devices: Type.Optional(Type.Array(id, { minItems: 1, maxItems: 1000 })),
    metrics: Type.Optional(Type.Array(id, { minItems: 1, maxItems: 1000 })),
    mode: Type.Optional(Type.Enum(['latest', 'raw'])),
    /** Frames per second at most: up to 60, in raw mode up to 200. */
    maxHz: Type.Optional(Type.Number({ minimum: 0.1, maximum: limits.maxHzRaw })),
  },
  { additionalProperties: false },
);
export type ViewSpec = Type.Static<typeof ViewSpec>;

export const Position = Type.Object(
  { epoch: Type.String({ minLength: 1, maxLength: 64 }), offset: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);
/** A place in the sequence of commits. */
export type Position = Type.Static<typeof Position>;

export const SubscribeRequest = Type.Object(
  {
    ...ViewSpec.properties,
    /** Resume: everything after this position that the view covers, or a `gap` with the reason. */
    from: Type.Optional(Position),
    /**
     * History up to the answer's offset, so that live continues it without a seam. Without `maxPoints` every reading;
     * more than `limits.historyPoints` are refused with `too-many-points`.
     */
    history: Type.Optional(
      Type.Object(
        {
          start: Type.Number(),
          maxPoints: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.historyPoints })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SubscribeRequest = Type.Static<typeof SubscribeRequest>;

export type GapReason = 'epoch-changed' | 'too-far-behind' | 'slow-consumer' | 'store-failed';

export interface SubscribeAnswer extends Position {
  readonly ok: true;
  readonly view: string;
  /** The newest value of each series of the view, at `offset`. */
  readonly latest: readonly ReadingTuple[];
  readonly history?: readonly HistorySeries[] | undefined;
  /** What was committed after `from`, oldest first. */
  readonly missed?: readonly ReadingTuple[] | undefined;
  /** The events of the view's devices that were committed after `from`, oldest first: never conflated. */
  readonly events?: readonly EventMessage[] | undefined;
  /** Not all of what was committed after `from` can be given: `missed` and `events` are absent then. */
  readonly gap?: GapReason | undefined;
}

/** What one bucket can say of its readings. */
export const aggregates = ['mean', 'min', 'max', 'last', 'first', 'sum', 'count'] as const;
export type Aggregate = (typeof aggregates)[number];

/** What stands in a bucket without a reading, in the words of InfluxQL's `fill()`; `none` leaves the bucket out. */
export const fills = ['none', 'null', 'previous', 'linear'] as const;
export type Fill = (typeof fills)[number];

/** Which series: ids of devices, and ids of metrics or patterns with `*` for any run of characters. */
const selection = {
  devices: Type.Array(id, { minItems: 1, maxItems: limits.historySeries }),
  metrics: Type.Optional(Type.Array(id, { minItems: 1, maxItems: limits.historySeries })),
};

export const HistoryQuery = Type.Object(
  {
    ...selection,
    /** Epoch ms, both; `start` included, `end` (default: now) excluded. */
    start: Type.Number(),
    end: Type.Optional(Type.Number()),
    /** At most this many buckets per series; without it, and without `window`, raw points. */
    maxPoints: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.historyPoints })),
    /** Bucket width in ms. */
    window: Type.Optional(Type.Number({ minimum: 1 })),
    /** Buckets only: these columns, in this order, as `rows`; without it the band, as `buckets`. */
    aggregates: Type.Optional(
      Type.Array(Type.Enum([...aggregates]), {
        minItems: 1,
        maxItems: aggregates.length,
        uniqueItems: true,
      }),
    ),
    /** With `aggregates` only (default `none`). */
    fill: Type.Optional(Type.Enum([...fills])),
    /** Raw points only: at most this many in all, oldest first (default `limits.historyPoints`). */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.historyPoints })),
    /** Raw points only: goes on after the page whose answer had this `cursor`; everything else as asked before. */
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  { additionalProperties: false },
);
export type HistoryQuery = Type.Static<typeof HistoryQuery>;

export const LastQuery = Type.Object(
  {
    ...selection,
    /** Epoch ms, included (default: the newest there is). */
    at: Type.Optional(Type.Number()),
  },
  { additionalProperties: false },
);
/** The last value of each series at a time. */
export type LastQuery = Type.Static<typeof LastQuery>;

/** Epoch ms, value and, when not good, quality. */
export type RawPoint = readonly [timeMs: number, value: Value, quality?: Quality];
/**
 * The band of one bucket: its start in epoch ms; `min`, `max` and `mean` of its numbers, null without one; how many of
 * its readings have a value; the last value of any kind. A spike of one reading is its minimum or maximum.
 */
export type BucketPoint = readonly [
  timeMs: number,
  min: number | null,
  max: number | null,
  mean: number | null,
  count: number,
  last: Value,
];
/**
 * One bucket as `aggregates` asked: its start in epoch ms, then one value per aggregate. `mean`, `min`, `max` and `sum`
 * are of numbers and null without one; `first` and `last` are of any kind; `count` is how many have a value.
 */
export type AggregateRow = readonly [timeMs: number, ...values: Value[]];

export interface SeriesName {
  readonly device: string;
  readonly metric: string;
  readonly tags?: Tags | undefined;
}

export interface HistorySeries extends SeriesName {
  /** Exactly one of the three is filled. */
  readonly points?: readonly RawPoint[] | undefined;
  readonly buckets?: readonly BucketPoint[] | undefined;
  readonly rows?: readonly AggregateRow[] | undefined;
}

export interface HistoryAnswer {
  /** Bucket width in ms; absent for raw points. */
  readonly window?: number | undefined;
  readonly series: readonly HistorySeries[];
  /** Everything committed up to here is in it; absent where a database behind the hub answered. */
  readonly offset?: number | undefined;
  /** More raw points existed than `limit` allowed: the next page begins at `cursor`. */
  readonly truncated: boolean;
  readonly cursor?: string | undefined;
}

export interface LastReading extends SeriesName {
  readonly point: RawPoint;
}

export interface LastAnswer {
  readonly series: readonly LastReading[];
}
