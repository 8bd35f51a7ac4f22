/**
 * What the journal holds for a follower that has not taken it yet: how much, since when, and whether that is too much.
 * In the hub's thread; the rows themselves are those of the hot table.
 */
import type { SpoolStatus } from '#contract/status.ts';
import type { Clock } from '#ports';
import type { ReadyMessage } from './messages.ts';
import type { ReaderThread, WriterThread } from './threads.ts';
import { bytesPerHotRow } from './upkeep.ts';

export interface SpoolOptions {
  /** What may wait, in bytes of the disk. */
  readonly maxBytes: number;
  /** True: when full, senders are told to come again. False: the follower lets go of the oldest. */
  readonly refuseWhenFull: boolean;
}

/** What waits at the start, as far as the file knows. */
export interface SpoolAtStart {
  /** Everything up to here was taken. */
  readonly cursor: number;
  readonly head: number;
  /** What the texts of a row take. */
  readonly textBytesPerRow: number;
  /** Since when the oldest waits, epoch ms. */
  readonly sinceMs: number;
}

export interface SpoolParts extends SpoolOptions {
  readonly start: SpoolAtStart;
  readonly clock: Pick<Clock, 'nowUs' | 'monotonicMs'>;
  /** @param sinceMs since when what waits then has waited, epoch ms */
  readonly moveCursor: (offset: number, sinceMs: number) => Promise<number>;
}

/** Rows up to an offset that came at about one time. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly textBytes: number;
  /** When the first of them came, on the monotonic clock. */
  readonly atMs: number;
}

const rowsPerPiece = 100_000;
const pieceMs = 1000;
/** Above this, neighbours become one: an outage of days is told less finely than one of minutes. */
const mostPieces = 4096;

export class Spool {
  readonly #parts: SpoolParts;
  #pieces: Piece[] = [];
  #pieceMs = pieceMs;
  #cursor: number;
  #head: number;
  #textBytes = 0;

  constructor(parts: SpoolParts) {
    const { cursor, head, textBytesPerRow, sinceMs } = parts.start;
    this.#parts = parts;
    this.#cursor = cursor;
    this.#head = cursor;
    const ageMs = Math.max(parts.clock.nowUs() / 1000 - sinceMs, 0);
    this.#add(head, Math.ceil((head - cursor) * textBytesPerRow), this.#nowMs - ageMs);
  }

  /** Nothing more may come in now. */
  get refuses(): boolean {
    return this.#parts.refuseWhenFull && this.#bytes > this.#parts.maxBytes;
  }

  position(): number {
    return this.#cursor;
  }

  async moveTo(offset: number): Promise<number> {
    const next = this.#pieces.find(({ end }) => end > offset);
    const ageMs = next === undefined ? 0 : this.#nowMs - next.atMs;
    const cursor = await this.#parts.moveCursor(offset, this.#parts.clock.nowUs() / 1000 - ageMs);
    if (cursor < this.#cursor) this.#goBackTo(cursor);
    this.#cursor = cursor;
    const gone = this.#pieces.findIndex(({ end }) => end > cursor);
    const taken = this.#pieces.splice(0, gone === -1 ? this.#pieces.length : gone);
    for (const { textBytes } of taken) this.#textBytes -= textBytes;
    if (this.#pieces.length === 0) this.#pieceMs = pieceMs;
    return cursor;
  }

  spool(): SpoolStatus {
    const { maxBytes } = this.#parts;
    const waiting = this.#head - this.#cursor;
    // The first may be there again, since it was asked for, while the second has waited all the time.
    const since = Math.min(...this.#pieces.slice(0, 2).map(({ atMs }) => atMs));
    const ageSeconds = waiting === 0 ? 0 : Math.round((this.#nowMs - since) / 100) / 10;
    return { waiting, bytes: this.#bytes, maxBytes, ageSeconds };
  }

  /** The journal has grown. */
  appended(head: number, textBytes: number): void {
    this.#add(head, textBytes, this.#nowMs);
  }

  #add(head: number, textBytes: number, atMs: number): void {
    this.#textBytes += textBytes;
    const last = this.#pieces.at(-1);
    if (last !== undefined && head - last.start <= rowsPerPiece && atMs - last.atMs < this.#pieceMs)
      this.#pieces[this.#pieces.length - 1] = { ...last, end: head, textBytes: last.textBytes + textBytes };
    else if (head > this.#head) this.#pieces.push({ start: this.#head, end: head, textBytes, atMs });
    this.#head = head;
    if (this.#pieces.length > mostPieces) this.#coarsen();
  }

  #coarsen(): void {
    this.#pieceMs *= 2;
    this.#pieces = this.#pieces.flatMap((piece, index, all) => {
      const next = all[index + 1];
      if (index % 2 === 1) return [];
      return next === undefined
        ? piece
        : { ...piece, end: next.end, textBytes: piece.textBytes + next.textBytes };
    });
  }

  /** What was taken once is to be taken again: it waits from now on. */
  #goBackTo(cursor: number): void {
    const end = this.#pieces[0]?.start ?? this.#head;
    this.#pieces.unshift({ start: cursor, end, textBytes: 0, atMs: this.#nowMs });
  }

  get #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  get #bytes(): number {
    return (this.#head - this.#cursor) * bytesPerHotRow + this.#textBytes;
  }
}

/** With what the file knows at the start. @returns undefined if nobody follows */
export async function openSpool(
  { spool, clock }: { readonly spool?: SpoolOptions | undefined; readonly clock: Clock },
  writer: WriterThread,
  reader: ReaderThread,
  { cursor, cursorSinceMs, head }: ReadyMessage,
): Promise<Spool | undefined> {
  if (spool === undefined) return undefined;
  const nowMs = clock.nowUs() / 1000;
  const { textBytesPerRow, nextTimeMs = nowMs } = await reader.call('waiting', cursor);
  // Most devices tell the present: the next reading's time says it better, within what is known.
  const sinceMs = Math.max(cursorSinceMs, Math.min(nextTimeMs, nowMs));
  return new Spool({
    ...spool,
    clock,
    start: { cursor, head, textBytesPerRow, sinceMs },
    moveCursor: (offset, since) => writer.call('moveCursor', offset, since),
  });
}
