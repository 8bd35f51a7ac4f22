/**
 * Many dashboards arrive at once, each with many views, all different, while the fleet reports: what ingest notices.
 * The hub's file lies in memory where the system has such a folder: a disk that stalls for 200 ms, as shared ones do,
 * says nothing of subscriptions. How long its event loop was held up is what the hub itself says at `/metrics`.
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubProcess } from '../../support/hub-process.ts';
import { percentile, short } from '../support/statistics.ts';
import { table } from '../support/table.ts';
import type { Fleet } from './devices-process.ts';
import { pause, Stage } from './stage.ts';
import { startHub } from './subjects.ts';

const connections = 200;
const viewsEach = 50;
const inMemory = '/dev/shm';

export async function subscriptions(fleet: Fleet, { seconds }: { seconds: number }): Promise<void> {
  const folder = mkdtempSync(join(existsSync(inMemory) ? inMemory : tmpdir(), 'signalbox-bench-'));
  await using subject = await startHub('hub', undefined, { folder });
  await using stage = new Stage(subject);
  const rows: string[][] = [];
  const during = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    await stage.clear();
    await loopDelay(subject.hub);
    const startMs = performance.now();
    await work();
    const took = (performance.now() - startMs) / 1000;
    const { acksMs } = await stage.seen();
    const delays = (await loopDelay(subject.hub)).map((delay) => short(delay * 1000));
    rows.push([
      name,
      short(took),
      ...[0.5, 0.99].map((share) => short(percentile(acksMs, share))),
      ...delays,
    ]);
  };
  await stage.connectDevices();
  await stage.startDevices(fleet);
  await pause(seconds);
  await during('before', () => pause(seconds));
  const targets = Array.from({ length: connections }, (_, index) =>
    subject.watching(...viewsOf(index, fleet)),
  );
  await during('meanwhile', () => stage.openAll(targets));
  await during('afterwards', () => pause(seconds));
  await stage.stopDevices();
  console.log(`\n${connections * viewsEach} subscriptions, all different, from ${connections} connections:`);
  console.log(table(['', 'seconds', 'PUBACK p50 ms', 'PUBACK p99 ms', 'loop p99 ms', 'loop max ms'], rows));
}

/** Since the last look, in seconds: the 99th percentile and the longest; the timer that measures takes 10 ms of each. */
async function loopDelay(hub: HubProcess): Promise<readonly number[]> {
  const text = await (await hub.request('/metrics')).text();
  return ['p99', 'max'].map((of) => {
    const name = `signalbox_nodejs_eventloop_lag_${of}_seconds`;
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  });
}

/** Every device is in as many views as there are paces. */
function viewsOf(connection: number, { devices }: Fleet): object[] {
  return Array.from({ length: viewsEach }, (_, index) => {
    const view = connection * viewsEach + index;
    return { devices: [`d${view % devices}`], maxHz: 1 + Math.floor(view / devices) / 10 };
  });
}
