import { expect, test } from 'vitest';
import { toMessage } from '../../../hub/namespaces/device-changes.ts';

const name = { group: 'home', device: 'lamp' };

test('each change is one message, without what is of no use to a dashboard', () => {
  expect(toMessage({ kind: 'presence', ...name, presence: 'stale', since: 1, was: 'online' })).toEqual({
    group: 'home',
    event: 'presence',
    message: { ...name, presence: 'stale', since: 1 },
  });
  expect(toMessage({ kind: 'removed', ...name, movedTo: { group: 'attic', device: 'lamp' } })).toEqual({
    group: 'home',
    event: 'removed',
    message: { ...name, movedTo: { group: 'attic', device: 'lamp' } },
  });
  expect(toMessage({ kind: 'removed', ...name })?.message).toEqual(name);
  expect(toMessage({ kind: 'group', group: 'home' })).toBeUndefined();
});
