/**
 * Many dashboards arrive at once, each with many views, all different, while the fleet reports: what ingest notices.
 * On a small machine some of that is not the hub's doing: the dashboards and the devices of the benchmark compute as
 * well. So the same dashboards first arrive at another hub, beside the one that is measured; and beside the
 * acknowledgements stands how late the devices were. How long the hub's event loop was held up it says at `/metrics`.
 * The hubs' files lie in memory where the system has such a folder: a disk that stalls for 200 ms, as shared ones do,
 * says nothing of subscriptions.
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubProcess } from '../../support/hub-process.ts';
import { percentile, short } from '../support/statistics.ts';
import { table } from '../support/table.ts';
import type { DashboardTarget } from './dashboard.ts';
import type { Fleet } from './devices-process.ts';
import { pause, Stage } from './stage.ts';
import { group, startHub, type HubSubject } from './subjects.ts';

const connections = 200;
const viewsEach = 50;
const inMemory = '/dev/shm';

export async function subscriptions(fleet: Fleet, { seconds }: { seconds: number }): Promise<void> {
  await using subject = await startInMemory('hub');
  await using stage = new Stage(subject);
  stage.dashboardsGiveWay();
  const rows: string[][] = [];
  const during = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    rows.push([name, ...(await noticed({ stage, hub: subject.hub }, work)).map(short)]);
  };
  await stage.connectDevices();
  await stage.startDevices(fleet);
  await pause(seconds);
  await during('before', () => pause(seconds));
  {
    await using other = await startInMemory('another hub');
    await tellOf(fleet, other.hub);
    await during('meanwhile, at another hub', () => stage.openAll(targetsOf(other, fleet)));
    await stage.closeDashboards();
  }
  await pause(seconds);
  await during('meanwhile', () => stage.openAll(targetsOf(subject, fleet)));
  await during('afterwards', () => pause(seconds));
  await stage.stopDevices();
  console.log(`\n${connections * viewsEach} subscriptions, all different, from ${connections} connections:`);
  const head = ['', 'seconds', 'PUBACK p50 ms', 'p99 ms', 'sent late p99 ms', 'loop p99 ms', 'loop max ms'];
  console.log(table(head, rows));
}

function startInMemory(name: string): Promise<HubSubject> {
  const folder = mkdtempSync(join(existsSync(inMemory) ? inMemory : tmpdir(), 'signalbox-bench-'));
  return startHub(name, undefined, { folder });
}

/** Seconds that the work took; PUBACKs, what was sent late and the hub's event loop meanwhile, in ms. */
async function noticed(
  { stage, hub }: { readonly stage: Stage; readonly hub: HubProcess },
  work: () => Promise<unknown>,
): Promise<readonly number[]> {
  await stage.clear();
  await loopDelaysMs(hub);
  const startMs = performance.now();
  await work();
  const took = (performance.now() - startMs) / 1000;
  const { acksMs, latesMs } = await stage.seen();
  const acks = [0.5, 0.99].map((share) => percentile(acksMs, share));
  return [took, ...acks, percentile(latesMs, 0.99), ...(await loopDelaysMs(hub))];
}

/** Since the last look: the 99th percentile and the longest; the timer that measures takes 10 ms of each. */
async function loopDelaysMs(hub: HubProcess): Promise<readonly number[]> {
  const text = await (await hub.request('/metrics')).text();
  return ['p99', 'max'].map((of) => {
    const name = `signalbox_nodejs_eventloop_lag_${of}_seconds`;
    return 1000 * Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  });
}

/** The series that the views show. */
async function tellOf({ devices, metrics }: Fleet, hub: HubProcess): Promise<void> {
  const values = Object.fromEntries(Array.from({ length: metrics }, (_, metric) => [`m${metric}`, metric]));
  for (let device = 0; device < devices; device += 1)
    await hub.json(`/api/v1/groups/${group}/devices/d${device}/telemetry`, {
      method: 'POST',
      body: JSON.stringify(values),
    });
}

function targetsOf(subject: HubSubject, fleet: Fleet): readonly DashboardTarget[] {
  return Array.from({ length: connections }, (_, index) => subject.watching(...viewsOf(index, fleet)));
}

/** Every device is in as many views as there are paces. */
function viewsOf(connection: number, { devices }: Fleet): object[] {
  return Array.from({ length: viewsEach }, (_, index) => {
    const view = connection * viewsEach + index;
    return { devices: [`d${view % devices}`], maxHz: 1 + Math.floor(view / devices) / 10 };
  });
}
