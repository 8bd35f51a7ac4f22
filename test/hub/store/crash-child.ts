/**
 * Fills a store until it is killed: `node crash-child.ts FOLDER FIRST`. Prints the epoch, then `value offset` of each
 * reading as soon as it is acknowledged. The value is a number that goes up; the time is as unique as the value.
 */
import { systemClock } from '../../../hub/clock.ts';
import { openStore } from '../../../hub/store/store.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';

const [, , folder = '', first = '0'] = process.argv;
const callers = 20;
const base = { clock: systemClock, log: silentLog, counters: new CountersProbe() };
// Merging all the time, so that a kill hits it.
const store = await openStore({ folder, ...base, upkeep: { mergeRows: 100, checkpointBytes: 256 * 1024 } });
process.stdout.write(`${store.journal.epoch}\n`);

let next = Number(first);

async function fill(): Promise<never> {
  for (;;) {
    const value = (next += 1);
    const { readingOffsets } = await store.journal.append({
      readings: [
        {
          group: 'home',
          device: 'meter',
          metric: `m${value % 7}`,
          timeUs: 1_780_000_000_000_000 + value * 1000,
          value,
          quality: 'good',
          stampedBy: 'device',
        },
      ],
      events: [],
      principal: 'crash',
    });
    process.stdout.write(`${value} ${readingOffsets[0]}\n`);
  }
}

await Promise.all(Array.from({ length: callers }, fill));
