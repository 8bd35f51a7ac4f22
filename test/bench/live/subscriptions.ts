/** Many dashboards arrive at once, each with many views, all different, while the fleet reports: what ingest notices. */
import { percentile, short } from '../support/statistics.ts';
import { table } from '../support/table.ts';
import type { Fleet } from './devices-process.ts';
import { pause, Stage } from './stage.ts';
import { startHub } from './subjects.ts';

const connections = 200;
const viewsEach = 50;

export async function subscriptions(fleet: Fleet, { seconds }: { seconds: number }): Promise<void> {
  await using hub = await startHub();
  await using stage = new Stage(hub);
  await stage.connectDevices();
  await stage.startDevices(fleet);
  await pause(seconds);
  await stage.clear();
  await pause(seconds);
  const before = (await stage.seen()).acksMs;
  await stage.clear();
  const startMs = performance.now();
  await stage.openAll(
    Array.from({ length: connections }, (_, index) => hub.watching(...viewsOf(index, fleet))),
  );
  const tookSeconds = (performance.now() - startMs) / 1000;
  const during = (await stage.seen()).acksMs;
  await stage.clear();
  await pause(seconds);
  const after = (await stage.seen()).acksMs;
  await stage.stopDevices();
  const rows = [
    ['before', '', short(percentile(before, 0.5)), short(percentile(before, 0.99))],
    ['meanwhile', short(tookSeconds), short(percentile(during, 0.5)), short(percentile(during, 0.99))],
    ['afterwards', '', short(percentile(after, 0.5)), short(percentile(after, 0.99))],
  ];
  console.log(`\n${connections * viewsEach} subscriptions, all different, from ${connections} connections:`);
  console.log(table(['', 'seconds', 'PUBACK p50 ms', 'PUBACK p99 ms'], rows));
}

/** Every device is in as many views as there are paces. */
function viewsOf(connection: number, { devices }: Fleet): object[] {
  return Array.from({ length: viewsEach }, (_, index) => {
    const view = connection * viewsEach + index;
    return { devices: [`d${view % devices}`], maxHz: 1 + Math.floor(view / devices) / 10 };
  });
}
