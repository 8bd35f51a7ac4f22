/** More than the disk takes, for long: `npm run soak -- overload [--seconds 600]`. */
import { parseArgs } from 'node:util';
import { runOverload } from '../scenarios/support/overload.ts';

/** Garbage of load comes and goes: a third of ten minutes tells what stays. */
const grewAtMostMiB = 30;

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { seconds: { type: 'string', default: '600' } },
  });
  const { senders, ...flood } = await runOverload(Number(values.seconds));
  console.log(flood);
  console.table(senders);
  if (flood.unaccounted !== 0 || senders.some(({ lost, invented, doubled }) => lost + invented + doubled > 0))
    throw new Error('Something was lost that was acknowledged, or went uncounted.');
  if (flood.grewMiB > grewAtMostMiB) throw new Error(`Memory is not flat: it grew by ${flood.grewMiB} MiB.`);
}
