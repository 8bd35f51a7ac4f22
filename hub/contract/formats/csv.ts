/** CSV: RFC 4180, and no cell that a spreadsheet takes for a formula. Pure. */
import type { Value } from '../reading.ts';

export type Cell = Value | undefined;

/** Rows as text, a line each. */
export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

const looksOther = /^(?:true|false|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;

export function toCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // OWASP, CSV injection: a leading quote keeps spreadsheets from calculating the text.
  const safe = /^[=+\-@\t\r\n|]/.test(value) ? `'${value}` : value;
  // In quotes, too: what a reader would take for a number or a switch.
  return /[",\r\n]/.test(safe) || looksOther.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 3339 with microseconds, which `Date` alone would cut off. @param timeMs epoch ms */
export function toTime(timeMs: number): string {
  const timeUs = Math.round(timeMs * 1000);
  const micros = timeUs % 1000;
  const text = new Date(Math.floor(timeUs / 1000)).toISOString();
  return micros === 0 ? text : text.replace('Z', `${String(micros).padStart(3, '0')}Z`);
}
