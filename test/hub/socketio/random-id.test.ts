import { expect, test } from 'vitest';
import { RandomIds } from '../../../hub/socketio/random-id.ts';

test('ids are 20 characters of base64url, each another', () => {
  const ids = new RandomIds();
  const made = Array.from({ length: 1000 }, () => ids.next());
  expect(new Set(made).size).toBe(1000);
  for (const id of made) expect(id).toMatch(/^[A-Za-z0-9_-]{20}$/);
});
