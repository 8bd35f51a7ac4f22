/** kill -9 under load: `npm run soak -- crashes [--kills 200]`, at random and at every named point. */
import { parseArgs } from 'node:util';
import { runPointedCrashes, runRandomCrashes } from '../scenarios/support/crashes.ts';

const points = ['crash-after-write', 'crash-after-fsync', 'crash-after-ack', 'crash-in-merge'] as const;

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { kills: { type: 'string', default: '200' } },
  });
  const kills = Number(values.kills);
  const tallies = { random: await runRandomCrashes(kills, Math.random) };
  for (const point of points)
    Object.assign(tallies, { [point]: await runPointedCrashes(point, Math.ceil(kills / 10)) });
  const rows = Object.entries(tallies).flatMap(([name, { senders }]) =>
    senders.map((sender) => ({ name, ...sender })),
  );
  console.table(rows);
  const wrong = rows.some(({ lost, invented, doubled }) => lost + invented + doubled > 0);
  const wentBack = Object.values(tallies).some(({ offsetsGoneBack }) => offsetsGoneBack > 0);
  if (wrong || wentBack) throw new Error('A crash lost, invented or doubled readings, or offsets went back.');
}
