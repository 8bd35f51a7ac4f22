/** Which part of a range is answered from which table, so that edges are exact and the middle is cheap. Pure. */
import { tiers, tierWidthUs } from './tiers.ts';

export interface Segment {
  readonly from: 'raw' | 'minute' | 'hour';
  /** µs, included. */
  readonly start: number;
  /** µs, not included. */
  readonly end: number;
}

/**
 * Cuts a range for buckets of one width: whole hours and minutes from their tiers where these fit into a bucket,
 * what is left at the ends from the raw readings. In order of time, without gap or overlap.
 */
export function planSegments(start: number, end: number, widthUs: number): readonly Segment[] {
  return split(
    start,
    end,
    tiers.filter((tier) => widthUs % tierWidthUs[tier] === 0),
  );
}

function split(start: number, end: number, usable: readonly (typeof tiers)[number][]): readonly Segment[] {
  if (start >= end) return [];
  const coarsest = usable.at(-1);
  if (coarsest === undefined) return [{ from: 'raw', start, end }];
  const finer = usable.slice(0, -1);
  const widthUs = tierWidthUs[coarsest];
  const first = Math.ceil(start / widthUs) * widthUs;
  const last = Math.floor(end / widthUs) * widthUs;
  if (first >= last) return split(start, end, finer);
  return [
    ...split(start, first, finer),
    { from: coarsest, start: first, end: last },
    ...split(last, end, finer),
  ];
}
