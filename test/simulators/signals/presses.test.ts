import { expect, test } from 'vitest';
import { doublePressGapMs, presses } from '../../../simulators/signals/presses.ts';

const button = { seed: 2, everyMs: 10_000 };
const start = Date.UTC(2026, 5, 1);
const hour = presses(button, start, start + 3_600_000);

test('an hour asked in one piece or minute by minute holds the same presses, each once', () => {
  const pieces = Array.from({ length: 60 }, (_, minute) =>
    presses(button, start + minute * 60_000, start + (minute + 1) * 60_000),
  );
  expect(pieces.flat()).toEqual(hour);
  expect(new Set(hour).size).toBe(hour.length);
});

test('people press now and then, and sometimes twice within 100 ms', () => {
  expect(hour.length).toSatisfy((count: number) => count > 200 && count < 500);
  const gaps = hour.slice(1).map((time, index) => time - (hour[index] ?? 0));
  expect(gaps).toContain(doublePressGapMs);
  expect(gaps.some((gap) => gap > 10_000)).toBe(true);
});
