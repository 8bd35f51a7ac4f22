/** How the hub is, part by part: what `GET /api/v1/status` answers. */

/** Something that listens or connects. */
export interface EdgeStatus {
  readonly name: string;
  readonly state: 'starting' | 'up' | 'degraded' | 'down' | 'stopped';
  readonly detail?: string | undefined;
  /** `host:port` as bound, or the broker's URL without credentials. */
  readonly address?: string | undefined;
  readonly connections?: number | undefined;
  /** For whoever runs the other side: what it will lose while the hub is away, and what to change. */
  readonly advice?: string | undefined;
  /** Messages that the broker says it dropped, for whichever of its clients, since the hub listens. */
  readonly droppedByBroker?: number | undefined;
  /** Messages from a broker, and how many of them it was told are kept (PUBACK), since the start. */
  readonly messages?: { readonly received: number; readonly acknowledged: number } | undefined;
  /** How often the way to a broker was lost, or not found, and tried again. */
  readonly reconnects?: number | undefined;
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
  /** The room around it; absent where the system does not say. */
  readonly disk?: DiskStatus | undefined;
  /** What waits for the database behind the hub; absent without one. */
  readonly spool?: SpoolStatus | undefined;
}

/**
 * `low` is a warning; at `short` backups, imports and what nobody waits for are refused; at `full` a reserve is left, and
 * nothing is taken in.
 */
export type DiskState = 'enough' | 'low' | 'short' | 'full';

export interface DiskStatus {
  readonly state: DiskState;
  /** What the hub may still take, bytes. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** What the journal holds for the database behind the hub. */
export interface SpoolStatus {
  /** Readings and events that were not taken yet. */
  readonly waiting: number;
  /** What they take on disk, about. */
  readonly bytes: number;
  /** Above this it is full. */
  readonly maxBytes: number;
  /** How long the oldest of them has waited, about: so many seconds the database is behind. 0 when nothing waits. */
  readonly ageSeconds: number;
}

/** One Socket.IO connection that ended: the answer to "why was I disconnected?". */
export interface ConnectionEnd {
  readonly reason: string;
  readonly transport: string;
  /** How long it lived, ms. */
  readonly ageMs: number;
  /** Bytes that were never sent. */
  readonly bufferedBytes: number;
  /** The last round trip measured, ms. */
  readonly roundTripMs?: number | undefined;
  /** Epoch ms. */
  readonly closedAt: number;
}

export interface SocketsStatus {
  readonly connections: number;
  /** Bytes that wait in all of them. */
  readonly queuedBytes: number;
  /** Connections with more waiting than a frame that may be skipped must find: they do not keep up now. */
  readonly slow: number;
  /** The last ones that ended, newest first. */
  readonly lastCloses: readonly ConnectionEnd[];
}

/** How often the hub was started within the last ten minutes, this time included. */
export interface StartsStatus {
  readonly recent: number;
  /** Earlier runs among them that nobody ended: killed, failed, or never ready. */
  readonly uncleanEnds: number;
  /** Three of those: something starts the hub again and again. */
  readonly looping: boolean;
}

export interface HubStatus {
  readonly state: 'starting' | 'ok' | 'degraded' | 'stopping';
  readonly version: string;
  readonly epoch: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly starts: StartsStatus;
  readonly edges: readonly EdgeStatus[];
  readonly store: StoreStatus;
  readonly sockets: SocketsStatus;
  readonly devices: { readonly groups: number; readonly total: number; readonly online: number };
  /** Every count since the start, as `name/reason`. */
  readonly counters: Readonly<Record<string, number>>;
  /** Bytes. */
  readonly memoryRss: number;
  /** The Socket.IO Admin UI is served at `/admin-ui/`. */
  readonly adminUi: boolean;
}
