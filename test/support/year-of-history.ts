/** A year of one series in the data folder of a hub that does not run, through the store itself: no protocol slows it. */
import { openStore } from '../../hub/store/store.ts';
import { CountersProbe, silentLog } from './fakes.ts';
import { ManualClock } from './manual-clock.ts';

export const yearMs = 365 * 86_400_000;
const readingsPerAppend = 5000;
const appendsAtOnce = 8;
/** So long the journal keeps what dashboards could resume from. */
const kept = 660_000;

export interface Year {
  readonly group: string;
  readonly device: string;
  readonly metric: string;
  /** Epoch ms of the newest. */
  readonly endMs: number;
  readonly everyMs: number;
  /** The one reading that is far from the others: it must be seen at every zoom. */
  readonly spike: number;
}

/** @returns how many readings there are @param tell how many so far */
export async function fillYear(
  folder: string,
  year: Year,
  tell: (readings: number) => void = () => undefined,
): Promise<number> {
  const { group, device, metric, endMs, everyMs, spike } = year;
  const count = Math.floor(yearMs / everyMs);
  const startMs = endMs - (count - 1) * everyMs;
  const spikeAt = Math.floor(count / 3);
  const clock = new ManualClock(endMs);
  const store = await openStore({ folder, clock, log: silentLog, counters: new CountersProbe() });
  const append = async (from: number): Promise<void> => {
    const readings = Array.from(
      { length: Math.max(0, Math.min(readingsPerAppend, count - from)) },
      (_, offset) => {
        const index = from + offset;
        const timeMs = startMs + index * everyMs;
        const value =
          index === spikeAt
            ? spike
            : Math.round((20 + 5 * Math.sin(timeMs / 3_600_000) + (index % 7) / 10) * 100) / 100;
        return {
          group,
          device,
          metric,
          timeUs: timeMs * 1000,
          value,
          quality: 'good',
          stampedBy: 'device',
        } as const;
      },
    );
    if (readings.length > 0) await store.journal.append({ readings, events: [], principal: 'year' });
  };
  for (let from = 0; from < count; from += readingsPerAppend * appendsAtOnce) {
    await Promise.all(
      Array.from({ length: appendsAtOnce }, (_, index) => append(from + index * readingsPerAppend)),
    );
    clock.advance(kept);
    tell(Math.min(count, from + readingsPerAppend * appendsAtOnce));
  }
  await store.merge();
  await store.close();
  return count;
}
