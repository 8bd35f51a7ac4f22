/**
 * Readings delivered per second of processor time: what a subject costs with its dashboards, less what it costs
 * without them, in turns of the same run.
 */
import { cpuSecondsOf } from '../support/process-cost.ts';
import { median, short, spread } from '../support/statistics.ts';
import { table } from '../support/table.ts';
import type { Fleet } from './devices-process.ts';
import { pause, Stage } from './stage.ts';
import type { Subject } from './subjects.ts';

export interface DeliveryOptions {
  readonly dashboards: number;
  readonly rounds: number;
  readonly seconds: number;
}

export interface Delivery {
  readonly name: string;
  /** Of the subject beside its ingest, for each reading and dashboard; one per round. */
  readonly microseconds: readonly number[];
  readonly bytesPerReading: number;
  readonly readingsPerSecond: number;
  readonly dashboards: number;
}

/** They deliver nothing, and merge history at times of their own: more than all delivery costs. */
const storeThreads = /^(writer|reader)-thread/;
const warmUpSeconds = 3;
/** Longer than any window: what was batched for nobody is gone. */
const settleSeconds = 0.3;

/** @throws {Error} a dashboard was not sent every reading */
export async function measureDelivery(
  subject: Subject,
  fleet: Fleet,
  { dashboards, rounds, seconds }: DeliveryOptions,
): Promise<Delivery> {
  await using stage = new Stage(subject);
  await stage.connectDevices();
  const turn = async (count: number, length: number) => {
    await stage.openDashboards(count);
    const before = await stage.published();
    const cpu = cpuSecondsOf(subject.pid, storeThreads);
    await stage.startDevices(fleet);
    await pause(length);
    await stage.stopDevices();
    const sent = ((await stage.published()) - before) * fleet.metrics;
    const bytes = count === 0 ? await settled() : await everyReading(stage, sent);
    const cpuSeconds = cpuSecondsOf(subject.pid, storeThreads) - cpu;
    await stage.closeDashboards();
    return { sent, bytes, cpuSeconds };
  };
  await turn(dashboards, warmUpSeconds);
  await turn(0, warmUpSeconds);
  const microseconds: number[] = [];
  let bytesPerReading = Number.NaN;
  for (let round = 0; round < rounds; round += 1) {
    const without = [await turn(0, seconds / 2)];
    const loaded = await turn(dashboards, seconds);
    without.push(await turn(0, seconds / 2));
    const idle = without.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
    const idleSent = without.reduce((sum, { sent }) => sum + sent, 0);
    const delivery = loaded.cpuSeconds - (idle * loaded.sent) / idleSent;
    microseconds.push((delivery * 1e6) / (loaded.sent * dashboards));
    bytesPerReading = loaded.bytes / (loaded.sent * dashboards);
  }
  const readingsPerSecond = fleet.devices * fleet.metrics * fleet.hz;
  return { name: subject.name, microseconds, bytesPerReading, readingsPerSecond, dashboards };
}

async function settled(): Promise<number> {
  await pause(settleSeconds);
  return 0;
}

/** Waits for the last frame. @returns the bytes of all dashboards */
async function everyReading(stage: Stage, sent: number): Promise<number> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const readings = await stage.readings();
    if (readings.every((count) => count === sent)) break;
    if (performance.now() > deadline)
      throw new Error(`${stage.subject.name}: ${sent} readings were sent, ${readings.join(' ')} arrived.`);
    await pause(0.05);
  }
  return (await stage.counts()).reduce((sum, { bytes }) => sum + bytes, 0);
}

export function deliveryTable([ours, ...peers]: readonly [Delivery, ...Delivery[]]): string {
  const head = [
    '',
    'readings/s',
    'dashboards',
    'CPU ns/reading',
    'readings/CPU s',
    'spread',
    'ours is',
    'bytes',
  ];
  const cost = median(ours.microseconds);
  const rows = [ours, ...peers].map((each) => {
    const own = median(each.microseconds);
    return [
      each.name,
      short(each.readingsPerSecond),
      String(each.dashboards),
      short(own * 1000),
      short(1e6 / own),
      `${short(spread(each.microseconds) * 100)} %`,
      each === ours ? '' : `${short(own / cost)} ×`,
      short(each.bytesPerReading),
    ];
  });
  return table(head, rows);
}
