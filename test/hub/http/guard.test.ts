import { beforeAll, describe, expect, test } from 'vitest';
import type { Action } from '#contract/access.ts';
import { accessCases, places, tokens, type Place, type Who } from '../../suites/access-cases.ts';
import { allRoutes, type Routes } from '../../../hub/http/server.ts';
import { HttpRig } from './support.ts';

interface Probe {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly payload?: object;
}

/** How each action is asked for over HTTP, where there is a route for it. */
const probes: Partial<Record<Action, (target: { group?: string; device?: string }) => Probe | undefined>> = {
  'telemetry:write': ({ group, device }) => ofDevice(group, device, 'telemetry', { a: 1 }),
  'event:write': ({ group, device }) => ofDevice(group, device, 'events', { name: 'press' }),
  'reported:write': ({ group, device }) => ofDevice(group, device, 'reported', { on: true }),
  'command:send': ({ group, device }) => ofDevice(group, device, 'commands', { name: 'start' }),
  'readings:read': ({ group, device }) => ofDevice(group, device, 'latest'),
  'device:read': ({ group, device }) => {
    if (group === undefined) return undefined;
    return {
      method: 'GET',
      url: `/api/v1/groups/${group}/devices${device === undefined ? '' : `/${device}`}`,
    };
  },
  'hub:read': ({ group }) => (group === undefined ? { method: 'GET', url: '/api/v1/status' } : undefined),
  'inbox:read': ({ group }) => (group === undefined ? { method: 'GET', url: '/api/v1/inbox' } : undefined),
  'hub:manage': ({ group }) =>
    group === undefined ? { method: 'GET', url: '/api/v1/retention' } : undefined,
  'token:manage': ({ group }) => (group === undefined ? { method: 'GET', url: '/api/v1/tokens' } : undefined),
};

function ofDevice(group?: string, device?: string, noun?: string, payload?: object): Probe | undefined {
  if (group === undefined || device === undefined) return undefined;
  const url = `/api/v1/groups/${group}/devices/${device}/${noun}`;
  return payload === undefined ? { method: 'GET', url } : { method: 'POST', url, payload };
}

function probeFor(action: Action, place: Place): Probe | undefined {
  return place === 'device without a group' ? undefined : probes[action]?.(places[place]);
}

describe('the table of rights, over HTTP', () => {
  let rig: HttpRig;
  const secrets = new Map<Who, string>();
  beforeAll(async () => {
    rig = await HttpRig.start({ replay: async () => 0 });
    for (const who of Object.keys(tokens) as Who[]) secrets.set(who, await rig.token(tokens[who]));
  });

  const cases = accessCases.flatMap((each) => {
    const probe = probeFor(each.action, each.place);
    return probe === undefined ? [] : [{ ...each, probe }];
  });

  test('ten of the eleven actions have routes; receiving commands has none', () => {
    expect(new Set(cases.map(({ action }) => action)).size).toBe(10);
  });

  for (const { who, action, place, allowed, probe } of cases)
    test(`${who} ${allowed ? 'may' : 'may not'} ${action} on ${place}`, async () => {
      const headers = { authorization: `Bearer ${secrets.get(who)}` };
      const { statusCode } = await rig.anonymous({ ...probe, headers });
      if (allowed) expect(statusCode).toBeLessThan(300);
      else expect([403, 404]).toContain(statusCode);
    });

  test('a group that is not yours and one that does not exist answer alike', async () => {
    const headers = { authorization: `Bearer ${secrets.get('viewer')}` };
    const everywhere = { authorization: `Bearer ${secrets.get('operator of all')}` };
    for (const rest of ['', '/pump', '/pump/latest', '/pump/history', '/pump/events', '/pump/commands']) {
      const foreign = await rig.anonymous({ url: `/api/v1/groups/office/devices${rest}`, headers });
      const missing = await rig.anonymous({ url: `/api/v1/groups/nowhere/devices${rest}`, headers });
      const absent = await rig.anonymous({
        url: `/api/v1/groups/nowhere/devices${rest}`,
        headers: everywhere,
      });
      expect(foreign.statusCode).toBe(404);
      expect(foreign.body).toBe(missing.body);
      expect(foreign.body).toBe(absent.body);
    }
  });

  test('who may see the group, but not do this, is told so', async () => {
    const headers = { authorization: `Bearer ${secrets.get('viewer')}` };
    const url = '/api/v1/groups/plant/devices/pump/commands';
    const answer = await rig.anonymous({ method: 'POST', url, headers, payload: { name: 'start' } });
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'forbidden']);
  });
});

const forgotten: Routes = (app) => {
  app.get('/api/v1/forgotten', async () => 'hello');
};
const forgottenInPlugin: Routes = (app, parts) => {
  app.register(async (scope: typeof app) => forgotten(scope, parts));
};

describe('deny by default', () => {
  for (const routes of [forgotten, forgottenInPlugin])
    test(`a route that declares no permission stops the start (${routes.name})`, async () => {
      await expect(HttpRig.start({}, [...allRoutes, routes])).rejects.toThrow(
        'The route GET /api/v1/forgotten declares no permission.',
      );
    });
});

describe('authentication', () => {
  let rig: HttpRig;
  beforeAll(async () => {
    rig = await HttpRig.start();
  });
  const url = '/api/v1/status';

  test('Bearer and Token are the same, in any case', async () => {
    for (const scheme of ['Bearer', 'bearer', 'Token', 'token'])
      expect(
        (await rig.anonymous({ url, headers: { authorization: `${scheme} ${rig.adminToken}` } })).statusCode,
      ).toBe(200);
  });

  test('without a token the answer is 401 and says how to authenticate', async () => {
    const answer = await rig.anonymous({ url });
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="signalbox"',
    ]);
  });

  const wrong = [
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer x',
    'Bearer a b',
    'Digest x',
    `Bearer ${'x'.repeat(8000)}`,
  ];
  for (const authorization of wrong)
    test(`${JSON.stringify(authorization.slice(0, 20))} is 401`, async () => {
      expect((await rig.anonymous({ url, headers: { authorization } })).statusCode).toBe(401);
    });

  test('the start of a right token, or more than it, is 401', async () => {
    for (const token of [rig.adminToken.slice(0, -1), `${rig.adminToken}A`])
      expect((await rig.anonymous({ url, headers: { authorization: `Bearer ${token}` } })).statusCode).toBe(
        401,
      );
  });

  for (const name of ['token', 'access_token', 'api_key'])
    test(`a token in the query as ${name} is refused, even a right one`, async () => {
      const answer = await rig.request({ url: `${url}?${name}=${rig.adminToken}` });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'token-in-url']);
    });

  test('a revoked token is refused from then on', async () => {
    const secret = await rig.token({ name: 'x', role: 'viewer', groups: '*' });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await rig.anonymous({ url, headers })).statusCode).toBe(200);
    const id = secret.split('_')[1];
    expect((await rig.request({ method: 'DELETE', url: `/api/v1/tokens/${id}` })).statusCode).toBe(204);
    expect((await rig.anonymous({ url, headers })).statusCode).toBe(401);
  });
});
