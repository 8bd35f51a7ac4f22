import { expect, test } from 'vitest';
import type { NewToken } from '#ports';
import { checkNewToken } from '../../../hub/access/new-token.ts';
import { tokens } from '../../suites/access-cases.ts';

const nowMs = 1_780_000_000_000;

for (const [who, token] of Object.entries(tokens))
  test(`the token of ${who} can be made`, () => expect(() => checkNewToken(token, nowMs)).not.toThrow());

const { viewer, device, gateway } = tokens;
const wrong: readonly [string, NewToken][] = [
  ['a blank name', { ...viewer, name: ' ' }],
  ['a name without end', { ...viewer, name: 'x'.repeat(129) }],
  ['no group at all', { ...viewer, groups: [] }],
  ['a group that is no slug', { ...viewer, groups: ['Plant 1'] }],
  ['the reserved group admin', { ...viewer, groups: ['admin'] }],
  ['a device of all groups', { ...device, groups: '*' }],
  ['a device of two groups', { ...device, groups: ['plant', 'office'] }],
  ['a device without its id', { ...device, device: undefined }],
  ['a device with an id that is none', { ...device, device: 'a/b' }],
  ['a viewer with a device', { ...viewer, device: 'pump' }],
  ['a viewer with topic filters', { ...viewer, topicFilters: ['#'] }],
  ['a broken topic filter', { ...gateway, topicFilters: ['a/#/b'] }],
  ['too many topic filters', { ...gateway, topicFilters: Array(65).fill('a') as string[] }],
  ['an end in the past', { ...viewer, expiresAt: nowMs }],
  ['an end that is no time', { ...viewer, expiresAt: NaN }],
];
for (const [what, token] of wrong)
  test(`${what} is refused with a reason`, () => {
    expect(() => checkNewToken(token, nowMs)).toThrow(
      expect.objectContaining({ name: 'RequestError', status: 400, code: 'invalid-token' }),
    );
  });
