/**
 * Readings delivered per second of processor time: what a subject costs with its dashboards, less what it costs
 * without them: first some phases without, then as many with dashboards that stay, then without again, in processes
 * that stay. Garbage is collected once before each kind of phase, and else by the subjects themselves. Dashboards that
 * came and went for each phase, or a collection before each, would have thrown away what was compiled for them, and
 * compiling it anew, which goes on for ten seconds, would be measured.
 */
import { cpuSecondsOf } from '../support/process-cost.ts';
import { median, percentile, short } from '../support/statistics.ts';
import { table } from '../support/table.ts';
import type { Fleet } from './devices-process.ts';
import { pause, Stage, type Delivered } from './stage.ts';
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
/** With the dashboards that stay: ten frames a second take their time to be found worth compiling. */
const leadInSeconds = 12;
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
  const eachInTurn = async (step: (run: Run) => Promise<void>): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) for (const run of runs) await step(run);
  };
  for (const run of runs) await run.warmUp();
  await eachInTurn((run) => run.without(seconds / 2));
  for (const run of runs) await run.open(dashboards);
  await eachInTurn((run) => run.withThem(seconds));
  for (const run of runs) await run.close();
  await eachInTurn((run) => run.without(seconds / 2));
  return runs.map((run) => run.delivery(dashboards));
}

class Run {
  readonly #stage: Stage;
  readonly #contender: Contender;
  readonly #without: Phase[] = [];
  readonly #with: Phase[] = [];

  constructor(stage: Stage, contender: Contender) {
    this.#stage = stage;
    this.#contender = contender;
  }

  async warmUp(): Promise<void> {
    await this.#stage.connectDevices();
    await this.#phase(warmUp.seconds, warmUp.pace);
    await this.#collect();
  }

  async open(dashboards: number): Promise<void> {
    await this.#stage.openDashboards(dashboards);
    await this.#collect();
    await this.#phase(leadInSeconds);
  }

  async close(): Promise<void> {
    await this.#stage.closeDashboards();
    await this.#collect();
  }

  async without(seconds: number): Promise<void> {
    this.#without.push(await this.#phase(seconds));
  }

  async withThem(seconds: number): Promise<void> {
    this.#with.push(await this.#phase(seconds));
  }

  /** Each phase with dashboards is compared with the median of those without: one may have had a collection in it. */
  delivery(dashboards: number): Delivery {
    const { subject, fleet } = this.#contender;
    const idlePerSent = median(this.#without.map(({ cpuSeconds, sent }) => cpuSeconds / sent));
    const rounds = this.#with.map(
      ({ cpuSeconds, sent }) => ((cpuSeconds - idlePerSent * sent) * 1e6) / (sent * dashboards),
    );
    return {
      name: subject.name,
      microseconds: rounds,
      bytesPerReading: sumOf(this.#with, 'bytes') / (sumOf(this.#with, 'sent') * dashboards),
      readingsPerSecond: fleet.devices * fleet.metrics * fleet.hz,
      dashboards,
    };
  }

  async #collect(): Promise<void> {
    process.kill(this.#contender.subject.pid, 'SIGUSR2');
    await pause(settleSeconds);
  }

  async #phase(seconds: number, pace = 1): Promise<Phase> {
    const { subject, fleet } = this.#contender;
    const stage = this.#stage;
    const [before, seen] = [await stage.published(), await stage.delivered()];
    const cpu = cpuSecondsOf(subject.pid, storeThreads);
    await stage.startDevices({ ...fleet, hz: fleet.hz * pace });
    await pause(seconds);
    await stage.stopDevices();
    const sent = ((await stage.published()) - before) * fleet.metrics;
    const { bytes } = await everyReading(stage, seen, sent);
    return { sent, bytes, cpuSeconds: cpuSecondsOf(subject.pid, storeThreads) - cpu };
  }
}

function sumOf(phases: readonly Phase[], part: keyof Phase): number {
  return phases.reduce((sum, phase) => sum + phase[part], 0);
}

/** Waits for the last frame. @returns what came since `seen` @throws {Error} a dashboard was not sent every reading */
async function everyReading(
  stage: Stage,
  seen: Delivered,
  sent: number,
): Promise<{ readonly bytes: number }> {
  const deadline = performance.now() + 5000;
  // What was batched for nobody goes within that as well.
  for (;;) {
    await pause(settleSeconds);
    const { readings, bytes } = await stage.delivered();
    const arrived = readings.map((count, index) => count - (seen.readings[index] ?? 0));
    if (arrived.every((count) => count === sent)) return { bytes: bytes - seen.bytes };
    if (performance.now() > deadline)
      throw new Error(`${stage.subject.name}: ${sent} readings were sent, ${arrived.join(' ')} arrived.`);
  }
}

/** @param deliveries ours first. Ratios are to the median of ours; the spread is that of the middle half of the rounds. */
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
    const ratios = microseconds.map((each) => each / median(ours));
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
