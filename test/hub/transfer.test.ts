import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeAddress, writeAdminToken } from '../../hub/data-folder.ts';
import { exportFile, formatOf, importFile, importOutcome } from '../../hub/transfer.ts';

let folder: string;
let hub: Server;
let pieces: string[];
let busy: number;
const told: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-transfer-'));
  [pieces, busy] = [[], 0];
  told.splice(0);
  hub = createServer((request, response) => void answer(request, response));
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

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (request.method === 'GET') return void response.end('exported');
  if (busy-- > 0) return void response.writeHead(503).end('busy');
  pieces.push(body);
  const rejected = body.includes('nonsense') ? [{ row: 2, message: 'no reading' }] : [];
  response.end(JSON.stringify({ accepted: 2, rejectedCount: rejected.length, rejected }));
}

function transfer(name: string, content?: string) {
  const file = join(folder, name);
  if (content !== undefined) writeFileSync(file, content);
  return { dataFolder: folder, group: 'plant', file, tell: (text: string) => void told.push(text) };
}

describe('An import', () => {
  test('sends whole lines, a piece at a time, and says how far it is', async () => {
    const line = 'a,device=d v=1 1780000000000000\n';
    const result = await importFile(transfer('a.lp', line.repeat(70_000)));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(line.repeat(70_000));
    expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true);
    expect(result).toEqual({ accepted: 2 * pieces.length, rejected: 0 });
    expect(told.at(-1)).toMatch(/^100 %/);
  });

  test('sends CSV with its header in each piece, and cuts no text in two', async () => {
    const [header, row] = ['device,metric,time,value\n', 'd,m,1780000000000,"two\nlines"\n'];
    await importFile(transfer('a.csv', header + row.repeat(70_000)));
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) expect(piece.slice(header.length)).toMatch(/^d,m[^]*"\n$/);
    expect(pieces.map((piece) => piece.slice(header.length)).join('')).toBe(row.repeat(70_000));
  });

  test('tells which line is refused, and comes again when the hub is busy', async () => {
    busy = 1;
    await importFile(transfer('a.lp', 'a v=1\nnonsense\n'));
    expect(told).toEqual([
      'the hub is busy; trying again',
      'line 2: no reading',
      '100 %: 2 readings, 1 refused',
    ]);
  });

  test('ends with 0 only if every line is in, with 2 if some are, and fails if none is', () => {
    const into = transfer('a.lp');
    expect(importOutcome({ accepted: 5, rejected: 0 }, into)).toMatchObject({ exitCode: 0 });
    expect(importOutcome({ accepted: 5, rejected: 2 }, into)).toEqual({
      text: 'Imported 5 readings into plant; refused: 2.',
      exitCode: 2,
    });
    expect(() => importOutcome({ accepted: 0, rejected: 2 }, into)).toThrow(/^Nothing was imported: .+\(2\)/);
  });

  test('can be cancelled', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(importFile({ ...transfer('a.lp', 'a v=1\n'), signal })).rejects.toThrow('enough');
    expect(pieces).toEqual([]);
  });
});

describe('An export', () => {
  test('is a new file for its owner', async () => {
    const what = transfer('out.csv');
    expect(await exportFile(what)).toBe(8);
    expect(readFileSync(what.file, 'utf8')).toBe('exported');
    await expect(exportFile(what)).rejects.toThrow(/EEXIST/);
  });

  test('has the format of its name', () => {
    expect([formatOf('a.csv'), formatOf('a.lp'), formatOf('a')]).toEqual([
      'csv',
      'line-protocol',
      'line-protocol',
    ]);
  });
});
