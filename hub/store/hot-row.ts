/** A row of the hot table, as the threads that read it hold it. Pure. */
import type { Cells } from './rows.ts';

export interface HotRow extends Cells {
  readonly offset: number;
  readonly series: number;
  readonly time: number;
}

/** The columns of a row in the order in which they are asked for. */
type HotCells = readonly [
  offset: number,
  series: number,
  time: number,
  value: number | null,
  text: string | null,
  flags: number,
];

export function readCells(cells: readonly unknown[]): HotRow {
  const [offset, series, time, value, text, flags] = cells as unknown as HotCells;
  return { offset, series, time, value, text, flags };
}
