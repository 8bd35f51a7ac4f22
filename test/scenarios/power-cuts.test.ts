/** The power goes while devices send: what was acknowledged is there. And a hub that does not fsync is found out. */
import { describe, expect, test } from 'vitest';
import { loopDiskObstacle } from '../support/faults/loop-disk.ts';
import { runPowerCuts, type PowerCutTally } from './support/power-cuts.ts';

const cuts = 5;
const tallies: PowerCutTally[] = [];

describe.skipIf(loopDiskObstacle() !== undefined && process.env['REQUIRE_SERVERS'] !== '1')(
  'Power cuts under load',
  () => {
    for (const fileSystem of ['ext4', 'xfs'] as const)
      test.concurrent(`nothing acknowledged is lost on ${fileSystem}`, { timeout: 120_000 }, async () => {
        const tally = await runPowerCuts({ fileSystem, cuts, random: Math.random });
        tallies.push(tally);
        expect(tally).toMatchObject({ cuts, lost: 0, invented: 0, doubled: 0 });
        expect(tally.acknowledged).toBeGreaterThan(cuts * 100);
      });

    for (const [broken, cutsOfControl] of [
      ['no-fsync', 1],
      ['ack-before-commit', 3],
    ] as const)
      test.concurrent(
        `the control "${broken}" loses readings, or these cuts prove nothing`,
        { timeout: 120_000 },
        async () => {
          const tally = await runPowerCuts({
            fileSystem: 'ext4',
            cuts: cutsOfControl,
            random: Math.random,
            broken,
          });
          tallies.push(tally);
          console.table(tallies);
          expect(tally.lost).toBeGreaterThan(0);
        },
      );
  },
);
