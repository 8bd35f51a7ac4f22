import { expect, test } from 'vitest';
import { FamilyMemory } from '../../../bridges/mqtt/family-memory.ts';

class Counted {
  count = 0;
}
class Other {
  name = 'other';
}

test('each part is made once and kept apart from others, and from those of another broker', () => {
  const memory = new FamilyMemory();
  memory.of(Counted).count += 1;
  expect(memory.of(Counted).count).toBe(1);
  expect(memory.of(Other)).toBeInstanceOf(Other);
  expect(new FamilyMemory().of(Counted).count).toBe(0);
});
