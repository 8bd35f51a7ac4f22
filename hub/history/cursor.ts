/**
 * Where a page of raw points ended: the instant, and how many readings of that instant were given. The order of the
 * pages is time, then series; readings that come in late before the cursor are on no later page. Pure.
 */
import { RequestError } from '#contract/errors.ts';
import type { HistoryAnswer } from '#contract/view.ts';

export interface Cursor {
  /** Epoch ms with µs. */
  readonly time: number;
  readonly given: number;
}

const form = /^(\d{1,16})-(\d{1,9})$/;

/** @throws {RequestError} 400 `invalid-cursor` */
export function parseCursor(text: string): Cursor {
  const [, time, given] = form.exec(text) ?? [];
  if (time !== undefined && given !== undefined) return { time: Number(time) / 1000, given: Number(given) };
  throw new RequestError(400, 'invalid-cursor', 'The cursor is one that an answer had, unchanged.');
}

/** Drops what was given before from an answer that was asked from `cursor.time` on. */
export function withoutGiven(answer: HistoryAnswer, { time, given }: Cursor): HistoryAnswer {
  let left = given;
  const series = answer.series.map((one) => ({
    ...one,
    points: one.points?.filter(([timeMs]) => timeMs > time || left-- <= 0),
  }));
  return { ...answer, series: series.filter(({ points }) => points === undefined || points.length > 0) };
}

/** @param before the cursor of this page */
export function cursorAfter({ series }: HistoryAnswer, before: Cursor | undefined): string | undefined {
  const times = series.flatMap(({ points }) => (points ?? []).map(([timeMs]) => timeMs));
  if (times.length === 0) return undefined;
  const last = times.reduce((newest, time) => Math.max(newest, time));
  const atLast = times.filter((time) => time === last).length;
  const given = before?.time === last ? before.given + atLast : atLast;
  return `${Math.round(last * 1000)}-${given}`;
}
