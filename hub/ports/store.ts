/** The one file, seen as its tables. `hub/store` implements all of it over worker threads. Types only. */
import type { TokenInfo } from '../contract/access.ts';
import type { CommandRecord, CommandState } from '../contract/command.ts';
import type { DeviceName, DeviceRecord, GroupRecord } from '../contract/device.ts';
import type { TryAgainError } from '../contract/errors.ts';
import type { CommittedEvent, DeviceEvent } from '../contract/event.ts';
import type {
  CommittedReading,
  LineName,
  NumberForm,
  Quality,
  Reading,
  Series,
  Value,
} from '../contract/reading.ts';
import type { RetentionRule } from '../contract/retention-rules.ts';
import type { SpoolStatus, StoreStatus } from '../contract/status.ts';
import type { Aggregate, HistoryAnswer, LastAnswer, LastQuery } from '../contract/view.ts';
import type { Delivery, QuarantineItem } from './ingest.ts';
import type { BrokerStateStore, InboxStore, MappingStore, QuarantineStore } from './kept.ts';

export interface JournalBatch {
  readonly readings: readonly Reading[];
  readonly events: readonly DeviceEvent[];
  readonly exactlyOnce?: Delivery['exactlyOnce'];
  /** Rows for quarantine, in the same transaction. */
  readonly quarantine?: readonly QuarantineItem[] | undefined;
  /** Namespaces the readings' own `id`s: the principal. */
  readonly principal: string;
  readonly givesWay?: Delivery['givesWay'];
  readonly isUrgent?: Delivery['isUrgent'];
}

export interface JournalCommit {
  /** One per reading of the batch, in order; undefined = a repeat that was already stored (by id or packet id). */
  readonly readingOffsets: readonly (number | undefined)[];
  readonly eventOffsets: readonly (number | undefined)[];
  /** The newest offset after this commit. */
  readonly offset: number;
}

/** Hears what became of an append, after the fsync: exactly one of the two, once. */
export interface AppendListener {
  committed(commit: JournalCommit): void;
  failed(error: Error): void;
}

export interface JournalPage {
  readonly readings: readonly CommittedReading[];
  readonly events: readonly CommittedEvent[];
  /** Up to here everything was looked at; ask again after it. */
  readonly offset: number;
  readonly more: boolean;
}

export interface Journal {
  /** Made with the file; changes only when offsets could repeat. */
  readonly epoch: string;
  /** The newest committed offset; 0 when empty. */
  head(): number;
  /** The oldest offset that `read` still has. */
  tail(): number;
  /** Group commit: many callers, one fsync, no linger. Resolves after the fsync. @throws {TryAgainError} */
  append(batch: JournalBatch): Promise<JournalCommit>;
  read(after: number, limit: number): Promise<JournalPage>;
}

/** A series as a follower knows it: one object a series, so that what is made of it can be kept by it. */
export interface FollowedSeries extends Series {
  /** Its names in line protocol, if a reading of it came so. */
  readonly line: LineName | undefined;
}

export interface FollowedReading {
  readonly series: FollowedSeries;
  readonly timeUs: number;
  readonly value: Value;
  readonly quality: Quality;
  /** It came as line protocol: `series.line` is there. */
  readonly isLine: boolean;
  readonly form: NumberForm | undefined;
}

export interface FollowedPage {
  readonly readings: readonly FollowedReading[];
  /** Up to here everything was looked at. */
  readonly offset: number;
  readonly more: boolean;
}

/** Whoever follows the journal from a place that outlives the process: what it has not taken yet is spooled. */
export interface JournalFollower {
  /** Everything up to this offset was taken. */
  position(): number;
  /**
   * Durable when resolved. Rows below stay for a replay window; going back below it ends at the oldest row there is.
   * @returns the position from now on @throws {TryAgainError}
   */
  moveTo(offset: number): Promise<number>;
  /** The oldest readings above an offset. */
  read(after: number, limit: number): Promise<FollowedPage>;
  spool(): SpoolStatus;
}

/** The series of the file, held in memory: a new one is told from a known one without asking a thread. */
export interface SeriesIndex {
  /** The number of a known series; its names were validated when it was added. */
  find(series: Series): number | undefined;
  /** Gives a validated series a number; it becomes durable with its first reading. */
  add(series: Series): number;
  /** How many series the device has. */
  countOf(group: string, device: string): number;
  readonly size: number;
}

/** The journal as ingest sees it. */
export interface IngestJournal extends Journal {
  readonly series: SeriesIndex;
  /** `append` without a promise for each: all that one commit made durable is told in one go. Never throws. */
  enqueue(batch: JournalBatch, listener: AppendListener): void;
  /** Why nothing that gives way would be taken now; undefined: it may be. */
  readonly shedding: TryAgainError | undefined;
  /**
   * The packet id is free again (PUBREL), or without `packetId` all of the client's (clean session): the next
   * delivery that carries it is a new one. Resolves when durable. @throws {TryAgainError}
   */
  release(clientId: string, packetId?: number): Promise<void>;
  /** Nothing is gathered any more, whoever waits is answered soon: the hub is about to stop. */
  stopLingering(): void;
}

/** A checked question: what people ask of `History` is planned into one of these. */
export interface RangeQuery {
  readonly devices: readonly string[];
  /** Ids, or patterns with `*`; absent: all. */
  readonly metrics?: readonly string[] | undefined;
  /** Epoch ms with at most µs, `start` included, `end` excluded. */
  readonly start: number;
  readonly end: number;
  /** Bucket width in ms; buckets begin at multiples of it. Absent: raw points. */
  readonly window?: number | undefined;
  /** Absent: the band. */
  readonly aggregates?: readonly Aggregate[] | undefined;
  /** Raw points only: the oldest of all series together; at one instant the earlier series first. */
  readonly limit?: number | undefined;
}

/**
 * Where readings can be asked for: the embedded history, or a database behind the hub. Every implementation answers
 * alike, which `test/suites/history-store.ts` checks: series sorted by device, metric and tags; those without a reading
 * in the range left out, and so are empty buckets; times rounded to µs.
 */
export interface ReadingStore {
  /** @throws {RequestError} 422 `too-many-series` @throws {TryAgainError} it does not answer now */
  query(group: string, query: RangeQuery): Promise<HistoryAnswer>;
  /** @throws as `query` */
  lastAt(group: string, query: LastQuery): Promise<LastAnswer>;
}

export interface HistoryStore extends ReadingStore {
  /** The newest reading of every series, in pages, for a warm start; a series may come twice, in any order. */
  latest(): AsyncIterable<readonly CommittedReading[]>;
  events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]>;
}

/** Everything the hub remembers, as one file of one instant. */
export interface Backup {
  readonly bytes: number;
  /** Read it once, or end it: what it takes on disk is free after that. */
  readonly content: AsyncGenerator<Uint8Array>;
}

export interface Backups {
  /** @throws {RequestError} 409 `backup-under-way` */
  backup(): Promise<Backup>;
}

/** The rules by which history is let go. */
export interface RetentionStore {
  load(): Promise<readonly RetentionRule[]>;
  /** Durable when resolved; what is too old by them goes soon after. @throws {TryAgainError} */
  save(rules: readonly RetentionRule[]): Promise<void>;
}

export interface EventQuery {
  readonly device?: string | undefined;
  /** Only those that come before this one in the order of their times. */
  readonly before?: { readonly timeUs: number; readonly offset: number } | undefined;
  /** Epoch ms. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly limit?: number | undefined;
}

export interface DeviceStore {
  /** In pages. */
  load(): AsyncIterable<readonly DeviceRecord[]>;
  save(records: readonly DeviceRecord[]): Promise<void>;
  loadGroups(): Promise<readonly GroupRecord[]>;
  saveGroup(group: GroupRecord): Promise<void>;
  deleteGroup(group: string): Promise<void>;
  /** Series, events and commands of `from` are those of `to`; the row of `from` is gone. Durable when resolved. */
  move(from: DeviceName, to: DeviceName): Promise<void>;
}

export interface CommandQuery {
  readonly device?: string | undefined;
  readonly limit: number;
  /** Only those older than the command with this id. */
  readonly before?: string | undefined;
}

export interface CommandStore {
  /** Durable insert; returns the stored command when (group, id) exists already. */
  insert(command: CommandRecord): Promise<{ readonly created: boolean; readonly command: CommandRecord }>;
  /** Durable overwrite of a command that was read with state `from`; false if its state has changed since. */
  update(command: CommandRecord, from: CommandState): Promise<boolean>;
  get(group: string, id: string): Promise<CommandRecord | undefined>;
  /** Not in a final state, all groups, oldest first. */
  open(): Promise<readonly CommandRecord[]>;
  /** Newest first. */
  list(group: string, query: CommandQuery): Promise<readonly CommandRecord[]>;
}

export interface TokenRow extends TokenInfo {
  /** SHA-256 of the secret, hex. */
  readonly secretHash: string;
}

/** A session or a login code: the id is the SHA-256 of its secret, hex. */
export interface SessionRow {
  readonly idHash: string;
  readonly kind: 'session' | 'login-code';
  readonly tokenId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface TokenStore {
  load(): Promise<{ readonly tokens: readonly TokenRow[]; readonly sessions: readonly SessionRow[] }>;
  saveToken(token: TokenRow): Promise<void>;
  saveSession(session: SessionRow): Promise<void>;
  /** True for exactly one caller: that is what makes a login code single use. */
  deleteSession(idHash: string): Promise<boolean>;
}

export interface AuditEntry {
  /** Epoch ms. */
  readonly at: number;
  readonly principal: string;
  readonly address?: string | undefined;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
}

export interface AuditStore {
  append(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(limit: number, query?: AuditQuery): Promise<readonly AuditRow[]>;
}

export interface AuditRow extends AuditEntry {
  readonly id: number;
}

export interface AuditQuery {
  /** Only rows older than this id. */
  readonly before?: number | undefined;
  readonly principal?: string | undefined;
  /** The action, or the beginning of it: `command:` is all of commands. */
  readonly action?: string | undefined;
  /** Occurs in the target. */
  readonly target?: string | undefined;
}

/** The one file, seen as its tables. `hub/store` implements it over worker threads. */
export interface Store {
  readonly journal: IngestJournal;
  readonly history: HistoryStore;
  readonly devices: DeviceStore;
  readonly commands: CommandStore;
  readonly tokens: TokenStore;
  readonly audit: AuditStore;
  readonly quarantine: QuarantineStore;
  readonly inbox: InboxStore;
  readonly mappings: MappingStore;
  readonly brokerState: BrokerStateStore;
  readonly retention: RetentionStore;
  /** Only of a store that was opened with a spool. */
  readonly follower: JournalFollower | undefined;
  status(): Promise<StoreStatus>;
  /** Finishes what was appended, checkpoints, ends the workers. */
  close(): Promise<void>;
}
