import { describe, expect, test } from 'vitest';
import {
  dayMs,
  emptyDraft,
  grantOf,
  tokenDraftOf,
  tokenPatchOf,
} from '../../../dashboards/format/token-draft.ts';

const draft = { ...emptyDraft, name: ' Panel ' } as const;
const token = {
  id: 't1',
  createdAt: 1,
  name: 'Panel',
  role: 'gateway',
  groups: ['a', 'b'],
  topicFilters: ['zigbee2mqtt/#', 'with space/+'],
  expiresAt: 5 * dayMs,
} as const;

test('a form becomes what the token opens', () => {
  expect(grantOf(draft, 0)).toEqual({ name: 'Panel', role: 'viewer', groups: '*' });
  expect(grantOf({ ...draft, groups: ' a, b  c', days: '30' }, 1000)).toEqual({
    name: 'Panel',
    role: 'viewer',
    groups: ['a', 'b', 'c'],
    expiresAt: 30 * dayMs + 1000,
  });
  const device = { role: 'device', groups: 'home', device: 'bed-7', filters: 'no/#' } as const;
  expect(grantOf({ ...draft, ...device }, 0)).toEqual({
    name: 'Panel',
    role: 'device',
    groups: ['home'],
    device: 'bed-7',
  });
  expect(grantOf({ ...draft, role: 'gateway', filters: 'a/#\n\n b c/+ ' }, 0).topicFilters).toEqual([
    'a/#',
    'b c/+',
  ]);
});

describe('A token that is edited', () => {
  test('asks for nothing while nothing is changed', () => {
    expect(tokenPatchOf(token, tokenDraftOf(token), 0)).toEqual({});
    const endless = { ...token, expiresAt: undefined, topicFilters: undefined, groups: '*' } as const;
    expect(tokenPatchOf(endless, tokenDraftOf(endless), 0)).toEqual({});
  });

  test('asks only for what is changed, and removes what is left empty', () => {
    const before = tokenDraftOf(token);
    expect(tokenPatchOf(token, { ...before, name: 'Hall', days: '' }, 0)).toEqual({
      name: 'Hall',
      expiresAt: null,
    });
    expect(tokenPatchOf(token, { ...before, groups: '', filters: '', days: '1' }, 7)).toEqual({
      groups: '*',
      topicFilters: null,
      expiresAt: dayMs + 7,
    });
    expect(tokenPatchOf(token, { ...before, role: 'device', groups: 'a', device: 'x' }, 0)).toEqual({
      role: 'device',
      groups: ['a'],
      device: 'x',
      topicFilters: null,
    });
  });
});
