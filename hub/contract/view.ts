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
    maxHz: Type.Optional(Type.Number({ minimum: 0.1, maximum: limits.maxHz })),
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
    /** History up to the answer's offset, so that live continues it without a seam. */
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

export const aggregates = ['mean', 'min', 'max', 'last', 'first', 'sum', 'count'] as const;
export type Aggregate = (typeof aggregates)[number];

export const HistoryQuery = Type.Object(
  {
    devices: Type.Array(id, { minItems: 1, maxItems: limits.historySeries }),
    /** Ids, or patterns with `*` for any run of characters. */
    metrics: Type.Optional(Type.Array(id, { minItems: 1, maxItems: limits.historySeries })),
    /** Epoch ms, both; `start` included, `end` (default: now) excluded. */
    start: Type.Number(),
    end: Type.Optional(Type.Number()),
    /** At most this many buckets per series; without it, and without `window`, raw points. */
    maxPoints: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.historyPoints })),
    /** Bucket width in ms. */
    window: Type.Optional(Type.Number({ minimum: 1 })),
    /** Raw points only: at most this many in all, oldest first (default `limits.historyPoints`). */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.historyPoints })),
  },
  { additionalProperties: false },
);
export type HistoryQuery = Type.Static<typeof HistoryQuery>;

/** Epoch ms, value and, when not good, quality. */
export type RawPoint = readonly [timeMs: number, value: Value, quality?: Quality];
/** One bucket: its start in epoch ms, then the aggregates of its numeric values, then the last value of any kind. */
export type BucketPoint = readonly [
  timeMs: number,
  min: number | null,
  max: number | null,
  mean: number | null,
  count: number,
  last: Value,
];

export interface HistorySeries {
  readonly device: string;
  readonly metric: string;
  readonly tags?: Tags | undefined;
  /** Exactly one of the two is filled. */
  readonly points?: readonly RawPoint[] | undefined;
  readonly buckets?: readonly BucketPoint[] | undefined;
}

export interface HistoryAnswer {
  /** Bucket width in ms; absent for raw points. */
  readonly window?: number | undefined;
  readonly series: readonly HistorySeries[];
  /** More raw points existed than `limit` allowed. */
  readonly truncated: boolean;
}
