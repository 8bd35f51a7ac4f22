/**
 * What of a payload was refused, named as its sender knows it: by the item that was sent, an element of the array or a
 * line of NDJSON. Pure.
 */
import type { Decoded, Problem } from './decoded.ts';

type ItemEnds = Decoded['itemEnds'];

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
export function notRead(itemEnds: ItemEnds, { path, code, message }: Problem): RefusedItem {
  const index = itemEnds === undefined ? 0 : Number(path.split('/')[1] ?? 0);
  return { index, path, code, message };
}

/** @param place of the reading among the decoded ones */
export function notTaken(
  itemEnds: ItemEnds,
  { place, metric }: { readonly place: number; readonly metric: string },
  { code, message }: Reason,
): RefusedItem {
  return { index: itemOf(itemEnds, place), metric, code, message };
}

/** Thousands of a request may be refused: each is found by halving. */
function itemOf(itemEnds: ItemEnds = [], place: number): number {
  let [low, high] = [0, itemEnds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((itemEnds[middle] ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
