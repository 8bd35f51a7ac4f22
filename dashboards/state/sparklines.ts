/** The last hour of the first main metric of each card: minute by minute, from history and then from live readings. */
import type { ReadingTuple } from '#contract/reading.ts';
import type { GroupChannel } from '../connection/connection.ts';
import { HubRefusedError, NoAnswerError } from '../connection/errors.ts';
import { mainMetrics } from '../format/main-metrics.ts';
import { SeriesBook } from '../series/series-book.ts';
import type { SeriesRing } from '../series/ring.ts';
import type { DeviceState } from './registry.ts';

export const sparkSpanMs = 3_600_000;
const bucketMs = 60_000;
const points = 60;
/** One question to the hub covers this many devices; beyond `devicesShown` cards stay without a line. */
const devicesPerQuery = 20;
const devicesShown = 200;

export class Sparklines {
  readonly #books = new Map<string, SeriesBook>();
  readonly #now: () => number;

  constructor(parts: { now: () => number }) {
    this.#now = parts.now;
  }

  /** The line of one device; undefined while there is none. */
  ring(group: string, device: string, metric: string): SeriesRing | undefined {
    return this.#books.get(group)?.get(device, metric)?.ring;
  }

  /** Fetches the lines of a group's devices. Without an answer the cards simply show none. */
  async load(group: string, channel: GroupChannel, devices: readonly DeviceState[]): Promise<void> {
    const book = new SeriesBook({ capacity: points + 10, bucketMs });
    this.#books.set(group, book);
    const shown = devices.slice(0, devicesShown);
    for (let from = 0; from < shown.length; from += devicesPerQuery) {
      const some = shown.slice(from, from + devicesPerQuery);
      const metrics = [...new Set(some.map(({ info }) => mainMetrics(info.peek(), 1)[0]?.metric))];
      try {
        const answer = await channel.request('history', {
          devices: some.map(({ device }) => device),
          metrics: metrics.filter((metric) => metric !== undefined),
          start: this.#now() - sparkSpanMs,
          maxPoints: points,
        });
        book.load(answer.series);
      } catch (error) {
        if (error instanceof HubRefusedError || error instanceof NoAnswerError) return;
        throw error;
      }
    }
  }

  /** Continues the lines that are there; readings of other series pass by. */
  note(readings: readonly ReadingTuple[]): void {
    for (const [path, ...rest] of readings) {
      const slash = path.indexOf('/');
      this.#books.get(path.slice(0, slash))?.continue([[path.slice(slash + 1), ...rest]]);
    }
  }
}
