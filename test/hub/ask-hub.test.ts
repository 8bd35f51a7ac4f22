import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askHub } from '../../hub/ask-hub.ts';
import { writeAddress, writeAdminToken } from '../../hub/data-folder.ts';

let dataFolder: string;
let hub: Server;
let asked: IncomingMessage | undefined;
let answer = { status: 200, body: '{"readings":7}' };

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'signalbox-ask-'));
  answer = { status: 200, body: '{"readings":7}' };
  hub = createServer((request, response) => {
    asked = request;
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  writeAddress(dataFolder, { pid: 1, url, version: '1.0.0', startedAt: 0 });
  writeAdminToken(dataFolder, 'the-secret');
});
afterEach(() => {
  hub.close();
  rmSync(dataFolder, { recursive: true });
});

const ask = () => askHub({ dataFolder, path: '/api/v1/influxdb/replay', purpose: 'send readings again' });

test('the running hub is asked with the admin token of its folder', async () => {
  expect((await ask()).answer).toEqual({ readings: 7 });
  const { method, url, headers } = asked ?? {};
  expect([method, url, headers?.authorization]).toEqual([
    'POST',
    '/api/v1/influxdb/replay',
    'Bearer the-secret',
  ]);
});

test('a refusal, silence, and a folder without a hub are one sentence each', async () => {
  answer = { status: 409, body: 'no database' };
  await expect(ask()).rejects.toThrow('The hub refused to send readings again: 409 no database');
  hub.closeAllConnections();
  await new Promise((resolve) => hub.close(resolve));
  await expect(ask()).rejects.toThrow(/does not answer: is it running/);
  rmSync(join(dataFolder, 'hub.json'));
  await expect(ask()).rejects.toThrow(/No hub is running with the data folder/);
});
