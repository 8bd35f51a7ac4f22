/**
 * Five minutes of one series in thirty slots of ten seconds, as bytes: for each slot `min`, `max`, `sum` and the last
 * value of its numbers as doubles, then how many there are and when the last came, µs after the slot began. Pure.
 */
import { flagsOf, isNumber, type Cells } from './rows.ts';
import type { Fold } from './tiers.ts';

export const slotUs = 10_000_000;
export const slotsPerBlock = 30;
export const blockUs = slotUs * slotsPerBlock;

const doubles = 4;
const integers = 2;
const doubleBytes = slotsPerBlock * doubles * 8;
/** Series are fewer than this (limits.seriesTotal). */
const seriesPerBlock = 2 ** 20;

/** @returns undefined if a series has so high a number that it has no place here */
export function blockId(series: number, block: number): number | undefined {
  return series < seriesPerBlock ? block * seriesPerBlock + series : undefined;
}

export interface TimedCells extends Cells {
  readonly time: number;
}

/** @param rows all of the block, oldest first @returns undefined if there is anything but numbers among them */
export function packSlots(rows: readonly TimedCells[]): Uint8Array | undefined {
  const bytes = new Uint8Array(doubleBytes + slotsPerBlock * integers * 4);
  const { numbers, counts } = viewOf(bytes);
  for (const { time, value, flags } of rows) {
    if (value === null || !isNumber(flags)) return undefined;
    const slot = Math.floor((time % blockUs) / slotUs);
    const [at, of] = [slot * doubles, slot * integers];
    const isFirst = counts[of] === 0;
    numbers[at] = isFirst ? value : Math.min(numbers[at] ?? value, value);
    numbers[at + 1] = isFirst ? value : Math.max(numbers[at + 1] ?? value, value);
    numbers[at + 2] = (numbers[at + 2] ?? 0) + value;
    numbers[at + 3] = value;
    counts[of] = (counts[of] ?? 0) + 1;
    counts[of + 1] = time % slotUs;
  }
  return bytes;
}

type Part = Omit<Fold, 'series' | 'firstTime' | 'first'>;
const number = flagsOf({ value: 0, quality: 'good', stampedBy: 'device' });

/** Gives every slot that has a reading. @param start of the block, µs */
export function readSlots(bytes: Uint8Array, start: number, give: (part: Part) => void): void {
  const { numbers, counts } = viewOf(bytes.byteOffset % 8 === 0 ? bytes : bytes.slice());
  for (let slot = 0; slot < slotsPerBlock; slot += 1) {
    const [at, of] = [slot * doubles, slot * integers];
    const count = counts[of] ?? 0;
    if (count === 0) continue;
    const time = start + slot * slotUs;
    give({
      time,
      count,
      readings: count,
      min: numbers[at] ?? 0,
      max: numbers[at + 1] ?? 0,
      sum: numbers[at + 2] ?? 0,
      lastTime: time + (counts[of + 1] ?? 0),
      last: { value: numbers[at + 3] ?? 0, text: null, flags: number },
    });
  }
}

function viewOf({ buffer, byteOffset }: Uint8Array): { numbers: Float64Array; counts: Uint32Array } {
  return {
    numbers: new Float64Array(buffer, byteOffset, slotsPerBlock * doubles),
    counts: new Uint32Array(buffer, byteOffset + doubleBytes, slotsPerBlock * integers),
  };
}
