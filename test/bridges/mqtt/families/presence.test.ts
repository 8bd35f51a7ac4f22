import { expect, test } from 'vitest';
import { presenceOf } from '../../../../bridges/mqtt/families/presence.ts';

test('only the two words say whether a device is there', () => {
  expect(['online', 'offline'].map(presenceOf)).toEqual(['online', 'offline']);
  expect(['Online', 'online ', 'ONLINE', '1', '', undefined].map(presenceOf)).toEqual(
    Array(6).fill(undefined),
  );
});
