/**
 * A page with a hundred live series in twelve charts, and an overview of a thousand, for ten minutes each: the main
 * thread, long tasks, and memory that stays; and a tab that is hidden for a minute. `--minutes 10` changes how long.
 */
import { parseArgs } from 'node:util';
import { busyFleet } from '../scenarios/support/busy-devices.ts';
import { DashboardUnderLoad } from '../scenarios/support/dashboard-load.ts';
import { costText, measurePage, type PageCost } from '../scenarios/support/page-cost.ts';
import { findProgram } from '../support/servers.ts';

const mainThreadLimit = 0.35;
const growthLimitBytes = 4e6;
const hiddenMs = 60_000;

/** @throws {Error} a limit was passed */
export async function run(): Promise<void> {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { minutes: { type: 'string' } } });
  const minutes = Number(values.minutes ?? 10);
  const chromium = findProgram('chromium');
  if (chromium === undefined) throw new Error('Chromium is not installed: test/install-servers installs it.');
  await using load = await DashboardUnderLoad.open(chromium);
  {
    const { busy } = await load.showHundredSeries();
    using _sender = busy;
    await watch('100 series at 10 Hz in 12 charts', load, minutes);
    const { exactAfterMs, frames, cost } = await load.hideAndShow(busy, hiddenMs);
    console.log(
      `hidden for a minute: exact after ${Math.round(exactAfterMs)} ms, ${frames} frames, ${costText(cost)}`,
    );
  }
  using _fleet = await busyFleet(load.hub, 500);
  await load.showOverview();
  await watch('1,000 series at 1 Hz on the overview', load, minutes);
}

async function watch(what: string, { page }: DashboardUnderLoad, minutes: number): Promise<void> {
  const costs: PageCost[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const cost = await measurePage(page, 60);
    console.log(`${what}, minute ${minute}: ${costText(cost)}`);
    costs.push(cost);
    if (cost.longTasksMs.length > 1 || cost.mainThread > mainThreadLimit)
      throw new Error(`${what}: too much work for one minute.`);
  }
  // The first minutes fill the rings; after that nothing may grow.
  const settled = costs[Math.min(5, costs.length - 1)]?.heapBytes[1] ?? 0;
  const growth = (costs.at(-1)?.heapBytes[1] ?? 0) - settled;
  if (growth > growthLimitBytes) throw new Error(`${what}: memory grew by ${growth} bytes.`);
}
