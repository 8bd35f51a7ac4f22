/**
 * An hour without InfluxDB at 2,000 readings/s: `npm run soak -- influx-outage [--minutes 60] [--speed 4]`. The readings
 * have the times of the hour and are sent four times as quickly; with `--speed 1` the hour passes.
 */
import { parseArgs } from 'node:util';
import { runInfluxOutage } from '../scenarios/support/influx-outage.ts';
import { findProgram } from '../support/servers.ts';

const perSecond = 2000;

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { minutes: { type: 'string', default: '60' }, speed: { type: 'string', default: '4' } },
  });
  const program = findProgram('influxd');
  if (program === undefined) throw new Error('influxd is not installed: run test/install-servers.');
  const tally = await runInfluxOutage({
    program,
    readings: Number(values.minutes) * 60 * perSecond,
    everyUs: 1e6 / perSecond,
    speed: Number(values.speed),
  });
  console.table(tally);
  if (tally.wrong > 0) throw new Error('Readings are missing or wrong.');
  if (tally.mostMegabytes >= 256) throw new Error('The hub took 256 MiB or more.');
}
