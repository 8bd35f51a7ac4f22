import { expect, test } from 'vitest';
import { returnStartMemory } from '../../../hub/store/start-memory.ts';

test('what nobody holds any more is gone', async () => {
  const reference = new WeakRef({ held: 'by nobody' });
  // A reference that was just made holds its target until this turn of the event loop has ended.
  await new Promise((resolve) => setImmediate(resolve));
  returnStartMemory();
  expect(reference.deref()).toBeUndefined();
});
