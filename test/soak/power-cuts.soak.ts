/** Power cuts under load on both file systems: `npm run soak -- power-cuts [--cuts 50]`. Needs root. */
import { parseArgs } from 'node:util';
import { runPowerCuts } from '../scenarios/support/power-cuts.ts';

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { cuts: { type: 'string', default: '50' } },
  });
  const options = { cuts: Number(values.cuts), random: Math.random };
  const tallies = [];
  for (const fileSystem of ['ext4', 'xfs'] as const)
    tallies.push(await runPowerCuts({ ...options, fileSystem }));
  const control = await runPowerCuts({
    cuts: 3,
    random: Math.random,
    fileSystem: 'ext4',
    broken: 'no-fsync',
  });
  console.table([...tallies, control]);
  const wrong = tallies.filter(({ lost, invented, doubled }) => lost + invented + doubled > 0);
  if (wrong.length > 0) throw new Error('Acknowledged readings were lost, invented or doubled.');
  if (control.lost === 0)
    throw new Error('The control that never fsyncs lost nothing: these cuts prove nothing.');
}
