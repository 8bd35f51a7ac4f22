/** How the hub is, part by part: what `GET /api/v1/status` answers. */

/** Something that listens or connects. */
export interface EdgeStatus {
  readonly name: string;
  readonly state: 'starting' | 'up' | 'degraded' | 'down' | 'stopped';
  readonly detail?: string | undefined;
  /** `host:port` as bound, or the broker's URL without credentials. */
  readonly address?: string | undefined;
  readonly connections?: number | undefined;
}

export interface StoreStatus {
  /** Bytes of the database and its write-ahead log. */
  readonly bytes: number;
  /** The newest committed offset. */
  readonly head: number;
  /** Up to here readings are in the clustered history. */
  readonly merged: number;
  readonly series: number;
  /** Why nothing can be stored now; absent when well. */
  readonly failing?: string | undefined;
  /** What waits for the database behind the hub; absent without one. */
  readonly spool?: SpoolStatus | undefined;
}

/** What the journal holds for the database behind the hub. */
export interface SpoolStatus {
  /** Readings and events that were not taken yet. */
  readonly waiting: number;
  /** What they take on disk, about. */
  readonly bytes: number;
  /** Above this it is full. */
  readonly maxBytes: number;
}

export interface HubStatus {
  readonly state: 'starting' | 'ok' | 'degraded' | 'stopping';
  readonly version: string;
  readonly epoch: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly edges: readonly EdgeStatus[];
  readonly store: StoreStatus;
  readonly devices: { readonly groups: number; readonly total: number; readonly online: number };
  /** Every count since the start, as `name/reason`. */
  readonly counters: Readonly<Record<string, number>>;
  /** Bytes. */
  readonly memoryRss: number;
}
