/**
 * The fine tier of the last hours, so that many series in narrow buckets need not be read reading by reading. Only for
 * dense series of numbers, and only five minutes that are over: made from `raw` once, in the upkeep.
 *
 * It is a shortcut and never the only place of anything: a row is exactly its readings in `raw`, or it is not there.
 * A reading that comes into a block behind the newest of its series deletes the block's row in its own transaction.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { transact } from './database.ts';
import { blockId, blockUs, packSlots, slotsPerBlock, type TimedCells } from './fine-slots.ts';

/** Three hours: the ranges of a live screen. */
const blocksKept = 36;
/** Fewer readings than this are as quickly read one by one. */
const denseReadings = 4 * slotsPerBlock;
const seriesWatched = 20_000;
const blocksWaiting = 20_000;
/** Of all blocks of a piece together, or of its only one: so many are read, and lie in memory, in one go. */
const readingsPerPiece = 5000;

interface Block {
  readonly block: number;
  count: number;
}

/** A block to which nothing more comes on time. */
interface Over extends Readonly<Block> {
  readonly series: number;
}

export class FineTier {
  readonly #database: DatabaseSync;
  readonly #raw: StatementSync;
  readonly #save: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteOld: StatementSync;
  /** The newest block of each series that is written to; it has no row. */
  readonly #newest = new Map<number, Block>();
  #over: Over[] = [];
  /** Undefined until the time was told. */
  #oldest: number | undefined;
  #deletedTo: number | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#raw = database.prepare(
      'SELECT time, value, text, flags FROM raw WHERE series = ? AND time >= ? AND time < ? ORDER BY time, sub',
    );
    this.#save = database.prepare('INSERT OR REPLACE INTO fine VALUES (?, ?)');
    this.#delete = database.prepare('DELETE FROM fine WHERE id = ?');
    this.#deleteOld = database.prepare('DELETE FROM fine WHERE id < ?');
  }

  /** A reading was added to `raw`, in the caller's transaction. */
  added(series: number, time: number): void {
    const block = Math.floor(time / blockUs);
    const newest = this.#newest.get(series);
    if (newest?.block === block) {
      newest.count += 1;
      return;
    }
    const id = blockId(series, block);
    if (id === undefined) return;
    this.#delete.run(id);
    if (newest !== undefined && newest.block > block) return;
    if (newest !== undefined) this.#isOver(series, newest);
    if (this.#newest.size >= seriesWatched) this.#newest.clear();
    this.#newest.set(series, { block, count: 1 });
  }

  /** The transaction was undone: what was deleted in it may be there again. */
  undone(): void {
    this.#newest.clear();
  }

  /** @param wallMs epoch ms */
  tick(wallMs: number): void {
    const block = Math.floor((wallMs * 1000) / blockUs);
    const oldest = block - blocksKept;
    if (oldest === this.#oldest) return;
    this.#oldest = oldest;
    // The newest of a series that fell silent. What is on time is merged within the block that follows.
    for (const [series, newest] of this.#newest)
      if (newest.block < block - 1) {
        this.#newest.delete(series);
        this.#isOver(series, newest);
      }
  }

  /** Lets go of what is too old, and makes some rows. @returns whether more are due */
  step(): boolean {
    const oldest = this.#oldest;
    if (oldest === undefined) return false;
    if (oldest !== this.#deletedTo)
      transact(this.#database, () => this.#deleteOld.run(blockId(0, oldest) ?? 0));
    this.#deletedTo = oldest;
    this.#over = this.#over.filter(({ block }) => block >= oldest);
    if (this.#over.length === 0) return false;
    const piece = nextPiece(this.#over);
    transact(this.#database, () => {
      for (const { series, block } of piece) this.#make(series, block);
    });
    this.#over = this.#over.slice(piece.length);
    return this.#over.length > 0;
  }

  #isOver(series: number, { block, count }: Block): void {
    if (count >= denseReadings && this.#over.length < blocksWaiting)
      this.#over.push({ series, block, count });
  }

  #make(series: number, block: number): void {
    const id = blockId(series, block);
    const newest = this.#newest.get(series);
    // Into its newest block a series writes without looking here.
    if (id === undefined || newest?.block === block) return;
    const rows = this.#raw.all(
      series,
      block * blockUs,
      (block + 1) * blockUs,
    ) as unknown as readonly TimedCells[];
    const slots = packSlots(rows);
    if (slots !== undefined && rows.length > 0) this.#save.run(id, slots);
  }
}

function nextPiece(over: readonly Over[]): readonly Over[] {
  let readings = 0;
  const end = over.findIndex(({ count }) => (readings += count) > readingsPerPiece);
  return end === -1 ? over : over.slice(0, Math.max(end, 1));
}
