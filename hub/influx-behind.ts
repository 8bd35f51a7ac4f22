/**
 * InfluxDB behind the hub, as one part of it: the spool that it needs in the store, the edge that writes, and what may
 * be asked of it. Without the setting there is none, and nothing of it is loaded.
 */
import type { InfluxWriter } from '../bridges/influxdb/influx-writer.ts';
import type { HubConfig } from './config.ts';
import type { InfluxConfig } from './influx-settings.ts';
import type { Reading, Series } from './contract/reading.ts';
import type { Clock, Counters, Edge, Log, ReadingStore, Store } from './ports.ts';
import type { SpoolOptions } from './store/spool.ts';

export interface InfluxParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Uniform bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

export interface ReadingParts {
  /** Of the hub. */
  readonly groups: () => ReadonlySet<string>;
  /** Tells the hub the newest values of what others wrote to the bucket. */
  readonly show: (state: readonly Reading[]) => void;
}

export class InfluxBehind {
  readonly #config: InfluxConfig | undefined;
  readonly #parts: InfluxParts;
  readonly #deviceTags: readonly string[];
  #writer: InfluxWriter | undefined;
  #closeReader: () => Promise<void> = async () => undefined;

  constructor(
    { influx, writeDeviceTags }: Pick<HubConfig, 'influx' | 'writeDeviceTags'>,
    parts: InfluxParts,
  ) {
    this.#config = influx;
    this.#deviceTags = writeDeviceTags;
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

  /** What answers history, if that is not the hub's own file. */
  async readings(
    { journal: { series } }: Store,
    { groups, show }: ReadingParts,
  ): Promise<ReadingStore | undefined> {
    if (this.#config?.answersHistory !== true) return undefined;
    const [{ InfluxConnection }, { InfluxReader }, { ExistingSeries }] = await Promise.all([
      import('../bridges/influxdb/connection.ts'),
      import('../bridges/influxdb/influx-reader.ts'),
      import('../bridges/influxdb/existing-series.ts'),
    ]);
    const { target, showsExisting } = this.#config;
    // Of its own, so that a long question holds up no write.
    const connection = new InfluxConnection(target);
    const naming = { bucket: target.bucket, deviceTags: this.#deviceTags };
    const isKnown = (one: Series): boolean => series.find(one) !== undefined;
    const common = { ...this.#parts, naming, connection, groups, isKnown };
    const reader = new InfluxReader({ ...common, showsAll: showsExisting });
    const existing = new ExistingSeries({ reader, show, ...this.#parts });
    if (showsExisting) existing.start();
    this.#closeReader = async () => {
      await existing.stop();
      connection.close();
    };
    return reader;
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
    await this.#closeReader();
    await this.#writer?.stop();
  }
}
