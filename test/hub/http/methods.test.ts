import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpRig } from './support.ts';

const dashboardsFolder = mkdtempSync(join(tmpdir(), 'signalbox-methods-'));
let rig: HttpRig;

beforeAll(async () => {
  writeFileSync(join(dashboardsFolder, 'index.html'), '<!doctype html>');
  rig = await HttpRig.start({ dashboardsFolder });
});
afterAll(() => rmSync(dashboardsFolder, { recursive: true }));

describe('RFC 9110, 15.5.6: a method that the path does not have', () => {
  for (const [method, url, allow] of [
    ['DELETE', '/api/v1/groups', 'GET, HEAD, POST'],
    ['PUT', '/api/v1/tokens', 'GET, HEAD, POST'],
    ['PATCH', '/api/v1/groups/plant/devices/pump/telemetry', 'POST'],
    // Beside these lies the wildcard of the pages.
    ['GET', '/api/v1/groups/plant/devices/pump/telemetry', 'POST'],
    ['GET', '/api/v2/write', 'POST'],
    ['OPTIONS', '/livez', 'GET, HEAD'],
  ] as const)
    test(`${method} ${url} is 405, and Allow says ${allow}`, async () => {
      const answer = await rig.anonymous({ method, url });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow]);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.json()).toMatchObject({ status: 405, code: 'method-not-allowed' });
    });

  test('the levels of a path are not its pattern: neither a dot nor a slash stands for another', async () => {
    for (const url of [
      '/api/v1/openapiXjson',
      '/api/v1/groups/plant/devices/pump/x/telemetry',
      '/api/v1/nothing',
    ])
      expect((await rig.anonymous({ method: 'DELETE', url })).statusCode, url).toBe(404);
  });

  test('what a path holds is still told apart from nothing by nobody', async () => {
    for (const group of ['plant', 'no-such-group'])
      expect(
        (await rig.anonymous({ method: 'PUT', url: `/api/v1/groups/${group}/devices` })).statusCode,
      ).toBe(405);
  });
});
