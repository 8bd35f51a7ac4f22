/**
 * Rows of the hot table in columns: 40 bytes each beside their texts. As objects, all of a round of the merge outlived the
 * nursery. Pure.
 */
import type { HotRow } from './hot-row.ts';
import { letGo } from './let-go.ts';

const cellsPerRow = 5;
const firstRows = 1024;

export class HotColumns {
  #cells = new Float64Array(firstRows * cellsPerRow);
  readonly #texts = new Map<number, string>();
  #count = 0;

  /** @returns its index */
  add({ offset, series, time, value, text, flags }: HotRow): number {
    const row = this.#count;
    const at = row * cellsPerRow;
    if (at === this.#cells.length) this.#grow();
    this.#cells[at] = offset;
    this.#cells[at + 1] = series;
    this.#cells[at + 2] = time;
    // No row holds NaN: SQLite makes it null.
    this.#cells[at + 3] = value ?? Number.NaN;
    this.#cells[at + 4] = flags;
    if (text !== null) this.#texts.set(row, text);
    this.#count += 1;
    return row;
  }

  row(index: number): HotRow {
    const value = this.#cell(index, 3);
    return {
      offset: this.#cell(index, 0),
      series: this.#cell(index, 1),
      time: this.timeAt(index),
      value: Number.isNaN(value) ? null : value,
      text: this.#texts.get(index) ?? null,
      flags: this.#cell(index, 4),
    };
  }

  /** Nobody asks for any of them again. */
  letGo(): void {
    letGo(this.#cells);
    this.#texts.clear();
  }

  timeAt(index: number): number {
    return this.#cell(index, 2);
  }

  #cell(index: number, column: number): number {
    return this.#cells[index * cellsPerRow + column] ?? Number.NaN;
  }

  #grow(): void {
    this.#cells = new Float64Array(this.#cells.buffer.transfer(this.#cells.byteLength * 2));
  }
}
