/**
 * "No seam" as a campaign: devices send readings and events under load, a dashboard watches through a wire that is cut
 * at random, the hub is killed now and then, and in the end what the dashboard was given is compared with the store.
 */
import type { EventMessage } from '#contract/event.ts';
import type { HistoryAnswer, RawPoint } from '#contract/view.ts';
import type { LiveSeries } from '../../../dashboards/series/live-series.ts';
import { seededRandom } from '../../../simulators/signals/noise.ts';
import { HubProcess, until } from '../../support/hub-process.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { devices, Fleet, group, pause, restart } from './seam-fleet.ts';
import { Watcher, type Watched } from './watcher.ts';

/** One answer lists 1,000 events at most. */
const eventWindowMs = 10_000;

export interface SeamTally {
  readonly cuts: number;
  readonly kills: number;
  readonly connections: number;
  /** Holes that the raw view was told of. */
  readonly gaps: number;
  readonly readings: number;
  /** In the store, but not in the raw view: must be 0 while `gaps` is. */
  readonly readingsLost: number;
  readonly readingsDoubled: number;
  readonly readingsOutOfOrder: number;
  /** Series whose chart, history and live in one, is not what the store has: must be 0. */
  readonly chartsWrong: number;
  /** Series of the conflated view whose newest value is not the store's: must be 0. */
  readonly newestWrong: number;
  /** Readings that came later than a newer one of their series. */
  readonly late: number;
  /** Of those, the ones that a conflated chart does not show at their own time: must be 0. */
  readonly lateLost: number;
  readonly events: number;
  readonly eventsLost: number;
  readonly eventsDoubled: number;
  readonly eventsOutOfOrder: number;
}

export interface SeamOptions {
  readonly seed: number;
  readonly cuts: number;
  /** How many of the cuts are the end of the hub by SIGKILL. */
  readonly kills: number;
}

export async function runSeam({ seed, cuts, kills }: SeamOptions): Promise<SeamTally> {
  const random = seededRandom(seed);
  await using hub = await HubProcess.start();
  await hub.json(`/api/v1/groups/${group}/devices/d0/telemetry`, { method: 'POST', body: '{"n":-1}' });
  await using wire = await TcpProxy.start(hub.url);
  const fleet = await Fleet.start(hub);
  const token = await hub.createToken({ name: 'watcher', role: 'viewer', groups: [group] });
  const watcher = new Watcher({ url: wire.url, group, token });
  const raw = watcher.watch({ metrics: ['n'], mode: 'raw', maxHz: 20 });
  const conflated = watcher.watch({ metrics: ['n'] });
  const startMs = Date.now();
  const charts = watcher.follow({ metrics: ['n'], since: () => startMs });
  const lateCharts = watcher.follow({ metrics: ['late'], mode: 'latest', since: () => startMs });
  const views = { raw, conflated, charts, lateCharts };
  try {
    await until(() => watcher.isCaughtUp, 10_000);
    fleet.send();
    for (let cut = 0; cut < cuts; cut += 1) {
      await pause(50 + random() * 400);
      // Spread evenly over the cuts.
      if (Math.floor(((cut + 1) * kills) / cuts) > Math.floor((cut * kills) / cuts))
        await restart(hub, fleet);
      else await disturb(wire, random);
    }
    await fleet.stop();
    const stored = await readStore(hub, startMs);
    await until(
      () => isSettled(watcher, views, stored),
      20_000,
      () => `The watcher never caught up: ${describeEnds(watcher, views, stored)}`,
    );
    return { cuts, kills, connections: watcher.connections, ...compare(watcher, views, stored) };
  } finally {
    await fleet.stop();
    watcher.close();
  }
}

interface Stored {
  /** Values in order of time, per device. */
  readonly readings: ReadonlyMap<string, readonly number[]>;
  /** `device time` of those that came late. */
  readonly late: readonly string[];
  readonly events: readonly EventMessage[];
}

async function disturb(wire: TcpProxy, random: () => number): Promise<void> {
  const kind = Math.floor(random() * 3);
  if (kind === 0) wire.reset();
  else {
    if (kind === 1) wire.cut();
    else wire.freeze();
    await pause(random() * 300);
    wire.mend();
  }
}

export async function readStore(hub: HubProcess, startMs: number): Promise<Stored> {
  const readings = new Map<string, readonly number[]>();
  const late: string[] = [];
  const pointsIn = async (device: string, metric: string): Promise<readonly RawPoint[]> => {
    const query = `metrics=${metric}&start=${startMs}&limit=20000`;
    const path = `/api/v1/groups/${group}/devices/${device}/history?${query}`;
    return (await hub.json<HistoryAnswer>(path)).series[0]?.points ?? [];
  };
  for (const device of devices) {
    readings.set(
      device,
      (await pointsIn(device, 'n')).map(([, value]) => Number(value)),
    );
    for (const [timeMs, isLate] of await pointsIn(device, 'late'))
      if (isLate === true) late.push(`${device} ${timeMs}`);
  }
  const events: EventMessage[] = [];
  // Of all devices: the hub tells events of its own when one comes or goes.
  for (const device of devices)
    for (let start = startMs; start <= Date.now(); start += eventWindowMs) {
      const range = `start=${start}&end=${start + eventWindowMs}&limit=1000`;
      const path = `/api/v1/groups/${group}/devices/${device}/events?${range}`;
      events.push(...(await hub.json<{ items: EventMessage[] }>(path)).items);
    }
  return { readings, late, events: events.toSorted((a, b) => a.offset - b.offset) };
}

function describeEnds(watcher: Watcher, { raw, conflated, charts }: WatchedViews, stored: Stored): string {
  const ends = devices.map((device) => ({
    stored: stored.readings.get(device)?.at(-1),
    raw: raw.newest.get(`${device}/n`)?.[3],
    conflated: conflated.newest.get(`${device}/n`)?.[3],
    chart: pointsOf(charts, device).at(-1),
  }));
  const events = [stored.events.at(-1)?.offset, watcher.events.at(-1)?.offset];
  return JSON.stringify({ ends, events, chart: charts.state });
}

interface WatchedViews {
  readonly raw: Watched;
  readonly conflated: Watched;
  readonly charts: LiveSeries;
  readonly lateCharts: LiveSeries;
}

function isSettled(watcher: Watcher, views: WatchedViews, stored: Stored): boolean {
  const { raw, conflated, charts, lateCharts } = views;
  const last = (view: Watched): boolean =>
    devices.every((device) => view.newest.get(`${device}/n`)?.[3] === stored.readings.get(device)?.at(-1));
  return (
    watcher.events.at(-1)?.offset === stored.events.at(-1)?.offset &&
    last(raw) &&
    last(conflated) &&
    charts.state === 'live' &&
    lateCharts.state === 'live' &&
    devices.every((device) => pointsOf(charts, device).at(-1) === stored.readings.get(device)?.at(-1))
  );
}

function pointsOf(charts: LiveSeries, device: string): number[] {
  const ring = charts.get(device, 'n')?.ring;
  const points = Array.from({ length: ring?.length ?? 0 }, (_, at) => ring?.meanAt(at) ?? Number.NaN);
  // The one that made the group is older than the campaign.
  return points.filter((value) => value >= 0);
}

function compare(
  watcher: Watcher,
  { raw, conflated, charts, lateCharts }: WatchedViews,
  stored: Stored,
): Omit<SeamTally, 'cuts' | 'kills' | 'connections'> {
  const tally = {
    readings: 0,
    readingsLost: 0,
    readingsDoubled: 0,
    readingsOutOfOrder: 0,
    chartsWrong: 0,
    newestWrong: 0,
    late: stored.late.length,
    lateLost: lostLate(lateCharts, stored),
  };
  for (const [device, values] of stored.readings) {
    const got = raw.readings.filter(([of]) => of === device).map(([, , , value]) => Number(value));
    const { lost, doubled, outOfOrder } = differences(values, got);
    tally.readings += values.length;
    tally.readingsLost += lost;
    tally.readingsDoubled += doubled;
    tally.readingsOutOfOrder += outOfOrder;
    if (pointsOf(charts, device).join() !== values.join()) tally.chartsWrong += 1;
    if (conflated.newest.get(`${device}/n`)?.[3] !== values.at(-1)) tally.newestWrong += 1;
  }
  const events = differences(
    stored.events.map(({ offset }) => offset),
    watcher.events.map(({ offset }) => offset),
  );
  return {
    ...tally,
    gaps: raw.gaps,
    events: stored.events.length,
    eventsLost: events.lost,
    eventsDoubled: events.doubled,
    eventsOutOfOrder: events.outOfOrder,
  };
}

function lostLate(charts: LiveSeries, { late }: Stored): number {
  const shown = new Set<string>();
  for (const { device, ring } of charts.all())
    for (let at = 0; at < ring.length; at += 1)
      if (ring.meanAt(at) === 1) shown.add(`${device} ${ring.timeAt(at)}`);
  return late.filter((reading) => !shown.has(reading)).length;
}

/** Both lists hold increasing numbers if nothing is wrong. */
export function differences(
  expected: readonly number[],
  got: readonly number[],
): { lost: number; doubled: number; outOfOrder: number } {
  const distinct = new Set(got);
  return {
    lost: expected.filter((value) => !distinct.has(value)).length,
    doubled: got.length - distinct.size,
    outOfOrder: got.filter((value, index) => index > 0 && value < (got[index - 1] ?? value)).length,
  };
}
