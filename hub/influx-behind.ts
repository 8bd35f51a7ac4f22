/**
 * InfluxDB behind the hub, as one part of it: the spool that it needs in the store, the edge that writes, and what may
 * be asked of it. Without the setting there is none, and nothing of it is loaded.
 */
import type { InfluxWriter } from '../bridges/influxdb/influx-writer.ts';
import type { InfluxConfig } from './influx-settings.ts';
import type { Clock, Counters, Edge, Log, Store } from './ports.ts';
import type { SpoolOptions } from './store/spool.ts';

export interface InfluxParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Uniform bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

export class InfluxBehind {
  readonly #config: InfluxConfig | undefined;
  readonly #parts: InfluxParts;
  #writer: InfluxWriter | undefined;

  constructor(config: InfluxConfig | undefined, parts: InfluxParts) {
    this.#config = config;
    this.#parts = parts;
  }

  get spool(): SpoolOptions | undefined {
    const config = this.#config;
    return config && { maxBytes: config.spoolBytes, refuseWhenFull: !config.dropOldest };
  }

  /** Once started. */
  get replay(): (() => Promise<number>) | undefined {
    const writer = this.#writer;
    return writer && (() => writer.replay());
  }

  /** @param store opened with the spool of this */
  async start({ journal, follower, quarantine }: Store): Promise<readonly Edge[]> {
    if (this.#config === undefined || follower === undefined) return [];
    // The client library is not small.
    const { InfluxWriter: Writer } = await import('../bridges/influxdb/influx-writer.ts');
    const { random: bytes, ...common } = this.#parts;
    const random = (): number => Buffer.from(bytes(4)).readUInt32LE() / 2 ** 32;
    const writer = new Writer({ ...this.#config, journal, follower, quarantine, ...common, random });
    await writer.start();
    this.#writer = writer;
    return [writer];
  }

  async stop(): Promise<void> {
    await this.#writer?.stop();
  }
}
