import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeAddress, writeAdminToken } from '../../hub/data-folder.ts';
import { saveBackup } from '../../hub/save-backup.ts';

let folder: string;
let hub: Server;
let file: string;
let answer: { status: number; headers: Record<string, string>; body: string };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-ask-'));
  file = join(folder, 'copy.db');
  answer = { status: 200, headers: {}, body: 'content' };
  hub = createServer((_request, response) => {
    response.writeHead(answer.status, answer.headers);
    if (answer.headers['content-length'] === '100') response.write(answer.body, () => response.destroy());
    else response.end(answer.body);
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  writeAddress(folder, { pid: 1, url, version: '1.0.0', startedAt: 0 });
  writeAdminToken(folder, 'the-secret');
});
afterEach(async () => {
  hub.closeAllConnections();
  await new Promise((resolve) => hub.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('A saved backup', () => {
  test('is what came, for its owner only', async () => {
    answer.headers = { 'content-length': '7' };
    expect(await saveBackup(folder, file)).toBe(7);
    expect(readFileSync(file, 'utf8')).toBe('content');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('that ended early is none', async () => {
    answer.headers = { 'content-length': '100' };
    await expect(saveBackup(folder, file)).rejects.toThrow();
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
  });

  test('overwrites nothing', async () => {
    writeFileSync(file, 'mine');
    await expect(saveBackup(folder, file)).rejects.toThrow(/exists already/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('that the hub refuses is one sentence, and no file', async () => {
    answer = { status: 409, headers: {}, body: 'wait' };
    await expect(saveBackup(folder, file)).rejects.toThrow('The hub refused to make a backup: 409 wait');
    expect(existsSync(file)).toBe(false);
  });
});
