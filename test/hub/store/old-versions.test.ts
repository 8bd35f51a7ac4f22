/** Files that an older hub wrote: built by its own migrations, opened by this one. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrate, readMigrations } from '../../../hub/store/database.ts';
import { openStore } from '../../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { reading, t0, temporaryFolder } from './temporary-file.ts';

const migrations = readMigrations(new URL('../../../hub/store/migrations/', import.meta.url));
const number = 0;
const text = 2 << 4;

/** As the first layout had it: a merged minute of power, a merged text, and a reading that is still hot. */
function writeFirstLayout(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'signalbox.db'));
  database.exec('PRAGMA journal_mode = WAL');
  migrate(database, migrations.slice(0, 1));
  database.exec(`
    INSERT INTO meta VALUES ('epoch', 'old-epoch');
    INSERT INTO series VALUES (1, 'home', 'meter', 'power', ''), (2, 'home', 'meter', 'state', '');
    INSERT INTO raw VALUES (1, ${t0}, 0, 4, NULL, ${number}), (1, ${t0 + 1_000_000}, 0, 6, NULL, ${number}),
      (2, ${t0}, 0, NULL, 'on', ${text});
    INSERT INTO hot VALUES (1, 1, ${t0}, 4, NULL, 0), (2, 1, ${t0 + 1_000_000}, 6, NULL, 0),
      (3, 2, ${t0}, NULL, 'on', ${text}), (4, 1, ${t0 + 2_000_000}, 8, NULL, 0);
    UPDATE merge SET merged = 3, target = 3;`);
  for (const width of [60_000_000, 3_600_000_000])
    database.exec(`INSERT INTO tiers VALUES
      (${width}, 1, ${t0}, 2, 4, 6, 10, ${t0 + 1_000_000}, 6, NULL, ${number}),
      (${width}, 2, ${t0}, 0, NULL, NULL, NULL, ${t0}, NULL, 'on', ${text})`);
  database.close();
}

describe('A file of the first layout', () => {
  test('opens with its epoch, its offsets and its history, and goes on', async () => {
    const folder = temporaryFolder();
    writeFirstLayout(folder);
    const clock = new ManualClock(t0 / 1000);
    const store = await openStore({ folder, clock, log: silentLog, counters: new CountersProbe() });
    onTestFinished(() => store.close());
    expect([store.journal.epoch, store.journal.head()]).toEqual(['old-epoch', 4]);
    await store.journal.append({
      readings: [reading(2, { timeUs: t0 + 3_000_000 })],
      events: [],
      principal: 'p',
    });
    for (const merged of [false, true]) {
      if (merged) await store.merge();
      const start = t0 / 1000;
      const query = { devices: ['meter'], start, end: start + 60_000, window: 60_000 };
      const { series } = await store.history.query('home', query);
      expect(series.map(({ metric, buckets }) => [metric, buckets])).toEqual([
        ['power', [[start, 2, 8, 5, 4, 2]]],
        ['state', [[start, null, null, null, 1, 'on']]],
      ]);
    }
    expect(store.journal.head()).toBe(5);
  });
});
