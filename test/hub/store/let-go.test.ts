import { expect, test } from 'vitest';
import { letGo } from '../../../hub/store/let-go.ts';

test('what was let go takes no memory, without a collection', () => {
  const rows = new Float64Array(10_000_000);
  const before = process.memoryUsage().arrayBuffers;
  letGo(rows);
  expect(rows.length).toBe(0);
  // Far more than other tests could take meanwhile.
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThan(40_000_000);
});
