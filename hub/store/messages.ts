/**
 * What crosses between the hub's thread and the store's two worker threads. Types only.
 * Appends travel as one message a turn, packed; everything else as a named call.
 */
import type { QuarantineItem } from '#ports';

/** Cells of one reading in `AppendMessage.rows`: series, time, flags, value (or the index of its text). */
export const cellsPerRow = 4;

export interface AppendMessage {
  readonly kind: 'append';
  readonly turn: number;
  readonly count: number;
  readonly rows: Float64Array<ArrayBuffer>;
  readonly texts: readonly string[];
  /** Series that the file may not know yet. */
  readonly series: readonly SeriesRow[];
  readonly events: readonly EventRow[];
  readonly packets: readonly PacketRow[];
  readonly ids: readonly IdRow[];
  readonly quarantine: readonly QuarantineRecord[];
}

/** Readings for a follower, in the same cells. */
export interface PackedPage {
  readonly count: number;
  readonly rows: Float64Array<ArrayBuffer>;
  readonly texts: readonly string[];
  readonly offset: number;
  readonly more: boolean;
}

/** A series under another name. */
export interface MovedSeries {
  readonly id: number;
  readonly tags: string;
}

export interface SeriesRow {
  readonly id: number;
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  readonly tags: string;
  /** Its names in line protocol; empty if none are known. */
  readonly line: string;
}

export interface EventRow {
  /** It happened before the reading of this row: offsets follow the order of arrival. */
  readonly row: number;
  readonly group: string;
  readonly device: string;
  readonly name: string;
  readonly time: number;
  readonly data: string;
  readonly flags: number;
}

/** A QoS 2 packet id covers a run of readings and events. */
export interface PacketRow {
  readonly client: string;
  readonly packet: number;
  readonly fingerprint: string;
  readonly rows: Span;
  readonly events: Span;
}

export interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** A sender's own id, made unique by whom it is from and what it is for. */
export type IdRow =
  { readonly key: string; readonly row: number } | { readonly key: string; readonly event: number };

export interface QuarantineRecord extends QuarantineItem {
  /** Epoch ms. */
  readonly at: number;
}

export interface CallMessage {
  readonly kind: 'call';
  readonly call: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface TickMessage {
  readonly kind: 'tick';
  /** Of the hub's monotonic clock. */
  readonly nowMs: number;
  /** Epoch ms. */
  readonly wallMs: number;
}

/** Finish, checkpoint, go. */
export interface CloseMessage {
  readonly kind: 'close';
}

export type ToThread = AppendMessage | CallMessage | TickMessage | CloseMessage;

export interface TurnDone {
  readonly kind: 'appended';
  readonly turn: number;
  /** The offset of the first row or event that is no repeat; the others follow without a hole. */
  readonly first: number;
  /** The newest offset after the commit. */
  readonly head: number;
  readonly repeatedRows: readonly number[];
  readonly repeatedEvents: readonly number[];
}

export interface TurnFailed {
  readonly kind: 'not-appended';
  readonly turn: number;
  readonly why: string;
}

export type CallDone =
  | { readonly kind: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly call: number; readonly why: string };

/** Bounded tables that were full, and history past its time: what was dropped, to be counted. */
export interface Dropped {
  readonly kind: 'dropped';
  readonly table: 'quarantine' | 'inbox' | 'audit' | 'remembered-ids' | 'expired-readings' | 'expired-events';
  readonly by: number;
}

/** The merge or the retention moved. */
export interface Moved {
  readonly kind: 'moved';
  readonly merged: number;
  /** The oldest offset that the hot table still has. */
  readonly tail: number;
}

/** Work between commits failed; it is tried again with the next tick. */
export interface UpkeepFailed {
  readonly kind: 'upkeep-failed';
  readonly why: string;
}

export type FromThread = TurnDone | TurnFailed | CallDone | Dropped | Moved | UpkeepFailed;

export interface ReadyMessage {
  readonly kind: 'ready';
  readonly epoch: string;
  readonly head: number;
  readonly tail: number;
  readonly merged: number;
  /** Up to here a follower of the journal has everything. */
  readonly cursor: number;
  /** What lies above it came after this moment, epoch ms; 0 if nobody knows. */
  readonly cursorSinceMs: number;
  /** It was a backup: it has a new epoch. */
  readonly isRestored: boolean;
  /** What the start found and repaired, in sentences. */
  readonly found: readonly string[];
}

export interface BrokenMessage {
  readonly kind: 'broken';
  readonly why: string;
}
