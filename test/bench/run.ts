/**
 * Runs one benchmark: `node test/bench/run.ts NAME [options]` imports `NAME.bench.ts` and calls its `run()`.
 * The options are the benchmark's own; it finds them in `process.argv` behind the name.
 */
import { readdirSync } from 'node:fs';
import { buildAll } from '../support/build.ts';

interface Benchmark {
  run(): Promise<void>;
}

const ending = '.bench.ts';
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(ending))
  .map((file) => file.slice(0, -ending.length));
const [, , name = ''] = process.argv;

if (names.includes(name)) {
  await buildAll();
  const benchmark = (await import(`./${name}${ending}`)) as Benchmark;
  await benchmark.run();
} else {
  console.error(`There is no benchmark ${JSON.stringify(name)}. There are: ${names.join(', ')}.`);
  process.exitCode = 1;
}
