/**
 * No seam between history and live, over many seeds, and for two hundred dashboards that come back at once:
 * `npm run soak -- seam [--rounds 10] [--seed 1] [--dashboards 200]`.
 */
import { parseArgs } from 'node:util';
import { runResumeStorm } from '../scenarios/support/resume-storm.ts';
import { runSeam, type SeamTally } from '../scenarios/support/seam.ts';

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rounds: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      dashboards: { type: 'string', default: '200' },
    },
  });
  const tallies: Record<string, SeamTally> = {};
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const seed = Number(values.seed) + round;
    tallies[`seed ${seed}`] = await runSeam({ seed, cuts: 40, kills: 3 });
  }
  console.table(tallies);
  const wrong = Object.values(tallies).filter((tally) => !isWhole(tally));
  if (wrong.length > 0) throw new Error(`${wrong.length} rounds have a seam.`);
  const storm = await runResumeStorm({ dashboards: Number(values.dashboards), kills: 3 });
  console.table({ storm });
  const { gaps, lost, doubled, outOfOrder } = storm;
  if (doubled + outOfOrder > 0 || (lost > 0 && gaps === 0)) throw new Error('The storm left a seam.');
}

function isWhole(tally: SeamTally): boolean {
  const { readingsLost, gaps, readingsDoubled, readingsOutOfOrder, chartsWrong, newestWrong, lateLost } =
    tally;
  const { eventsLost, eventsDoubled, eventsOutOfOrder } = tally;
  const wrong =
    readingsDoubled +
    readingsOutOfOrder +
    chartsWrong +
    newestWrong +
    lateLost +
    eventsLost +
    eventsDoubled +
    eventsOutOfOrder;
  return wrong === 0 && (readingsLost === 0 || gaps > 0);
}
