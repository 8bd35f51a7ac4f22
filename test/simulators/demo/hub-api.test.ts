import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  HubApi,
  isReady,
  prepareDataFolder,
  readAdminToken,
  readHubAddress,
} from '../../../simulators/demo/hub-api.ts';
import { HttpStub } from '../support/http-stub.ts';

let hub: HttpStub;
let folder: string;
beforeEach(async () => {
  hub = await HttpStub.start();
  folder = mkdtempSync(join(tmpdir(), 'hub-api-'));
});
afterEach(async () => {
  await hub.stop();
  rmSync(folder, { recursive: true });
});

const api = () => new HubApi({ url: hub.url, token: 'admin' });

describe('the hub’s API as the demo uses it', () => {
  test('makes a token for a role and its groups', async () => {
    hub.answer = () => ({ status: 201, body: { secret: 's', info: { id: 't1' } } });
    expect(await api().createToken('fleet', 'gateway', ['a'])).toEqual({ secret: 's', info: { id: 't1' } });
    expect(hub.requests).toEqual([
      {
        line: 'POST /api/v1/tokens',
        authorization: 'Bearer admin',
        body: '{"name":"fleet","role":"gateway","groups":["a"]}',
      },
    ]);
  });

  test('makes a login code', async () => {
    hub.answer = () => ({ body: { code: 'abc' } });
    expect(await api().createLoginCode()).toBe('abc');
    expect(hub.requests[0]?.line).toBe('POST /api/v1/login-codes');
  });

  test('revokes a token, and needs no answer for it', async () => {
    hub.answer = () => ({ status: 204 });
    await api().revokeToken('t 1');
    expect(hub.requests[0]?.line).toBe('DELETE /api/v1/tokens/t%201');
  });

  test('asks for one device’s history in buckets', async () => {
    hub.answer = () => ({ body: { series: [], truncated: false } });
    await api().history('g', 'd', { start: 1, end: 2, window: 60_000, metrics: 'm' });
    expect(hub.requests[0]?.line).toBe(
      'GET /api/v1/groups/g/devices/d/history?start=1&end=2&window=60000&metrics=m',
    );
  });

  test('a device that the hub does not know yet has no history; any other "no" is an error', async () => {
    const query = { start: 1, end: 2, window: 60_000, metrics: 'm' };
    hub.answer = () => ({ status: 404 });
    expect(await api().history('g', 'd', query)).toEqual({ series: [], truncated: false });
    hub.answer = () => ({ status: 403 });
    await expect(api().history('g', 'd', query)).rejects.toThrow('with 403');
  });

  test('a "no" is one sentence with what was asked and what was answered', async () => {
    hub.answer = () => ({ status: 403, body: { code: 'forbidden' } });
    await expect(api().status()).rejects.toThrow(
      'The hub answered GET /api/v1/status with 403: {"code":"forbidden"}',
    );
  });

  test('silence is one sentence too', async () => {
    const gone = await HttpStub.start();
    await gone.stop();
    const silent = new HubApi({ url: 'http://127.0.0.1:1', token: 'x' });
    await expect(silent.status()).rejects.toThrow('The hub did not answer GET /api/v1/status.');
  });

  test('is ready when /readyz says so, and not when it refuses or is not there', async () => {
    expect(await isReady(hub.url)).toBe(true);
    hub.answer = () => ({ status: 503 });
    expect(await isReady(hub.url)).toBe(false);
    expect(await isReady('http://127.0.0.1:1')).toBe(false);
  });
});

describe('the data folder of a hub', () => {
  test('tells where a hub listens, if one does', () => {
    expect(readHubAddress(folder)).toBeUndefined();
    writeFileSync(join(folder, 'hub.json'), '{"pid":7,"url":"http://h","mqtt":"mqtt://h"}');
    expect(readHubAddress(folder)).toEqual({ pid: 7, url: 'http://h', mqtt: 'mqtt://h' });
  });

  test('is made for its owner only, or it is said why it cannot be', () => {
    prepareDataFolder(join(folder, 'deep', 'data'));
    expect(statSync(join(folder, 'deep', 'data')).mode & 0o777).toBe(0o700);
    writeFileSync(join(folder, 'file'), '');
    expect(() => prepareDataFolder(join(folder, 'file', 'data'))).toThrow(
      /^The data folder .*file.data cannot be made: /,
    );
  });

  test('holds the admin token, or it is said where it should be', () => {
    expect(() => readAdminToken(folder)).toThrow(
      `The hub's admin token ${join(folder, 'admin-token')} cannot be read.`,
    );
    writeFileSync(join(folder, 'admin-token'), 'secret\n');
    expect(readAdminToken(folder)).toBe('secret');
  });
});
