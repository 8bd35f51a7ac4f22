import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAddress, writeAdminToken } from '../../hub/data-folder.ts';
import { makeLoginLink } from '../../hub/login-link.ts';

let dataFolder: string;
let hub: Server;
let asked: IncomingMessage | undefined;
let answer = { status: 200, body: '{"code":"abc"}' };
let url: string;

beforeEach(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'signalbox-login-'));
  answer = { status: 200, body: '{"code":"abc"}' };
  hub = createServer((request, response) => {
    asked = request;
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  announce();
  writeAdminToken(dataFolder, 'the-secret');
});
afterEach(async () => {
  await new Promise((resolve) => hub.close(resolve));
  rmSync(dataFolder, { recursive: true });
});

function announce(publicUrl?: string): void {
  writeAddress(dataFolder, { pid: 1, url, publicUrl, version: '1.0.0', startedAt: 0 });
}

test('the running hub is asked with the admin token of its folder', async () => {
  expect(await makeLoginLink({ dataFolder })).toBe(`${url}/#login=abc`);
  expect([asked?.method, asked?.url, asked?.headers.authorization]).toEqual([
    'POST',
    '/api/v1/login-codes',
    'Bearer the-secret',
  ]);
});

test('the link leads where people find the hub', async () => {
  announce('https://hub.example/');
  expect(await makeLoginLink({ dataFolder })).toBe('https://hub.example/#login=abc');
  expect(await makeLoginLink({ dataFolder, url: 'http://192.0.2.7:80' })).toBe(
    'http://192.0.2.7:80/#login=abc',
  );
});

test('a hub that refuses, or that does not answer, is one sentence', async () => {
  answer = { status: 403, body: 'no' };
  await expect(makeLoginLink({ dataFolder })).rejects.toThrow(/refused to make a login link: 403 no/);
  hub.closeAllConnections();
  await new Promise((resolve) => hub.close(resolve));
  await expect(makeLoginLink({ dataFolder })).rejects.toThrow(/does not answer: is it running/);
  hub.listen();
});

test('a folder without a running hub is one sentence', async () => {
  rmSync(join(dataFolder, 'hub.json'));
  await expect(makeLoginLink({ dataFolder })).rejects.toThrow(/No hub is running with the data folder/);
});
