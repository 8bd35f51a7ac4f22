/**
 * Each reading in the store appears in the raw series of a dashboard exactly once and in order, at a conflated one the
 * newest of each series and those that came late, and each event once and in order: whatever happens to the wire and to
 * the hub.
 */
import { expect, test } from 'vitest';
import { runSeam } from './support/seam.ts';

const seed = Number(process.env['SEED'] ?? 20_261_123);

test(
  'no seam between history and live, over random cuts and kills under load',
  { timeout: 120_000 },
  async () => {
    const tally = await runSeam({ seed, cuts: 40, kills: 2 });
    console.table({ [`seed ${seed}`]: tally });
    expect(tally.readings).toBeGreaterThan(5000);
    expect(tally.events).toBeGreaterThan(50);
    expect(tally.late).toBeGreaterThan(100);
    expect(tally.connections).toBeGreaterThan(20);
    expect(tally).toMatchObject({
      gaps: 0,
      readingsLost: 0,
      readingsDoubled: 0,
      readingsOutOfOrder: 0,
      chartsWrong: 0,
      newestWrong: 0,
      lateLost: 0,
      eventsLost: 0,
      eventsDoubled: 0,
      eventsOutOfOrder: 0,
    });
  },
);
