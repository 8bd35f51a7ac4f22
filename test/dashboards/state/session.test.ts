import { describe, expect, test } from 'vitest';
import { HubApi } from '../../../dashboards/api/hub-api.ts';
import { Http } from '../../../dashboards/api/http.ts';
import { Session } from '../../../dashboards/state/session.ts';
import { ManualTiming, settled } from '../support/fake-socket.ts';

const ada = { name: 'Ada', role: 'operator', groups: '*', actions: ['readings:read', 'command:send'] };

/** A hub that gives these answers, one after the other; 0 = unreachable. */
function open(...answers: (readonly [status: number, body?: object])[]) {
  const timing = new ManualTiming();
  const asked: string[] = [];
  const fetch = (path: string, init: RequestInit): Promise<Response> => {
    asked.push(`${init.method} ${path}`);
    const [status, body] = answers.shift() ?? [0];
    if (status === 0) return Promise.reject(new TypeError('fetch failed'));
    return Promise.resolve(new Response(JSON.stringify(body ?? {}), { status }));
  };
  return { timing, asked, session: new Session({ timing, api: new HubApi({ http: new Http({ fetch }) }) }) };
}

describe('The session of a page', () => {
  test('nobody is logged in at a hub that says 401', async () => {
    const { session } = open([401]);
    await session.check();
    expect(session.phase.value).toBe('out');
    expect(session.trouble.value).toBeUndefined();
  });

  test('a code or a token logs in, and the actions say what may be done', async () => {
    const { session, asked } = open([200, ada]);
    await session.logIn({ code: 'x' });
    expect(session.phase.value).toBe('in');
    expect(asked).toEqual(['POST /api/v1/session']);
    expect([session.may('command:send'), session.may('token:manage')]).toEqual([true, false]);
  });

  test('a used link is no trouble for one who is logged in already', async () => {
    const { session } = open([401], [200, ada]);
    await session.logIn({ code: 'used' });
    expect([session.phase.value, session.trouble.value]).toEqual(['in', undefined]);
  });

  test('a wrong credential says which it was', async () => {
    const { session } = open([401], [401]);
    await session.logIn({ token: 'wrong' });
    expect([session.phase.value, session.trouble.value]).toEqual(['out', 'bad-token']);
  });

  test('an unreachable hub is asked again by itself', async () => {
    const { session, timing, asked } = open([0], [200, ada]);
    await session.check();
    expect(session.trouble.value).toBe('unreachable');
    timing.clock.advance(2000);
    await expect.poll(() => session.phase.value).toBe('in');
    expect(asked).toHaveLength(2);
  });

  test('is renewed half-way to its end, and again when the hub was not reached', async () => {
    const day = 86_400_000;
    const at = (expiresAt: number) => ({ ...ada, expiresAt });
    const { session, timing, asked } = open([200, ada]);
    const start = timing.now();
    const later = open([200, at(start + 20_000)], [0], [200, at(start + 7 * day)], [401], [401]);
    await later.session.check();
    later.timing.clock.advance(10_000);
    await settled();
    later.timing.clock.advance(5000);
    await expect.poll(() => later.session.who.value?.expiresAt).toBe(start + 7 * day);
    expect(later.asked.slice(1)).toEqual(['PUT /api/v1/session', 'PUT /api/v1/session']);
    expect(later.session.phase.value).toBe('in');
    later.timing.clock.advance(day / 2);
    await expect.poll(() => later.session.trouble.value).toBe('ended');
    await session.check();
    timing.clock.advance(30 * day);
    expect(asked).toHaveLength(1);
  });

  test('a session that the hub no longer takes ends at the way in', async () => {
    const { session } = open([200, ada], [401]);
    await session.check();
    await session.ended();
    await settled();
    expect([session.phase.value, session.trouble.value]).toEqual(['out', 'ended']);
  });
});
