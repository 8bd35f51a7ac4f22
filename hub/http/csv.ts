/**
 * History as CSV: RFC 4180, with cells that no spreadsheet takes for a formula. Pure.
 */
import type { HistoryAnswer, HistorySeries } from '#contract/view.ts';
import { tagsKey } from '#contract/reading.ts';

type Cell = string | number | boolean | null | undefined;

const rawColumns = ['device', 'metric', 'tags', 'time', 'value', 'quality'];
const bucketColumns = ['device', 'metric', 'tags', 'time', 'min', 'max', 'mean', 'count', 'last'];

/** One line a point, oldest first within each series; times are RFC 3339. */
export function historyToCsv({ window, series }: HistoryAnswer): string {
  const header = window === undefined ? rawColumns : bucketColumns;
  return [header, ...series.flatMap(rowsOf)].map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

function rowsOf(series: HistorySeries): readonly (readonly Cell[])[] {
  const name = [series.device, series.metric, tagsKey(series.tags)];
  const points = (series.points ?? []).map(([timeMs, value, quality]) => [
    ...name,
    toTime(timeMs),
    value,
    quality ?? 'good',
  ]);
  const buckets = (series.buckets ?? []).map(([timeMs, ...numbers]) => [...name, toTime(timeMs), ...numbers]);
  return [...points, ...buckets];
}

/** Microseconds are kept: `Date` alone would cut them off. */
function toTime(timeMs: number): string {
  const micros = Math.round((timeMs - Math.floor(timeMs)) * 1000);
  const text = new Date(Math.floor(timeMs)).toISOString();
  return micros === 0 ? text : text.replace('Z', `${String(micros).padStart(3, '0')}Z`);
}

export function toCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // OWASP, CSV injection: a leading quote keeps spreadsheets from calculating the text.
  const safe = /^[=+\-@\t\r\n|]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
