/** A hub that is killed at random: each command ends in exactly one final state, and none runs after its deadline. */
import { expect, test } from 'vitest';
import { runCommandCrashes } from './support/command-crashes.ts';

const seed = Number(process.env['SEED'] ?? 20_261_123);

test(
  'kill -9 ten times: every command that was promised ends once, and truly',
  { timeout: 120_000 },
  async () => {
    const { ends, ...tally } = await runCommandCrashes({ seed, kills: 10 });
    console.table({ [`seed ${seed}`]: tally });
    console.table(ends);
    expect(tally.promised).toBeGreaterThan(50);
    expect(tally.ran).toBeGreaterThan(20);
    expect(tally).toMatchObject({
      forgotten: 0,
      unfinished: 0,
      manyEnds: 0,
      ranTwice: 0,
      ranLate: 0,
      sentLate: 0,
      falseSuccess: 0,
      falseFailure: 0,
    });
  },
);
