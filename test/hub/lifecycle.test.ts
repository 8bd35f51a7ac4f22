import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../hub/clock.ts';
import { readConfig } from '../../hub/config.ts';
import { readAddress, readAdminToken } from '../../hub/data-folder.ts';
import { startHub, type RunningHub } from '../../hub/lifecycle.ts';
import { silentLog } from '../support/fakes.ts';

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'signalbox-lifecycle-'));
}

function random(bytes: number): Uint8Array {
  return randomBytes(bytes);
}

function start(folder: string, ...argv: readonly string[]): Promise<RunningHub> {
  const own = ['--data', folder, '--http-port', '0', '--mqtt-port', '0'];
  const invocation = readConfig({ argv: [...own, ...argv], env: {} });
  if (!('config' in invocation)) throw new Error('expected a configuration');
  return startHub(invocation.config, { clock: systemClock, log: silentLog, version: '1.2.3', random });
}

describe('A hub that runs', () => {
  let folder: string;
  let hub: RunningHub;
  beforeAll(async () => {
    folder = makeFolder();
    hub = await start(folder, '--mqtt-timezone', 'Asia/Kolkata');
  });
  afterAll(async () => {
    await hub.stop();
    rmSync(folder, { recursive: true });
  });

  async function answerOf(path: string): Promise<unknown> {
    const authorization = `Bearer ${readAdminToken(folder)}`;
    const answer = await fetch(`${hub.url}${path}`, { headers: { authorization } });
    return await answer.json();
  }

  test('is ready, and every edge listens', async () => {
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
    const status = await hub.status();
    expect(status).toMatchObject({ state: 'ok', version: '1.2.3' });
    expect(status.edges.map(({ name, state }) => [name, state])).toEqual([
      ['http', 'up'],
      ['mqtt', 'up'],
    ]);
    const socket = connect(Number(new URL(hub.mqtt ?? '').port), '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
  });

  test('says in its folder where it listens, and who may ask', async () => {
    expect(readAddress(folder)).toMatchObject({ pid: process.pid, url: hub.url, mqtt: hub.mqtt });
    expect(await answerOf('/api/v1/status')).toMatchObject({ state: 'ok' });
  });

  test('keeps the folder to itself', async () => {
    await expect(start(folder)).rejects.toThrow('Another hub is using the data folder');
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  });

  test('takes a reading from MQTT to HTTP, its local time in the zone that was named', async () => {
    const password = readAdminToken(folder);
    const client = await connectAsync(hub.mqtt ?? '', { username: 'any', password, reconnectPeriod: 0 });
    onTestFinished(() => client.endAsync());
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const payload = JSON.stringify({ Time: `${yesterday}T12:00:00`, ANALOG: { A0: 7 } });
    await client.publishAsync('tele/plug/SENSOR', payload, { qos: 1 });
    expect(await answerOf('/api/v1/groups/tasmota/devices/plug/latest')).toMatchObject({
      items: [
        { metric: 'ANALOG.A0', value: 7, time: Date.parse(`${yesterday}T12:00:00+05:30`), quality: 'good' },
      ],
    });
  });
});

describe('Stopping', () => {
  test('closes what listened, forgets the address, frees the folder, and happens once', async () => {
    const folder = makeFolder();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const hub = await start(folder, '--no-mqtt-embedded');
    expect([hub.mqtt, (await hub.status()).edges.length]).toEqual([undefined, 1]);
    await Promise.all([hub.stop(), hub.stop()]);
    await expect(fetch(`${hub.url}/livez`)).rejects.toThrow('fetch failed');
    expect(() => readAddress(folder)).toThrow('No hub is running');
    const token = readAdminToken(folder);
    const next = await start(folder, '--no-mqtt-embedded');
    await next.stop();
    expect(readAdminToken(folder)).toBe(token);
  });
});

describe('A start that fails', () => {
  test('undoes what was started before it: the same folder serves the next', async () => {
    const folder = makeFolder();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    await expect(start(folder, '--mqtt-port', String(port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(() => readAddress(folder)).toThrow('No hub is running');
    const hub = await start(folder, '--no-mqtt-embedded');
    await hub.stop();
  });
});
