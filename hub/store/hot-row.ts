/** A row of the hot table, as the threads that read it hold it. Pure. */
import type { Cells } from './rows.ts';

export interface HotRow extends Cells {
  readonly offset: number;
  readonly series: number;
  readonly time: number;
}

/** From the columns offset, series, time, value, text, flags. */
export function readCells(cells: readonly unknown[]): HotRow {
  const [offset, series, time, value, text, flags] = cells as [
    number,
    number,
    number,
    number | null,
    string | null,
    number,
  ];
  return { offset, series, time, value, text, flags };
}
