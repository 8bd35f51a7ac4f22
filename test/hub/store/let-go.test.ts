import { expect, test } from 'vitest';
import { letGo } from '../../../hub/store/let-go.ts';

test('what was let go takes no memory, without a collection', () => {
  const before = process.memoryUsage().arrayBuffers;
  const rows = new Float64Array(1_000_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThanOrEqual(8_000_000);
  letGo(rows);
  expect([rows.length, process.memoryUsage().arrayBuffers - before < 1_000_000]).toEqual([0, true]);
});
