/** The last hour of the first main metric of each card: minute by minute, from history and then from live readings. */
import { signal } from '@preact/signals';
import type { TimeRange } from '#contract/frame.ts';
import type { ReadingTuple } from '#contract/reading.ts';
import type { GroupChannel } from '../connection/connection.ts';
import type { Timing } from '../connection/socket-like.ts';
import { HubRefusedError, NoAnswerError } from '../connection/errors.ts';
import { mainMetrics } from '../format/main-metrics.ts';
import { SeriesBook } from '../series/series-book.ts';
import type { SeriesRing } from '../series/ring.ts';
import type { DeviceState } from './registry.ts';

export const sparkSpanMs = 3_600_000;
const bucketMs = 60_000;
const points = 60;
/** One question to the hub covers this many devices. */
const devicesPerQuery = 20;
/** Lines kept per group; beyond, those that are not on the screen are forgotten. */
const linesKept = 400;
/** A backlog leaves readings out frame after frame: its lines are asked for again this much later, once for all of it. */
const refetchMs = 10_000;

export class Sparklines {
  /** Grows when all lines were forgotten: who shows some asks for them again. */
  readonly round = signal(0);
  /** Grows when lines have come: they are drawn at once. */
  readonly loads = signal(0);
  readonly #books = new Map<string, SeriesBook>();
  readonly #timing: Timing;
  #cancelForget: (() => void) | undefined;

  constructor(parts: { timing: Timing }) {
    this.#timing = parts.timing;
  }

  /** The line of one device; undefined while there is none. */
  ring(group: string, device: string, metric: string): SeriesRing | undefined {
    return this.#books.get(group)?.get(device, metric)?.ring;
  }

  /** Fetches the lines of these devices that are not there yet. Without an answer the cards simply show none. */
  async load(group: string, channel: GroupChannel, shown: readonly DeviceState[]): Promise<void> {
    const known = this.#books.get(group);
    const book =
      known === undefined || known.all().length > linesKept
        ? new SeriesBook({ capacity: points + 10, bucketMs })
        : known;
    this.#books.set(group, book);
    const missing = shown.flatMap(({ device, info }) => {
      const metric = mainMetrics(info.peek(), 1)[0]?.metric;
      return metric === undefined || book.get(device, metric) !== undefined ? [] : [{ device, metric }];
    });
    for (let from = 0; from < missing.length; from += devicesPerQuery) {
      const some = missing.slice(from, from + devicesPerQuery);
      try {
        const answer = await channel.request('history', {
          devices: some.map(({ device }) => device),
          metrics: [...new Set(some.map(({ metric }) => metric))],
          start: this.#timing.now() - sparkSpanMs,
          maxPoints: points,
        });
        const wanted = new Map(some.map(({ device, metric }) => [device, metric]));
        book.load(answer.series.filter(({ device, metric }) => wanted.get(device) === metric));
        this.loads.value += 1;
      } catch (error) {
        if (error instanceof HubRefusedError || error instanceof NoAnswerError) return;
        throw error;
      }
    }
  }

  /** After a cut that could not be made up for, lines have holes. */
  forget(): void {
    this.close();
    this.#books.clear();
    this.round.value += 1;
  }

  /** Late readings of these times were left out. */
  incomplete({ end }: TimeRange): void {
    if (end > this.#timing.now() - sparkSpanMs)
      this.#cancelForget ??= this.#timing.after(refetchMs, () => this.forget());
  }

  close(): void {
    this.#cancelForget?.();
    this.#cancelForget = undefined;
  }

  /**
   * Continues the lines that are there; readings of other series pass by.
   * @param group of the readings; undefined when their device reads `<group>/<device>`
   */
  note(readings: readonly ReadingTuple[], group?: string): void {
    if (group !== undefined) return this.#books.get(group)?.continue(readings);
    for (const [path, ...rest] of readings) {
      const slash = path.indexOf('/');
      this.#books.get(path.slice(0, slash))?.continue([[path.slice(slash + 1), ...rest]]);
    }
  }
}
