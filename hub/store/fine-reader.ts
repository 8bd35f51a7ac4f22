/** Reads the fine tier where it has something, and says what is left to be read from `raw`. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { blockId, blockUs, readSlots, slotUs } from './fine-slots.ts';
import type { Buckets } from './buckets.ts';
import { foldIn } from './tiers.ts';

interface Range {
  /** µs, the end not included. */
  readonly start: number;
  readonly end: number;
}

export class FineReader {
  readonly #slots: StatementSync;
  readonly #oldest: StatementSync;

  constructor(database: DatabaseSync) {
    this.#slots = database.prepare('SELECT slots FROM fine WHERE id = ?');
    this.#oldest = database.prepare('SELECT min(id) AS id FROM fine');
  }

  /** Whether buckets of this width are made of whole slots. */
  serves(widthUs: number): boolean {
    return widthUs % slotUs === 0;
  }

  /** Folds what it has. @returns the ranges that it does not have, in order */
  fold(series: number, range: Range, buckets: Buckets): readonly Range[] {
    const left: Range[] = [];
    let reached = range.start;
    for (let block = this.#firstBlock(range.start); (block + 1) * blockUs <= range.end; block += 1) {
      const found = this.#slots.get(blockId(series, block) ?? 0)?.['slots'];
      if (!(found instanceof Uint8Array)) continue;
      const start = block * blockUs;
      if (start > reached) left.push({ start: reached, end: start });
      reached = start + blockUs;
      readSlots(found, start, (part) => foldIn(buckets.at(part.time), part));
    }
    if (reached < range.end) left.push({ start: reached, end: range.end });
    return left;
  }

  #firstBlock(start: number): number {
    const oldest = this.#oldest.get()?.['id'];
    if (oldest === null || oldest === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(Math.ceil(start / blockUs), Math.floor(Number(oldest) / (blockId(0, 1) ?? 1)));
  }
}
