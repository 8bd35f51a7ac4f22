/**
 * The series of the file in memory, nested as their names are: finding one builds no string, and a device's map
 * says how many it has. Numbers are given here; the file learns of a series together with its first reading.
 */
import { tagsKey, type LineName, type Series } from '#contract/reading.ts';
import type { SeriesIndex } from '#ports';
import type { SeriesRow } from './messages.ts';
import { lineToText, tagsOfText, tagsToText } from './rows.ts';

export class StoreSeriesIndex implements SeriesIndex {
  readonly #groups = new Map<string, Map<string, Map<string, number>>>();
  /** Not in the file yet, as far as this thread knows. */
  readonly #unsaved = new Map<number, SeriesRow>();
  /** Whose names in line protocol are known. */
  readonly #named = new Set<number>();
  #newest = 0;
  #size = 0;

  constructor(saved: readonly SeriesRow[]) {
    for (const row of saved) {
      const { group, device, metric } = row;
      this.#put({ group, device, metric, tags: tagsOfText(row.tags) }, row.id);
      this.#newest = Math.max(this.#newest, row.id);
      if (row.line !== '') this.#named.add(row.id);
    }
  }

  get size(): number {
    return this.#size;
  }

  find(series: Series): number | undefined {
    return this.#groups.get(series.group)?.get(series.device)?.get(keyInDevice(series));
  }

  add(series: Series): number {
    const found = this.find(series);
    if (found !== undefined) return found;
    const id = (this.#newest += 1);
    this.#put(series, id);
    this.#unsaved.set(id, rowOf(id, series));
    return id;
  }

  /** A reading of it came as line protocol: the names of the first one stay the series'. */
  nameAs(id: number, series: Series, line: LineName): void {
    if (this.#named.has(id)) return;
    this.#named.add(id);
    this.#unsaved.set(id, { ...rowOf(id, series), line: lineToText(line) });
  }

  countOf(group: string, device: string): number {
    return this.#groups.get(group)?.get(device)?.size ?? 0;
  }

  /** The row that has to be written before the series' readings; undefined once it is durable. */
  unsaved(id: number): SeriesRow | undefined {
    return this.#unsaved.size === 0 ? undefined : this.#unsaved.get(id);
  }

  saved(rows: readonly SeriesRow[]): void {
    // It may have been named since.
    for (const row of rows) if (this.#unsaved.get(row.id) === row) this.#unsaved.delete(row.id);
  }

  #put(series: Series, id: number): void {
    const { group, device } = series;
    let devices = this.#groups.get(group);
    if (devices === undefined) this.#groups.set(group, (devices = new Map()));
    let ids = devices.get(device);
    if (ids === undefined) devices.set(device, (ids = new Map()));
    ids.set(keyInDevice(series), id);
    this.#size += 1;
  }
}

function rowOf(id: number, { group, device, metric, tags }: Series): SeriesRow {
  return { id, group, device, metric, tags: tagsToText(tags), line: '' };
}

/** Ids hold no `?`, so a metric and its tags cannot run together. */
function keyInDevice({ metric, tags }: Series): string {
  const key = tags === undefined ? '' : tagsKey(tags);
  return key === '' ? metric : `${metric}?${key}`;
}
