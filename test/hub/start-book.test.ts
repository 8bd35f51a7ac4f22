import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StartBook } from '../../hub/start-book.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-starts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const minute = 60_000;

/** Hubs that were started at these minutes and killed. */
function killedAt(...minutes: readonly number[]): StartBook | undefined {
  return minutes.map((at) => new StartBook(folder, at * minute)).at(-1);
}

test('the first start has nothing behind it', () => {
  expect(new StartBook(folder, 0).status()).toEqual({ recent: 1, uncleanEnds: 0, looping: false });
});

test('ends that were asked for are no loop, however many', () => {
  for (let at = 0; at < 5; at += 1) new StartBook(folder, at * minute).ended(at * minute + 1);
  expect(new StartBook(folder, 5 * minute).status()).toEqual({ recent: 6, uncleanEnds: 0, looping: false });
});

test('the third end within ten minutes that nobody asked for makes a loop', () => {
  expect(killedAt(0, 1, 2)?.status()).toEqual({ recent: 3, uncleanEnds: 2, looping: false });
  expect(killedAt(3)?.status()).toEqual({ recent: 4, uncleanEnds: 3, looping: true });
});

test('what is longer ago is forgiven', () => {
  killedAt(0, 1, 2);
  expect(killedAt(13)?.status()).toEqual({ recent: 1, uncleanEnds: 0, looping: false });
});

test('the file is bounded', () => {
  killedAt(...Array.from({ length: 50 }, (_, index) => index));
  expect(JSON.parse(readFileSync(join(folder, 'starts.json'), 'utf8'))).toHaveLength(20);
});

for (const broken of ['', 'not JSON', '{}', '[null, 1, {"at":"x"}]'])
  test(`a file that holds ${JSON.stringify(broken)} does not stop the start`, () => {
    writeFileSync(join(folder, 'starts.json'), broken);
    expect(new StartBook(folder, 0).status().recent).toBe(1);
  });
