/** What a crash may leave behind: a log whose tail is torn. What was whole is there, and the rest was never promised. */
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HubProcess, temporaryFolder } from '../support/hub-process.ts';
import { httpSender } from './support/senders.ts';
import { Ledger } from './support/ledger.ts';
import { until } from '../support/hub-process.ts';

const group = 'torn';
const startMs = Date.now() - 3_600_000;

/** A copy of the database as it lies there, with its log cut or spoilt at its end. */
function damagedCopy(from: string, spoil: (file: number, size: number) => void): string {
  const folder = join(temporaryFolder(), 'data');
  mkdirSync(folder, { mode: 0o700 });
  for (const file of ['signalbox.db', 'signalbox.db-wal', 'admin-token'])
    copyFileSync(join(from, file), join(folder, file));
  const log = join(folder, 'signalbox.db-wal');
  const descriptor = openSync(log, 'r+');
  spoil(descriptor, statSync(log).size);
  closeSync(descriptor);
  return folder;
}

describe('A log with a torn tail', () => {
  for (const [what, spoil] of [
    ['cut in the middle of a page', (file, size) => ftruncateSync(file, size - 2000)],
    ['with garbage behind it', (file, size) => writeSync(file, Buffer.alloc(3000, 0xa5), 0, 3000, size)],
    ['whose last page is zeros', (file, size) => writeSync(file, Buffer.alloc(4096), 0, 4096, size - 4096)],
  ] as const satisfies readonly (readonly [string, (file: number, size: number) => void])[])
    test(
      `${what}: the hub starts, with everything before the tear and nothing invented`,
      { timeout: 60_000 },
      async () => {
        await using hub = await HubProcess.start();
        const token = await hub.createToken({ name: 'd', role: 'device', groups: [group], device: 'd' });
        const sender = await httpSender(new Ledger('d', startMs), { url: hub.url, token, group });
        await until(() => sender.ledger.acknowledged > 300, 20_000);
        await sender.stop();
        await hub.kill();
        const folder = damagedCopy(hub.dataFolder, spoil);
        await using damaged = await HubProcess.start([], folder);
        const tally = await sender.ledger.compare(damaged, group);
        expect(tally).toMatchObject({ invented: 0, doubled: 0 });
        // A commit is a few pages: what is missing was in the last.
        expect(tally.lost).toBeLessThanOrEqual(16);
        expect(tally.stored).toBeGreaterThan(250);
        const receipt = await damaged.json<{ accepted: number }>(
          `/api/v1/groups/${group}/devices/d/telemetry`,
          { method: 'POST', body: '{"n":1}' },
        );
        expect(receipt.accepted).toBe(1);
        await damaged.kill();
        rmSync(join(folder, '..'), { recursive: true, force: true });
      },
    );
});
