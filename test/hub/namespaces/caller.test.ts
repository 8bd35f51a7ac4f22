import { describe, expect, test } from 'vitest';
import { fleet, isAllowed, visibleGroups } from '../../../hub/namespaces/caller.ts';
import { FakeAccess } from './fake-access.ts';
import { callerOf, viewer } from './fake-socket.ts';

const access = new FakeAccess();

describe('What a caller may do', () => {
  test('in a group: what access says of that group', () => {
    expect(isAllowed(access, callerOf(), 'readings:read')).toBe(true);
    expect(isAllowed(access, callerOf(), 'command:send')).toBe(false);
    expect(isAllowed(access, callerOf({ group: 'farm' }), 'readings:read')).toBe(false);
  });

  test('in the fleet: what it may do in one of its groups at least', () => {
    expect(isAllowed(access, callerOf({ group: fleet }), 'readings:read')).toBe(true);
    expect(isAllowed(access, callerOf({ group: fleet }), 'command:send')).toBe(false);
    const nowhere = { ...viewer, groups: [] };
    expect(isAllowed(access, callerOf({ group: fleet, principal: nowhere }), 'readings:read')).toBe(false);
    const everywhere = { ...viewer, groups: '*' as const };
    expect(isAllowed(access, callerOf({ group: fleet, principal: everywhere }), 'readings:read')).toBe(true);
  });

  test('as a device: only as itself', () => {
    const principal = { ...viewer, role: 'device' as const, device: 'lamp' };
    expect(isAllowed(access, callerOf({ principal, device: 'lamp' }), 'telemetry:write')).toBe(true);
    expect(isAllowed(access, callerOf({ principal }), 'telemetry:write')).toBe(false);
  });
});

describe('Which groups a view of the fleet covers', () => {
  test('all, or those asked for, for whom all are granted', () => {
    const all = { ...viewer, groups: '*' as const };
    expect(visibleGroups(all, undefined)).toBeUndefined();
    expect(visibleGroups(all, ['home'])).toEqual(['home']);
  });

  test('never more than what is granted', () => {
    expect(visibleGroups(viewer, undefined)).toEqual(['home']);
    expect(visibleGroups(viewer, ['farm', 'home', '*'])).toEqual(['home']);
  });
});
