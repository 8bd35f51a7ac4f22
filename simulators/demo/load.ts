/** Some thousand readings per second over HTTP, each stamped with the moment it was sent: what frozen dashboards miss. */
import { postTelemetry } from '../links/http.ts';
import { Latencies } from '../tally.ts';
import { DemoError } from './child.ts';

/** One POST every 50 ms with 50 instants of 4 metrics: 4,000 readings per second if the hub keeps up. */
const everyMs = 50;
const instants = 50;
const numbers = ['a', 'b', 'c'] as const;
/**
 * One metric is a line of text: half a megabyte per second and dashboard in all. With less, the kernel's own buffers
 * (4 MB and more per connection) would hide for longer than a minute that nobody reads.
 */
const textBytes = 450;

export interface LoadTarget {
  readonly url: string;
  readonly group: string;
  readonly token: string;
}

export class Load {
  /** How long the hub took to acknowledge a POST: its readings are on disk then. */
  readonly ackLatencies = new Latencies();
  readonly #target: LoadTarget;
  #acknowledged = 0;

  constructor(target: LoadTarget) {
    this.#target = target;
  }

  /** Readings the hub has acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** One POST after the other on a fixed beat; a slow hub gets fewer, never several at once. */
  async run(ms: number, stop: AbortSignal): Promise<void> {
    const startMs = performance.now();
    for (let beat = 0; performance.now() - startMs < ms; beat += 1) {
      stop.throwIfAborted();
      await this.burst();
      const restMs = Math.max(0, (beat + 1) * everyMs - (performance.now() - startMs));
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }

  /** @throws {DemoError} the hub did not take it */
  async burst(): Promise<void> {
    const { group, url, token } = this.#target;
    const now = Date.now();
    const readings = Array.from({ length: instants }, (_, index) => ({
      // A microsecond apart, so that each is a reading of its own and its age tells its way.
      ts: now + index / 1000,
      values: {
        ...Object.fromEntries(numbers.map((metric, place) => [metric, (now + index * place) % 1000])),
        line: `${index} `.padEnd(textBytes, 'signalbox '),
      },
    }));
    const startMs = performance.now();
    const response = await postTelemetry({ url, token }, { group, device: 'load' }, readings);
    const text = await response.text();
    if (!response.ok)
      throw new DemoError(`The hub refused the load with ${response.status}: ${text.slice(0, 200)}`);
    this.ackLatencies.add(performance.now() - startMs);
    this.#acknowledged += instants * (numbers.length + 1);
  }
}
