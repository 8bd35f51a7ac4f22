/** From an MQTT publish (QoS 1, so behind an fsync) to the socket of a dashboard: one clock, each reading. */
import { percentile, short } from '../support/statistics.ts';
import { table } from '../support/table.ts';
import type { Fleet } from './devices-process.ts';
import { pause, Stage } from './stage.ts';
import { startHub, type HubSubject } from './subjects.ts';

export interface Latency {
  readonly name: string;
  readonly wanted: string;
  readonly readings: number;
  readonly latenciesMs: readonly number[];
  /** Publish to PUBACK: the disk's part. */
  readonly acksMs: readonly number[];
}

const warmUpSeconds = 3;
/** Longer than the window of a view. */
const idleSeconds = 0.15;

/** The first reading after a pause, at a dashboard that is alone. */
async function afterIdle(hub: HubSubject, fleet: Fleet): Promise<Latency> {
  await using stage = new Stage(hub);
  const single = { ...fleet, metrics: 1 };
  await stage.connectDevices();
  await stage.openProbe(hub.watching({}), single);
  const times = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await stage.oneMessage(single);
      await pause(idleSeconds);
    }
  };
  await times(30);
  await stage.clear();
  await times(100);
  return await latencyOf(stage, 'first after idle', 'p50 3');
}

/** The whole fleet, at a dashboard among many with the same view. @throws {Error} a reading is missing (raw only) */
async function loaded(
  hub: HubSubject,
  fleet: Fleet,
  view: { name: string; spec: object; wanted: string; dashboards: number; seconds: number },
): Promise<Latency> {
  await using stage = new Stage(hub);
  const { name, spec, wanted, dashboards, seconds } = view;
  await stage.connectDevices();
  await stage.openAll(Array.from({ length: dashboards }, () => hub.watching(spec)));
  await stage.openProbe(hub.watching(spec), fleet);
  await stage.startDevices(fleet);
  await pause(warmUpSeconds);
  await stage.clear();
  await pause(seconds);
  const latency = await latencyOf(stage, name, wanted);
  await stage.stopDevices();
  return latency;
}

async function latencyOf(stage: Stage, name: string, wanted: string): Promise<Latency> {
  const { readings, missing, doubled, gaps, latenciesMs, acksMs } = await stage.seen();
  if (missing + doubled + gaps > 0)
    throw new Error(`${name}: ${missing} readings are missing, ${doubled} doubled, ${gaps} gaps.`);
  return { name, wanted, readings, latenciesMs, acksMs };
}

export async function measureLatency(
  fleet: Fleet,
  options: { dashboards: number; seconds: number },
): Promise<void> {
  await using hub = await startHub();
  const rows = [
    await afterIdle(hub, fleet),
    await loaded(hub, fleet, {
      name: `raw at 150 Hz, ${options.dashboards} dashboards`,
      spec: { mode: 'raw', maxHz: 150 },
      wanted: 'p50 8, p99 30',
      ...options,
    }),
    await loaded(hub, fleet, {
      name: `conflated at 10 Hz, ${options.dashboards} dashboards`,
      spec: { maxHz: 10 },
      wanted: 'all 110',
      ...options,
    }),
  ].map(({ name, wanted, readings, latenciesMs, acksMs }) => [
    name,
    short(readings),
    ...[0.5, 0.99, 1].map((share) => short(percentile(latenciesMs, share))),
    wanted,
    ...[0.5, 0.99].map((share) => short(percentile(acksMs, share))),
  ]);
  const head = ['', 'readings', 'p50', 'p99', 'max', 'wanted at most', 'PUBACK p50', 'PUBACK p99'];
  console.log('\nMQTT publish to dashboard socket, in ms:');
  console.log(table(head, rows));
}
