/** Commands through fifty random kills of the hub: `npm run soak -- commands [--kills 50] [--seed 1]`. */
import { parseArgs } from 'node:util';
import { runCommandCrashes } from '../scenarios/support/command-crashes.ts';

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
  });
  const { ends, promised, ran, refusedByDevice, kills, ...mustBeZero } = await runCommandCrashes({
    seed: Number(values.seed),
    kills: Number(values.kills),
  });
  console.table({ kills, promised, ran, refusedByDevice, ...mustBeZero });
  console.table(ends);
  const wrong = Object.entries(mustBeZero).filter(([, count]) => count !== 0);
  if (wrong.length > 0) throw new Error(`Not zero: ${wrong.map(([name]) => name).join(', ')}.`);
}
