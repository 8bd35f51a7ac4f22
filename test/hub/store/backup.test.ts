import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { backUp, damageOf } from '../../../hub/store/backup.ts';
import { epochOf } from '../../../hub/store/database.ts';
import { Writer } from '../../../hub/store/writer.ts';
import { upkeepLimits } from '../../../hub/store/upkeep.ts';
import { overwritePage, reading, t0, temporaryFolder, TemporaryFile } from './temporary-file.ts';

async function filled(): Promise<TemporaryFile> {
  const file = new TemporaryFile();
  await file.append({
    readings: Array.from({ length: 500 }, (_, index) => reading(index, { timeUs: t0 + index })),
  });
  return file;
}

describe('A backup', () => {
  test('has everything committed, merged or not, and the offsets go on; its epoch is a new one', async () => {
    const file = await filled();
    const target = join(temporaryFolder(), 'signalbox.db');
    backUp(file.file, target);
    await file.append({ readings: [reading(501, { timeUs: t0 + 501 })] });
    const writer = new Writer({ file: target, upkeep: upkeepLimits });
    expect(writer.ready).toMatchObject({
      head: 500,
      isRestored: true,
      found: [expect.stringMatching(/restored backup/)],
    });
    expect(writer.ready.epoch).not.toBe(file.writer.ready.epoch);
    writer.close();
    const database = new DatabaseSync(target);
    expect(database.prepare('SELECT count(*) AS n FROM hot').get()).toEqual({ n: 500 });
    expect(epochOf(database)).toBe(writer.ready.epoch);
    database.close();
  });

  test('overwrites nothing, and leaves nothing half done', async () => {
    const file = await filled();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine'), 'x');
    expect(() => backUp(file.file, join(folder, 'mine'))).toThrow(/exists already/);
    const target = join(folder, 'missing', 'signalbox.db');
    expect(() => backUp(file.file, target)).toThrow();
    expect(existsSync(`${target}.part`)).toBe(false);
  });
});

describe('Damage', () => {
  test('is found by reading every page', async () => {
    const file = await filled();
    file.mergeAll();
    file.close();
    expect(damageOf(file.file)).toEqual([]);
    overwritePage(file.file, 'raw');
    expect(damageOf(file.file).length).toBeGreaterThan(0);
    truncateSync(file.file, 100);
    expect(damageOf(file.file).length).toBeGreaterThan(0);
    expect(() => damageOf(`${file.file}.none`)).toThrow();
  });
});
