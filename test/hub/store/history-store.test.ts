/** The cases of every history, on the embedded one: not merged yet, merged, and in the middle of a merge. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { openStore, type OpenStore } from '../../../hub/store/store.ts';
import { historyStoreCases, type StoreUnderTest } from '../../suites/history-store.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';

const quiet = { log: silentLog, counters: new CountersProbe() };

for (const [name, merges] of [
  ['while nothing is merged', () => false],
  ['after each batch was merged', () => true],
  ['with every second batch merged', (batch: number) => batch % 2 === 0],
] as const)
  describe(`The embedded history, ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-history-'));
    let store: OpenStore | undefined;
    afterAll(async () => {
      await store?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    historyStoreCases(
      async (): Promise<StoreUnderTest> => {
        const opened = (store = await openStore({ folder, clock: new ManualClock(), ...quiet }));
        let batches = 0;
        return {
          readings: opened.history,
          async write(readings) {
            await opened.journal.append({ readings, events: [], principal: 'tester' });
            if (merges(batches++)) await opened.merge();
          },
        };
      },
      { severalAtOneInstant: true, nothing: true },
    );
  });
