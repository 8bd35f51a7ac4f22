/**
 * What of a payload was refused, named as its sender knows it: by the item that was sent, an element of the array or a
 * line of NDJSON. Pure.
 */
import type { Decoded, Problem } from './decoded.ts';

export interface RefusedItem {
  /** Of the item, from 0; 0 where the payload is one. */
  readonly index: number;
  /** JSON Pointer to what is no reading. */
  readonly path?: string;
  /** Of a reading that was understood, and not taken. */
  readonly metric?: string;
  readonly code: string;
  readonly message: string;
}

export type Reason = Pick<RefusedItem, 'code' | 'message'>;

/** A part that is no reading. */
export function notRead({ itemEnds }: Decoded, { path, code, message }: Problem): RefusedItem {
  const index = itemEnds === undefined ? 0 : Number(path.split('/')[1] ?? 0);
  return { index, path, code, message };
}

/** @param reading index into the decoded readings */
export function notTaken(decoded: Decoded, reading: number, { code, message }: Reason): RefusedItem {
  const metric = decoded.readings[reading]?.metric ?? '';
  return { index: itemOf(decoded, reading), metric, code, message };
}

/** Thousands of a request may be refused: each is found by halving. */
function itemOf({ itemEnds = [] }: Decoded, reading: number): number {
  let [low, high] = [0, itemEnds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((itemEnds[middle] ?? 0) > reading) high = middle;
    else low = middle + 1;
  }
  return low;
}
