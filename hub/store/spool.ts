/**
 * What the journal holds for a follower that has not taken it yet: how much, and whether that is too much.
 * In the hub's thread; the rows themselves are those of the hot table.
 */
import type { SpoolStatus } from '#contract/status.ts';
import { bytesPerHotRow } from './upkeep.ts';

export interface SpoolOptions {
  /** What may wait, in bytes of the disk. */
  readonly maxBytes: number;
  /** True: when full, senders are told to come again. False: the follower lets go of the oldest. */
  readonly refuseWhenFull: boolean;
}

export interface SpoolParts extends SpoolOptions {
  readonly cursor: number;
  readonly head: number;
  /** What the texts of a row take, of those that wait at the start. */
  readonly textBytesPerRow: number;
  readonly moveCursor: (offset: number) => Promise<number>;
}

/** Texts up to an offset; a piece covers many rows, so that an outage of hours is a short list. */
interface Piece {
  readonly start: number;
  end: number;
  textBytes: number;
}

const rowsPerPiece = 100_000;

export class Spool {
  readonly #parts: SpoolParts;
  readonly #pieces: Piece[] = [];
  #cursor: number;
  #head: number;
  #textBytes = 0;

  constructor(parts: SpoolParts) {
    this.#parts = parts;
    this.#cursor = parts.cursor;
    this.#head = parts.cursor;
    this.appended(parts.head, Math.ceil((parts.head - parts.cursor) * parts.textBytesPerRow));
  }

  /** Nothing more may come in now. */
  get refuses(): boolean {
    return this.#parts.refuseWhenFull && this.#bytes > this.#parts.maxBytes;
  }

  position(): number {
    return this.#cursor;
  }

  async moveTo(offset: number): Promise<number> {
    this.#cursor = await this.#parts.moveCursor(offset);
    while (this.#pieces[0] !== undefined && this.#pieces[0].end <= this.#cursor)
      this.#textBytes -= this.#pieces.shift()?.textBytes ?? 0;
    return this.#cursor;
  }

  spool(): SpoolStatus {
    const { maxBytes } = this.#parts;
    return { waiting: this.#head - this.#cursor, bytes: this.#bytes, maxBytes };
  }

  /** The journal has grown. */
  appended(head: number, textBytes: number): void {
    this.#textBytes += textBytes;
    const last = this.#pieces.at(-1);
    if (last !== undefined && head - last.start <= rowsPerPiece) {
      last.end = head;
      last.textBytes += textBytes;
    } else if (head > this.#head) this.#pieces.push({ start: this.#head, end: head, textBytes });
    this.#head = head;
  }

  get #bytes(): number {
    return (this.#head - this.#cursor) * bytesPerHotRow + this.#textBytes;
  }
}
