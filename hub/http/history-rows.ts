/** History as lines of a file: CSV (RFC 4180) for spreadsheets, NDJSON for programs. Pure. */
import { tagsKey, type Value } from '#contract/reading.ts';
import type { Aggregate, HistoryAnswer, HistorySeries } from '#contract/view.ts';
import { toCell, toTime } from '#contract/formats/csv.ts';

const band = ['min', 'max', 'mean', 'count', 'last'];

/** Writes pages of one history, one line a point; oldest first within each series of a page. */
export interface HistoryLines {
  readonly contentType: string;
  readonly fileSuffix: string;
  /** Before the first page. */
  readonly header: string;
  readonly lines: (page: HistoryAnswer) => string;
}

/** @param columns what a row holds after its time */
export function csvLines(columns: readonly string[]): HistoryLines {
  return {
    contentType: 'text/csv; charset=utf-8; header=present',
    fileSuffix: 'csv',
    header: csvLine(['device', 'metric', 'tags', 'time', ...columns]),
    lines: ({ series }) =>
      eachRow(series, ({ device, metric, tags }, timeMs, values) =>
        csvLine([device, metric, tagsKey(tags), toTime(timeMs), ...values]),
      ),
  };
}

/** @param columns what a row holds after its time; a quality that is good is left out */
export function ndjsonLines(columns: readonly string[]): HistoryLines {
  return {
    contentType: 'application/x-ndjson',
    fileSuffix: 'ndjson',
    header: '',
    lines: ({ series }) =>
      eachRow(series, ({ device, metric, tags }, ts, values) => {
        const named = columns.map((column, index) => [column, values[index]]);
        const isGood = values[columns.indexOf('quality')] === 'good';
        const shown = isGood ? named.filter(([column]) => column !== 'quality') : named;
        return `${JSON.stringify({ device, metric, tags, ts, ...Object.fromEntries(shown) })}\n`;
      }),
  };
}

/** What the rows of an answer hold after their time. */
export function columnsOf(query: {
  readonly window?: number | undefined;
  readonly maxPoints?: number | undefined;
  readonly aggregates?: readonly Aggregate[] | undefined;
}): readonly string[] {
  if (query.window === undefined && query.maxPoints === undefined) return ['value', 'quality'];
  return query.aggregates ?? band;
}

function csvLine(cells: readonly Value[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function eachRow(
  series: readonly HistorySeries[],
  write: (series: HistorySeries, timeMs: number, values: readonly Value[]) => string,
): string {
  let text = '';
  for (const one of series) {
    for (const [timeMs, value, quality = 'good'] of one.points ?? [])
      text += write(one, timeMs, [value, quality]);
    for (const [timeMs, ...values] of one.buckets ?? one.rows ?? []) text += write(one, timeMs, values);
  }
  return text;
}
