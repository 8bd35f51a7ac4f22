import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { StoreCare, type CareOptions } from '../../../hub/store/care.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { overwritePage, reading, t0, TemporaryFile } from './temporary-file.ts';

async function filled(diskOf?: CareOptions['diskOf']) {
  const file = new TemporaryFile();
  await file.append({
    readings: Array.from({ length: 500 }, (_, index) => reading(index, { timeUs: t0 + index })),
  });
  const folder = dirname(file.file);
  const told: string[] = [];
  const log = {
    ...silentLog,
    info: (text: string) => void told.push(text),
    error: (text: string) => void told.push(text),
  };
  const counters = new CountersProbe();
  return { file, folder, told, counters, care: new StoreCare({ folder, log, counters, diskOf }) };
}

const left = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('backup'));

describe('A backup', () => {
  test('is a whole database of the announced size, and takes no room once it was read', async () => {
    const { folder, care } = await filled();
    const { bytes, content } = await care.backup();
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const copy = join(folder, 'copy.db');
    writeFileSync(copy, Buffer.concat(chunks));
    expect(readFileSync(copy).byteLength).toBe(bytes);
    const database = new DatabaseSync(copy);
    expect(database.prepare('SELECT count(*) AS n FROM hot').get()).toEqual({ n: 500 });
    database.close();
    expect(left(folder)).toEqual([]);
  });

  test('is made one at a time', async () => {
    const { care } = await filled();
    const first = care.backup();
    await expect(care.backup()).rejects.toMatchObject({ status: 409, code: 'backup-under-way' });
    await (await first).content.return(undefined);
    await (await care.backup()).content.return(undefined);
  });

  test('for which the disk has no room is refused before it fills it', async () => {
    const { folder, care } = await filled(async () => ({ freeBytes: 200_000, totalBytes: 1_000_000 }));
    await expect(care.backup()).rejects.toMatchObject({ name: 'TryAgainError', code: 'disk-short' });
    expect(left(folder)).toEqual([]);
  });

  test('that nobody read takes no room after the next start', async () => {
    const { folder, care, counters } = await filled();
    await care.backup();
    expect(left(folder)).toHaveLength(1);
    expect(new StoreCare({ folder, log: silentLog, counters })).toBeDefined();
    expect(left(folder)).toEqual([]);
  });
});

describe('A check', () => {
  test('says that the database is whole', async () => {
    const { care, told } = await filled();
    await care.check();
    expect(told).toEqual(['Every page of the database was read: it is whole.']);
  });

  test('says that it is damaged, and counts it', async () => {
    const { file, care, told, counters } = await filled();
    file.close();
    overwritePage(file.file, 'raw');
    await care.check();
    expect(told).toEqual([expect.stringMatching(/^The database is damaged: restore a backup/)]);
    expect(counters.counts.get('store_failed/damaged')).toBe(1);
  });
});
