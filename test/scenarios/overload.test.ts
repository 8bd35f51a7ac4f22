import { describe, expect, test } from 'vitest';
import { faultyIoObstacle } from '../support/faults/faulty-io.ts';
import { runOverload } from './support/overload.ts';

describe.skipIf(faultyIoObstacle() !== undefined && process.env['REQUIRE_SERVERS'] !== '1')(
  'More than the disk takes',
  () => {
    test(
      'QoS 1 loses nothing, QoS 0 is stored or counted, and memory stays flat',
      { timeout: 180_000 },
      async () => {
        const { senders, ...flood } = await runOverload(8);
        console.log(flood);
        console.table(senders);
        for (const tally of senders) expect(tally).toMatchObject({ lost: 0, invented: 0, doubled: 0 });
        expect(flood.unaccounted).toBe(0);
        // What may wait holds fewer messages than come in a second: most of the others had to give way.
        expect(flood.shed).toBeGreaterThan(flood.offered / 4);
        // Kept in memory, what the wires carry would take hundreds of megabytes more each second.
        const [before, peak] = flood.memoryMiB;
        expect(peak - before).toBeLessThan(130);
        expect(flood.grewMiB).toBeLessThan(60);
      },
    );
  },
);
