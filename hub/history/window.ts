/** How wide a bucket is, for a range and a number of points. Pure. Times in ms. */
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Widths that people read easily; from a minute on they are made of whole tiers of the store. */
const widths: readonly number[] = [
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
  [1, 2, 5, 10, 15, 20, 30].map((count) => count * second),
  [1, 2, 5, 10, 15, 20, 30].map((count) => count * minute),
  [1, 2, 3, 4, 6, 8, 12].map((count) => count * hour),
  [1, 2, 4, 7, 14, 28].map((count) => count * day),
].flat();

export interface Range {
  readonly start: number;
  /** Not included. */
  readonly end: number;
}

/** Buckets begin at multiples of their width, so the first and the last may stick out of the range. */
export function bucketsIn({ start, end }: Range, width: number): number {
  return Math.ceil(end / width) - Math.floor(start / width);
}

/** The narrowest width with which the range has at most `maxPoints` buckets. */
export function windowFor(range: Range, maxPoints: number): number {
  const fits = widths.find((width) => bucketsIn(range, width) <= maxPoints);
  if (fits !== undefined) return fits;
  // A range that crosses a multiple of any width has two buckets, however wide: one point must hold the whole epoch.
  if (maxPoints === 1) return Math.ceil((range.end + 1) / day) * day;
  let days = Math.ceil((range.end - range.start) / day / maxPoints);
  while (bucketsIn(range, days * day) > maxPoints) days += 1;
  return days * day;
}
