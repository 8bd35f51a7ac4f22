/**
 * Runs one campaign that is too long for every day: `node test/soak/run.ts NAME [options]` imports `NAME.soak.ts` and
 * calls its `run()`. The options are the campaign's own; it finds them in `process.argv` behind the name.
 */
import { readdirSync } from 'node:fs';
import { buildAll } from '../support/build.ts';

interface Campaign {
  /** @throws {Error} what was promised did not hold */
  run(): Promise<void>;
}

const ending = '.soak.ts';
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length));
const [, , name = ''] = process.argv;

if (names.includes(name)) {
  await buildAll();
  const campaign = (await import(`./${name}${ending}`)) as Campaign;
  await campaign.run();
} else {
  console.error(`There is no campaign ${JSON.stringify(name)}. There are: ${names.join(', ')}.`);
  process.exitCode = 1;
}
