import { expect, test } from 'vitest';
import { grantOf } from '../../../dashboards/views/token-form.tsx';

const draft = { name: ' Panel ', role: 'viewer', groups: '', device: '', days: '' } as const;

test('a form becomes what the token opens', () => {
  expect(grantOf(draft, 0)).toEqual({ name: 'Panel', role: 'viewer', groups: '*' });
  expect(grantOf({ ...draft, groups: ' a, b  c', days: '30' }, 1000)).toEqual({
    name: 'Panel',
    role: 'viewer',
    groups: ['a', 'b', 'c'],
    expiresAt: 30 * 86_400_000 + 1000,
  });
  expect(grantOf({ ...draft, role: 'device', groups: 'home', device: 'bed-7' }, 0)).toMatchObject({
    role: 'device',
    groups: ['home'],
    device: 'bed-7',
  });
});
