import { describe, expect, test } from 'vitest';
import { HttpRig } from '../support.ts';

describe('what clients of InfluxDB ask before they write', () => {
  for (const method of ['GET', 'HEAD'] as const)
    test(`${method} /ping is 204 with a version, for everybody`, async () => {
      const rig = await HttpRig.start();
      const answer = await rig.anonymous({ method, url: '/ping' });
      expect([answer.statusCode, answer.body]).toEqual([204, '']);
      expect(answer.headers['x-influxdb-version']).toMatch(/^v2\.\d+\.\d+$/);
      expect(answer.headers['x-influxdb-build']).toBe('signalbox-1.2.3');
    });

  test('GET /health passes, or is 503 while the hub takes nothing', async () => {
    const rig = await HttpRig.start();
    const pass = await rig.anonymous({ url: '/health' });
    expect([pass.statusCode, pass.json()]).toEqual([
      200,
      { name: 'signalbox', message: 'ready for writes', status: 'pass', version: '1.2.3' },
    ]);
    rig.isReady = false;
    const fail = await rig.anonymous({ url: '/health' });
    expect([fail.statusCode, fail.json().status]).toEqual([503, 'fail']);
  });
});
