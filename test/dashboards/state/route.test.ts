import { describe, expect, test } from 'vitest';
import { hrefOf, loginCodeOf, parseRoute } from '../../../dashboards/state/route.ts';
import type { Route } from '../../../dashboards/state/route.ts';

describe('The address of a screen', () => {
  const routes: Route[] = [
    { screen: 'overview' },
    { screen: 'commands' },
    { screen: 'inbox' },
    { screen: 'status' },
    { screen: 'group', group: 'greenhouse' },
    { screen: 'device', group: 'greenhouse', device: 'a/b %2F#?é' },
  ];
  for (const route of routes) {
    test(`${route.screen} is found again from its own address`, () => {
      expect(parseRoute(hrefOf(route))).toEqual(route);
    });
  }

  for (const hash of ['#/nope', '#/groups', '#/groups/g/devices', '#/groups/g/x/d', '#/status/more']) {
    test(`${hash} is no screen`, () => {
      expect(parseRoute(hash)).toEqual({ screen: 'not-found' });
    });
  }

  test('a broken escape is taken as it stands', () => {
    expect(parseRoute('#/groups/%E0%A4%A')).toEqual({ screen: 'group', group: '%E0%A4%A' });
  });

  test('a login link carries its code in the fragment, and nothing else does', () => {
    expect(loginCodeOf('#login=abc_-1')).toBe('abc_-1');
    expect(loginCodeOf('#/login=abc')).toBeUndefined();
    expect(loginCodeOf('#login=')).toBeUndefined();
  });
});
