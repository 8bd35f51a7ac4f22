import { beforeEach, describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await HttpRig.start();
});

describe('health', () => {
  test('/livez and /readyz are public; /readyz tells whether deliveries are taken', async () => {
    expect((await rig.anonymous({ url: '/livez' })).statusCode).toBe(200);
    expect((await rig.anonymous({ url: '/readyz' })).statusCode).toBe(200);
    rig.isReady = false;
    expect((await rig.anonymous({ url: '/livez' })).statusCode).toBe(200);
    expect((await rig.anonymous({ url: '/readyz' })).statusCode).toBe(503);
  });

  test('answers in application/health+json, part by part', async () => {
    rig.status.edges = [{ name: 'broker', state: 'down', address: '192.0.2.7:1883', detail: 'refused' }];
    const answer = await rig.anonymous({ url: '/readyz' });
    expect(answer.headers['content-type']).toContain('application/health+json');
    expect(answer.json()).toEqual({
      status: 'warn',
      version: '1.2.3',
      checks: { starts: [{ status: 'pass' }], store: [{ status: 'pass' }], broker: [{ status: 'fail' }] },
    });
    rig.status.edges = [];
    expect((await rig.anonymous({ url: '/readyz' })).json()).toMatchObject({ status: 'pass' });
  });

  for (const [bytes, status] of [
    [69, 'pass'],
    [71, 'warn'],
    [101, 'fail'],
  ] as const)
    test(`a spool that is ${bytes} % full: ${status}, with the seconds that the database is behind`, async () => {
      rig.status.store = {
        bytes: 1,
        head: 1,
        merged: 1,
        series: 1,
        spool: { waiting: 7, bytes, maxBytes: 100, ageSeconds: 12.5 },
      };
      const answer = await rig.anonymous({ url: '/readyz' });
      expect(answer.statusCode).toBe(200);
      const check = { status, observedValue: 12.5, observedUnit: 's' };
      expect(answer.json()).toMatchObject({ checks: { 'spool:age': [check] } });
    });

  for (const [state, status] of [
    ['enough', 'pass'],
    ['low', 'warn'],
    ['short', 'warn'],
    ['full', 'fail'],
  ] as const)
    test(`a disk whose room is ${state}: ${status}`, async () => {
      const disk = { state, freeBytes: 7, totalBytes: 100 };
      rig.status.store = { bytes: 1, head: 1, merged: 1, series: 1, disk };
      const check = { status, observedValue: 7, observedUnit: 'B' };
      expect((await rig.anonymous({ url: '/readyz' })).json()).toMatchObject({
        checks: { 'disk:free': [check] },
      });
    });

  test('a crash loop is a warning', async () => {
    rig.status.starts = { recent: 4, uncleanEnds: 3, looping: true };
    const answer = await rig.anonymous({ url: '/readyz' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ status: 'warn', checks: { starts: [{ status: 'warn' }] } });
  });

  test('tells strangers neither addresses nor reasons', async () => {
    rig.status.edges = [{ name: 'broker', state: 'down', address: '192.0.2.7:1883', detail: 'refused' }];
    expect((await rig.anonymous({ url: '/readyz' })).body).not.toMatch(/192\.0\.2\.7|refused/);
  });

  test('each says in words how it is', async () => {
    expect((await rig.anonymous({ url: '/livez' })).json()).toEqual({ status: 'pass' });
    rig.isReady = false;
    expect((await rig.anonymous({ url: '/readyz' })).json()).toEqual({ status: 'fail', version: '1.2.3' });
  });
});
