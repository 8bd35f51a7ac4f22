/**
 * Readings delivered per second of processor time: what a subject costs with its dashboards, less what it costs
 * without them. Phases with and without take turns in processes that stay, each begins with its garbage collected, and
 * each phase with dashboards is compared with those before and after it.
 */
import { cpuSecondsOf } from '../support/process-cost.ts';
import { median, percentile, short } from '../support/statistics.ts';
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
/** So that what is compiled after so many calls is compiled before anything is measured: readings at several times the pace. */
const warmUp = { seconds: 4, pace: 8 } as const;
/** Longer than any window, and than a collection: what was batched for nobody is gone. */
const settleSeconds = 0.3;

interface Phase {
  readonly sent: number;
  readonly bytes: number;
  readonly cpuSeconds: number;
}

export interface Contender {
  readonly subject: Subject;
  readonly fleet: Fleet;
}

/**
 * All contenders run at the same time and take turns, so that what else the machine does meets each of them alike.
 * @throws {Error} a dashboard was not sent every reading
 */
export async function measureDelivery(
  contenders: readonly Contender[],
  { dashboards, rounds, seconds }: DeliveryOptions,
): Promise<readonly Delivery[]> {
  await using stages = new AsyncDisposableStack();
  const runs = contenders.map((contender) => new Run(stages.use(new Stage(contender.subject)), contender));
  for (const run of runs) await run.warmUp(dashboards);
  for (let round = 0; round < rounds; round += 1)
    for (const run of runs) await run.round(dashboards, seconds);
  return runs.map((run) => run.delivery(dashboards));
}

class Run {
  readonly #stage: Stage;
  readonly #contender: Contender;
  readonly #microseconds: number[] = [];
  #bytesPerReading = Number.NaN;
  /** The last phase without dashboards: the one before the next with them. */
  #idle: Phase | undefined;

  constructor(stage: Stage, contender: Contender) {
    this.#stage = stage;
    this.#contender = contender;
  }

  async warmUp(dashboards: number): Promise<void> {
    await this.#stage.connectDevices();
    await this.#turn(0, warmUp.seconds, warmUp.pace);
    await this.#turn(dashboards, warmUp.seconds);
  }

  async round(dashboards: number, seconds: number): Promise<void> {
    const before = this.#idle ?? (await this.#turn(0, seconds / 2));
    const loaded = await this.#turn(dashboards, seconds);
    const after = (this.#idle = await this.#turn(0, seconds / 2));
    const idlePerSent = (before.cpuSeconds + after.cpuSeconds) / (before.sent + after.sent);
    const deliverySeconds = loaded.cpuSeconds - idlePerSent * loaded.sent;
    this.#microseconds.push((deliverySeconds * 1e6) / (loaded.sent * dashboards));
    this.#bytesPerReading = loaded.bytes / (loaded.sent * dashboards);
  }

  delivery(dashboards: number): Delivery {
    const { subject, fleet } = this.#contender;
    return {
      name: subject.name,
      microseconds: this.#microseconds,
      bytesPerReading: this.#bytesPerReading,
      readingsPerSecond: fleet.devices * fleet.metrics * fleet.hz,
      dashboards,
    };
  }

  async #turn(dashboards: number, seconds: number, pace = 1): Promise<Phase> {
    const { subject, fleet } = this.#contender;
    const stage = this.#stage;
    await stage.openDashboards(dashboards);
    process.kill(subject.pid, 'SIGUSR2');
    await pause(settleSeconds);
    const before = await stage.published();
    const cpu = cpuSecondsOf(subject.pid, storeThreads);
    await stage.startDevices({ ...fleet, hz: fleet.hz * pace });
    await pause(seconds);
    await stage.stopDevices();
    const sent = ((await stage.published()) - before) * fleet.metrics;
    const bytes = dashboards === 0 ? await settled() : await everyReading(stage, sent);
    const cpuSeconds = cpuSecondsOf(subject.pid, storeThreads) - cpu;
    await stage.closeDashboards();
    return { sent, bytes, cpuSeconds };
  }
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

/** @param deliveries ours first. Ratios are medians of those of each round; the spread is that of the middle half. */
export function deliveryTable(deliveries: readonly Delivery[]): string {
  const head = [
    '',
    'readings/s',
    'dashboards',
    'CPU ns/reading',
    'readings/CPU s',
    'ours is',
    'middle half',
    'bytes',
  ];
  const ours = deliveries[0]?.microseconds ?? [];
  const rows = deliveries.map(({ name, readingsPerSecond, dashboards, microseconds, bytesPerReading }) => {
    const own = median(microseconds);
    const ratios = microseconds.map((each, round) => each / (ours[round] ?? Number.NaN));
    const isOurs = microseconds === ours;
    return [
      name,
      short(readingsPerSecond),
      String(dashboards),
      short(own * 1000),
      short(1e6 / own),
      isOurs ? '' : `${short(median(ratios))} ×`,
      middleHalf(isOurs ? microseconds.map((each) => each * 1000) : ratios),
      short(bytesPerReading),
    ];
  });
  return table(head, rows);
}

function middleHalf(values: readonly number[]): string {
  return [0.25, 0.75].map((share) => short(percentile(values, share))).join(' to ');
}
