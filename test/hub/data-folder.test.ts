import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  DataFolderError,
  prepareDataFolder,
  readAddress,
  readAdminToken,
  removeAddress,
  writeAddress,
  writeAdminToken,
} from '../../hub/data-folder.ts';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'signalbox-data-'));
  folder = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('a new folder is private and empty', () => {
  prepareDataFolder(folder);
  expect(modeOf(folder)).toBe(0o700);
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that others could read is mended', () => {
  mkdirSync(folder, { mode: 0o755 });
  prepareDataFolder(folder);
  expect(modeOf(folder)).toBe(0o700);
});

test('a folder that cannot be is one sentence', () => {
  writeFileSync(folder, 'a file in the way');
  expect(() => prepareDataFolder(folder)).toThrow(DataFolderError);
  expect(() => prepareDataFolder(folder)).toThrow(/cannot be written/);
});

test('the admin token is readable by its owner only', () => {
  prepareDataFolder(folder);
  writeAdminToken(folder, 'sbx_x');
  expect(modeOf(join(folder, 'admin-token'))).toBe(0o600);
  expect(readAdminToken(folder)).toBe('sbx_x');
});

test('without a token or an address the sentence says what to do', () => {
  expect(() => readAdminToken(folder)).toThrow(/start the hub/);
  expect(() => readAddress(folder)).toThrow(/npm start/);
});

test('the address is there while the hub runs', () => {
  prepareDataFolder(folder);
  const address = { pid: 1, url: 'http://127.0.0.1:1', mqtt: undefined, version: '0.1.0', startedAt: 5 };
  writeAddress(folder, address);
  expect(readAddress(folder)).toMatchObject({ pid: 1, url: 'http://127.0.0.1:1' });
  removeAddress(folder);
  expect(() => readAddress(folder)).toThrow(DataFolderError);
});
