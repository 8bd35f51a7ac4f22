/**
 * The promises between the parts, as types only: no part imports another, all meet here and are wired in `main.ts`.
 */
import type { Action, Principal, Role, Target, TokenInfo } from './contract/access.ts';
import type {
  CommandAnswer,
  CommandMessage,
  CommandRecord,
  CommandRequest,
  CommandState,
} from './contract/command.ts';
import type { DeviceDescription, DeviceInfo, DeviceRecord, GroupInfo, Presence } from './contract/device.ts';
import type { CommittedEvent, DeviceEvent, Json } from './contract/event.ts';
import type { EdgeStatus, StoreStatus } from './contract/status.ts';
import type { CommittedReading, Quality, Reading, ReadingTuple, Tags, Value } from './contract/reading.ts';
import type {
  GapReason,
  HistoryAnswer,
  HistoryQuery,
  Position,
  SubscribeAnswer,
  ViewSpec,
} from './contract/view.ts';

// ── Time, randomness, words to the operator ────────────────────────────────────────────────────────────────────────

export interface Clock {
  /** Wall clock: integer microseconds since the Unix epoch. May jump. */
  nowUs(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Calls `fn` once after `ms`; the returned function cancels. Never keeps the process alive. */
  after(ms: number, fn: () => void): () => void;
}

export interface Log {
  debug(message: string, facts?: object): void;
  /** Start, stop, reconfigured. */
  info(message: string, facts?: object): void;
  /** Odd but handled. */
  warn(message: string, facts?: object): void;
  /** Data lost or a person must act. */
  error(message: string, facts?: object): void;
}

/** Counts under a reason; nothing is dropped uncounted. Names and reasons are literals of the code, never input. */
export interface Counters {
  count(name: string, reason: string, by?: number): void;
}

// ── Ingest: the one door ───────────────────────────────────────────────────────────────────────────────────────────

export interface Source {
  readonly edge: 'mqtt' | 'socketio' | 'http';
  /** The principal's id; for an external broker `bridge:<name>`. */
  readonly principal: string;
  readonly address?: string | undefined;
  readonly topic?: string | undefined;
}

/** A reading as an edge decoded it: shape known, nothing validated yet. */
export interface IncomingReading {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  readonly tags?: Tags | undefined;
  /** The device's own time in µs; absent = stamped by the hub. */
  readonly timeUs?: number | undefined;
  readonly value: Value;
  readonly quality?: Quality | undefined;
  readonly id?: string | undefined;
}

export interface IncomingEvent {
  readonly group: string;
  readonly device: string;
  readonly name: string;
  readonly timeUs?: number | undefined;
  readonly data?: Json | undefined;
  readonly id?: string | undefined;
}

/** What one protocol message brought: the unit of acknowledgement. */
export interface Delivery {
  readonly source: Source;
  /** Arrival in µs of the hub's clock; ingest takes its own clock when absent. */
  readonly receivedAtUs?: number | undefined;
  readonly readings: readonly IncomingReading[];
  readonly events?: readonly IncomingEvent[] | undefined;
  /** Retained replays from an external broker: they seed the latest values and never become points. */
  readonly state?: readonly IncomingReading[] | undefined;
  /** MQTT DUP: what nothing else identifies is marked as a possible duplicate. */
  readonly possibleDuplicate?: boolean | undefined;
  /** MQTT QoS 2: stored in the same transaction, so that a retransmission adds nothing. */
  readonly exactlyOnce?: { readonly clientId: string; readonly packetId: number } | undefined;
  /** The bytes as they came, for quarantine. */
  readonly raw?: RawPayload | undefined;
}

export interface RawPayload {
  readonly bytes: Uint8Array;
  readonly contentType?: string | undefined;
}

export interface Rejection {
  /** Index into `readings`, then on into `events`. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

export interface Receipt {
  readonly epoch: string;
  /** The last offset that is durable with this delivery. */
  readonly offset: number;
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

export interface Ingest {
  /**
   * Takes one delivery into the hub. Resolving *is* the acknowledgement: the readings are on disk.
   * Readings that can never be accepted are in quarantine and listed in the receipt.
   * @throws {RejectedDeliveryError} nothing in it can ever be accepted; it is in quarantine: acknowledge it
   * @throws {TryAgainError} not stored this time: do not acknowledge, the sender will repeat
   */
  accept(delivery: Delivery): Promise<Receipt>;
  /** Keeps what an edge could not even decode. Resolves when durable; then the edge acknowledges. @throws {TryAgainError} */
  quarantine(item: QuarantineItem): Promise<void>;
  /** Keeps a topic that no mapping knows: counted, with its last payload, for a person to look at. @throws {TryAgainError} */
  toInbox(item: InboxItem): Promise<void>;
}

export interface QuarantineItem {
  readonly source: Source;
  readonly code: string;
  readonly message: string;
  readonly raw: RawPayload;
}

export interface QuarantineRow extends QuarantineItem {
  readonly id: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface InboxItem {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly principal: string;
  /** Why nothing took it: a sentence for a person. */
  readonly why: string;
}

export interface InboxRow extends InboxItem {
  readonly count: number;
  /** Epoch ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** What one commit made durable; handed to every listener in offset order. */
export interface Committed {
  readonly epoch: string;
  readonly readings: readonly CommittedReading[];
  readonly events: readonly CommittedEvent[];
  /** Retained replays: latest values only, no offsets. */
  readonly state: readonly Reading[];
}

// ── Store: the one file ────────────────────────────────────────────────────────────────────────────────────────────

export interface JournalBatch {
  readonly readings: readonly Reading[];
  readonly events: readonly DeviceEvent[];
  readonly exactlyOnce?: Delivery['exactlyOnce'];
  /** Rows for quarantine, in the same transaction. */
  readonly quarantine?: readonly QuarantineItem[];
  /** Namespaces the readings' own `id`s: the principal. */
  readonly principal: string;
}

export interface JournalCommit {
  /** One per reading of the batch, in order; undefined = a repeat that was already stored (by id or packet id). */
  readonly readingOffsets: readonly (number | undefined)[];
  readonly eventOffsets: readonly (number | undefined)[];
  /** The newest offset after this commit. */
  readonly offset: number;
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

export interface HistoryStore {
  query(group: string, query: HistoryQuery): Promise<HistoryAnswer>;
  /** The newest reading of every series, for a warm start of the live plane. */
  latest(): Promise<readonly CommittedReading[]>;
  events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]>;
}

export interface EventQuery {
  readonly device?: string | undefined;
  /** Epoch ms. */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly limit?: number | undefined;
}

export interface DeviceStore {
  load(): Promise<readonly DeviceRecord[]>;
  save(records: readonly DeviceRecord[]): Promise<void>;
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
  list(
    group: string,
    query: { readonly device?: string | undefined; readonly limit: number },
  ): Promise<readonly CommandRecord[]>;
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
  list(limit: number): Promise<readonly AuditEntry[]>;
}

export interface QuarantineStore {
  add(item: QuarantineItem, at: number): Promise<void>;
  list(limit: number): Promise<readonly QuarantineRow[]>;
  count(): Promise<number>;
}

export interface InboxStore {
  note(item: InboxItem, at: number): Promise<void>;
  list(limit: number): Promise<readonly InboxRow[]>;
}

/** The one file, seen as its tables. `hub/store` implements it over worker threads. */
export interface Store {
  readonly journal: Journal;
  readonly history: HistoryStore;
  readonly devices: DeviceStore;
  readonly commands: CommandStore;
  readonly tokens: TokenStore;
  readonly audit: AuditStore;
  readonly quarantine: QuarantineStore;
  readonly inbox: InboxStore;
  status(): Promise<StoreStatus>;
  /** Finishes what was appended, checkpoints, ends the workers. */
  close(): Promise<void>;
}

// ── Live plane ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ViewFrame {
  /** The group, or `*` for a view of the fleet. */
  readonly group: string;
  readonly view: string;
  readonly offset: number;
  readonly readings: readonly ReadingTuple[];
}

export interface Live {
  /** From ingest, in offset order. */
  publish(committed: Committed): void;
  /**
   * Opens a view for one member; equal specs share one view id and one stream of frames. Answers with the newest
   * values, and with what was missed since `from` or a gap.
   * @param group a group, or `*` for the fleet: then `groups` says which
   */
  open(
    group: string,
    spec: ViewSpec,
    groups: readonly string[] | undefined,
    from: Position | undefined,
  ): Promise<SubscribeAnswer>;
  /** One member less; the last one ends the view. */
  release(group: string, view: string): void;
  /** The newest values a view would show now: for members that were skipped. */
  snapshot(
    group: string,
    view: string,
  ): { readonly offset: number; readonly latest: readonly ReadingTuple[] };
  latest(group: string, device: string): readonly CommittedReading[];
  onFrame(listener: (frame: ViewFrame) => void): void;
  onGap(
    listener: (gap: { readonly group: string; readonly view: string; readonly reason: GapReason }) => void,
  ): void;
  close(): void;
}

// ── History ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface History {
  /** @throws {RequestError} the range or the number of points is not possible */
  query(group: string, query: HistoryQuery): Promise<HistoryAnswer>;
  events(group: string, query: EventQuery): Promise<readonly CommittedEvent[]>;
}

// ── Devices ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type DeviceChange =
  | { readonly kind: 'device'; readonly device: DeviceInfo }
  | {
      readonly kind: 'presence';
      readonly group: string;
      readonly device: string;
      readonly presence: Presence;
      readonly since: number;
    };

export interface Devices {
  /** From ingest: registers devices and metrics on their first reading, and is a sign of life. */
  seen(committed: Committed): void;
  /** The device holds a connection; call the returned function when it ends. Several may overlap. */
  connected(group: string, device: string): () => void;
  /** The device (or its will) says so itself: `…/status`. */
  status(group: string, device: string, presence: 'online' | 'offline'): void;
  /** Merges reported state; the key `description` describes the device. Resolves when durable. @throws {RequestError} */
  reported(group: string, device: string, state: Readonly<Record<string, Json>>): Promise<void>;
  describe(group: string, device: string, description: DeviceDescription): Promise<void>;
  groups(): readonly GroupInfo[];
  list(group: string): readonly DeviceInfo[];
  get(group: string, device: string): DeviceInfo | undefined;
  search(text: string, groups: '*' | readonly string[], limit: number): readonly DeviceInfo[];
  onChange(listener: (change: DeviceChange) => void): void;
  /** Writes what is not yet durable. */
  close(): Promise<void>;
}

// ── Commands ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The way to one device over one edge. */
export interface Link {
  readonly edge: 'mqtt' | 'socketio';
  /**
   * Hands the command to the device. Resolves with the device's answer if the edge has one, with `undefined` when it
   * was sent and the answer comes later through `Commands.answer`. Rejects if it could not be sent.
   */
  deliver(command: CommandMessage, signal: AbortSignal): Promise<CommandAnswer | undefined>;
}

export interface Commands {
  /** Resolves when the command is durable. Sending starts at once. @throws {RequestError} */
  send(
    group: string,
    request: CommandRequest,
    principal: Principal,
    address?: string,
  ): Promise<CommandRecord>;
  /** The final state, or the present one after `waitMs`. */
  settled(group: string, id: string, waitMs: number): Promise<CommandRecord>;
  /** A device's answer that came by itself: `…/commands/<id>/result`. False: no such open command of this device. */
  answer(group: string, device: string, id: string, answer: CommandAnswer): Promise<boolean>;
  /** The device can be reached this way; call the returned function when it cannot any more. */
  attach(group: string, device: string, link: Link): () => void;
  get(group: string, id: string): Promise<CommandRecord | undefined>;
  list(
    group: string,
    query: { readonly device?: string | undefined; readonly limit: number },
  ): Promise<readonly CommandRecord[]>;
  /** Every transition, after it is durable. */
  onTransition(listener: (command: CommandRecord) => void): void;
  close(): Promise<void>;
}

// ── Access ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly groups: '*' | readonly string[];
  readonly device?: string | undefined;
  readonly topicFilters?: readonly string[] | undefined;
  readonly expiresAt?: number | undefined;
}

export interface Access {
  may(principal: Principal, action: Action, target: Target): boolean;
  /** Constant work whether or not the token exists; undefined = unknown, expired or revoked. */
  authenticate(token: string): Principal | undefined;
  /** The principal behind a session cookie's value. */
  session(secret: string): Principal | undefined;
  /** @returns the secret, shown once */
  createToken(token: NewToken, by: Principal): Promise<{ readonly secret: string; readonly info: TokenInfo }>;
  /** False if there is no such live token. Sessions made from it fall with it. */
  revokeToken(id: string, by: Principal): Promise<boolean>;
  tokens(): readonly TokenInfo[];
  /** A login link's code: 24 h, single use, opens a session with the rights of `by`. */
  createLoginCode(by: Principal): Promise<{ readonly code: string; readonly expiresAt: number }>;
  /** Exchanges a code or a token for a session. Undefined = not valid (any more). */
  login(
    credential: { readonly code: string } | { readonly token: string },
  ): Promise<{ readonly secret: string; readonly principal: Principal } | undefined>;
  logout(secret: string): Promise<void>;
  /** A principal's rights ended (revoked, expired, logged out): edges close its connections now. */
  onEnded(listener: (principal: { readonly tokenId: string; readonly sessionId?: string }) => void): void;
  /** Makes the admin API token on the first start. @returns its secret when it was made now */
  bootstrap(): Promise<string | undefined>;
}

// ── Edges ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Something that listens or connects, and says how it is. */
export interface Edge {
  start(): Promise<void>;
  stop(): Promise<void>;
  status(): EdgeStatus;
}
