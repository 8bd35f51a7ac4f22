import { describe, expect, test } from 'vitest';
import {
  blockId,
  blockUs,
  packSlots,
  readSlots,
  slotUs,
  type TimedCells,
} from '../../../hub/store/fine-slots.ts';
import { flagsOf } from '../../../hub/store/rows.ts';

const start = 5_933_333 * blockUs;
const number = flagsOf({ value: 1, quality: 'uncertain', stampedBy: 'hub' });
const at = (time: number, value: number): TimedCells => ({
  time: start + time,
  value,
  text: null,
  flags: number,
});

function read(bytes: Uint8Array | undefined) {
  const parts: unknown[] = [];
  if (bytes !== undefined)
    readSlots(bytes, start, ({ last, ...part }) => parts.push({ ...part, last: last.value }));
  return parts;
}

describe('Slots of ten seconds', () => {
  test('hold what their readings come to; empty ones are not given', () => {
    const rows = [at(0, 5), at(9_999_999, -1), at(10_000_000, 0.1), at(blockUs - 1, 7), at(blockUs - 1, 8)];
    expect(read(packSlots(rows))).toEqual([
      { time: start, count: 2, readings: 2, min: -1, max: 5, sum: 4, lastTime: start + 9_999_999, last: -1 },
      {
        time: start + slotUs,
        count: 1,
        readings: 1,
        min: 0.1,
        max: 0.1,
        sum: 0.1,
        lastTime: start + slotUs,
        last: 0.1,
      },
      {
        time: start + 29 * slotUs,
        count: 2,
        readings: 2,
        min: 7,
        max: 8,
        sum: 15,
        lastTime: start + blockUs - 1,
        last: 8,
      },
    ]);
  });

  test('are of numbers only: a text or nothing among them and there are none', () => {
    const text = flagsOf({ value: 'x', quality: 'good', stampedBy: 'device' });
    expect(packSlots([at(0, 5), { time: start + 1, value: null, text: 'x', flags: text }])).toBeUndefined();
  });

  test('can be read from bytes that lie anywhere', () => {
    const bytes = packSlots([at(3, 5)]) ?? new Uint8Array();
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    expect(read(moved.subarray(3))).toEqual(read(bytes));
  });

  test('have an id by block and series, up to a million series', () => {
    expect(blockId(7, 2)).toBe(2 * 2 ** 20 + 7);
    expect(blockId(2 ** 20, 2)).toBeUndefined();
  });
});
