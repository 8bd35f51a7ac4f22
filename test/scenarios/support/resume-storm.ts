/**
 * Many dashboards look at every reading while the hub is killed under load: all of them come back at once, each from the
 * place it had. In the end each has what the store has.
 */
import { HubProcess, until } from '../../support/hub-process.ts';
import { Fleet, group, pause, restart } from './seam-fleet.ts';
import { differences, readStore } from './seam.ts';
import { Watcher } from './watcher.ts';

/** All look at it; the others only make load. */
const watched = 'd0';
const caughtUpDeadlineMs = 60_000;

export interface StormTally {
  readonly dashboards: number;
  readonly kills: number;
  readonly readings: number;
  /** Holes that dashboards were told of; what lies in them is not lost. */
  readonly gaps: number;
  /** Of all dashboards together: must be 0, the first while `gaps` is. */
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** From the kill to the last dashboard that had caught up, the start of the hub included; the longest of all kills. */
  readonly backAfterMs: number;
  readonly hubMegabytes: number;
}

export async function runResumeStorm(options: { dashboards: number; kills: number }): Promise<StormTally> {
  await using hub = await HubProcess.start();
  await hub.json(`/api/v1/groups/${group}/devices/${watched}/telemetry`, {
    method: 'POST',
    body: '{"n":-1}',
  });
  const fleet = await Fleet.start(hub);
  const token = await hub.createToken({ name: 'storm', role: 'viewer', groups: [group] });
  const watchers = Array.from(
    { length: options.dashboards },
    () => new Watcher({ url: hub.url, group, token }),
  );
  const allCaughtUp = (): Promise<void> =>
    until(() => watchers.every((watcher) => watcher.isCaughtUp), caughtUpDeadlineMs);
  try {
    const views = watchers.map((watcher) =>
      watcher.watch({ devices: [watched], metrics: ['n'], mode: 'raw', maxHz: 10 }),
    );
    await allCaughtUp();
    const startMs = Date.now();
    fleet.send();
    let backAfterMs = 0;
    for (let kill = 0; kill < options.kills; kill += 1) {
      await pause(2000);
      const connections = watchers.map((watcher) => watcher.connections);
      const killedMs = performance.now();
      await restart(hub, fleet);
      await until(
        () => watchers.every((watcher, at) => watcher.connections > (connections[at] ?? 0)),
        caughtUpDeadlineMs,
      );
      await allCaughtUp();
      backAfterMs = Math.max(backAfterMs, performance.now() - killedMs);
    }
    await fleet.stop();
    const stored = (await readStore(hub, startMs)).readings.get(watched) ?? [];
    const last = stored.at(-1);
    await until(
      () => views.every(({ newest }) => newest.get(`${watched}/n`)?.[3] === last),
      caughtUpDeadlineMs,
    );
    const sum = { gaps: 0, lost: 0, doubled: 0, outOfOrder: 0 };
    for (const { readings, gaps } of views) {
      const got = readings.map(([, , , value]) => Number(value)).filter((value) => value >= 0);
      const { lost, doubled, outOfOrder } = differences(stored, got);
      sum.gaps += gaps;
      sum.lost += lost;
      sum.doubled += doubled;
      sum.outOfOrder += outOfOrder;
    }
    const hubMegabytes = Math.round(hub.memoryRss() / 1e6);
    return {
      ...options,
      readings: stored.length,
      ...sum,
      backAfterMs: Math.round(backAfterMs),
      hubMegabytes,
    };
  } finally {
    await fleet.stop();
    for (const watcher of watchers) watcher.close();
  }
}
