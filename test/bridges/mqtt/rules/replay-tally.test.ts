import { expect, test } from 'vitest';
import { ReplayTally } from '../../../../bridges/mqtt/rules/replay-tally.ts';

const meaning = { decoder: 'x' };
const receipt = (accepted: number, ...codes: readonly string[]) => ({
  epoch: 'e',
  offset: 1,
  accepted,
  rejected: codes.map((code, index) => ({ index, code, message: '' })),
});

test('a message is done when all of it was taken, else it stays and is counted under its reason', () => {
  const tally = new ReplayTally();
  expect(tally.add({ kind: 'taken', meaning, receipt: receipt(2) })).toBe('done');
  expect(tally.add({ kind: 'taken', meaning })).toBe('done');
  expect(tally.add({ kind: 'taken', meaning, receipt: receipt(1, 'too-old') })).toBe('stays');
  expect(tally.add({ kind: 'rejected', code: 'invalid-json', message: '' })).toBe('stays');
  expect(tally.add({ kind: 'unmapped', why: '' })).toBe('stays');
  tally.leave('unmapped');
  expect(tally).toMatchObject({
    messages: 2,
    readings: 3,
    left: { 'too-old': 1, 'invalid-json': 1, unmapped: 2 },
  });
});
