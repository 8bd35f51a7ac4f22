/**
 * InfluxDB line protocol, read. Spec: docs.influxdata.com, "Line protocol"; where that is silent, as InfluxDB 1.x and
 * 2.x do it. Pure.
 *
 *   measurement,tag=value,… field=1.5,other=2i,text="…" 1780000000000000000
 *
 * Each field is one reading: its metric is `measurement.field`, one tag names the device, the others are the series'
 * tags. A line that cannot be read is a problem of its own, the others are kept. Time is linear in the text.
 */
import { limits } from '../limits.ts';
import { toId } from '../names.ts';
import type { LineName, Tags } from '../reading.ts';
import type { DecodedReading } from './decoded.ts';
import { LineError, LineReader, type Line } from './line-reader.ts';
import { toMicroseconds, type Precision } from './line-values.ts';

export { precisions, type Precision } from './line-values.ts';

export interface LineReading extends DecodedReading {
  readonly device: string;
  readonly line: LineName;
  /** Where its line starts; the first is 1. */
  readonly row: number;
}

export interface LineProblem {
  /** Where the line starts; the first is 1. */
  readonly row: number;
  /** The line as it came. */
  readonly text: string;
  readonly code: string;
  readonly message: string;
}

export interface DecodedLines {
  readonly readings: readonly LineReading[];
  readonly problems: readonly LineProblem[];
}

export interface LineOptions {
  /** Unit of the timestamps: `ns` unless told otherwise. */
  readonly precision?: Precision | undefined;
  /** The first of these tags that a line has names its device; without any it is the default device. */
  readonly deviceTags?: readonly string[] | undefined;
  readonly defaultDevice?: string | undefined;
  /** Reading stops once there are more readings and problems than this: check the sum before you use them. */
  readonly most?: number | undefined;
}

const defaultDeviceTags = ['device', 'host'];

/** Never throws: what cannot be read is in `problems`. */
export function decodeLineProtocol(text: string, options: LineOptions = {}): DecodedLines {
  const { precision = 'ns', most = limits.readingsPerHttpRequest } = options;
  const reader = new LineReader(text, most);
  const naming = new Naming(options);
  const readings: LineReading[] = [];
  const problems: LineProblem[] = [];
  while (readings.length + problems.length <= most && reader.toNextLine()) {
    const { number, start } = reader;
    try {
      const line = reader.readLine();
      const timeUs = line.timestamp === undefined ? undefined : toMicroseconds(line.timestamp, precision);
      readings.push(...naming.toReadings(line, timeUs, number));
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      problems.push({
        row: number,
        text: reader.skipLine(start, error),
        code: error.code,
        message: error.message,
      });
    }
  }
  return { readings, problems };
}

/** Makes ids of names. Batches repeat the same few names, so each is made once. */
class Naming {
  readonly #deviceTags: readonly string[];
  readonly #defaultDevice: string;
  readonly #ids = new Map<string, string>();

  constructor({ deviceTags = defaultDeviceTags, defaultDevice = 'default' }: LineOptions) {
    this.#deviceTags = deviceTags;
    this.#defaultDevice = defaultDevice;
  }

  toReadings(
    { measurement, tags: named, fields }: Line,
    timeUs: number | undefined,
    row: number,
  ): readonly LineReading[] {
    const deviceTag = this.#deviceTags.find((key) => named.has(key));
    const device = deviceTag === undefined ? this.#defaultDevice : this.#id(named.get(deviceTag) ?? '');
    const tags = this.#tagsOf(named, deviceTag);
    const common = {
      device,
      ...(tags === undefined ? {} : { tags }),
      ...(timeUs === undefined ? {} : { timeUs }),
      row,
    };
    const asNamed = Object.fromEntries(named);
    return fields.map(({ key, scalar }) => ({
      ...common,
      metric: this.#id(`${measurement}.${key}`),
      line: { measurement, tags: asNamed, field: key },
      ...scalar,
    }));
  }

  #tagsOf(named: Line['tags'], deviceTag: string | undefined): Tags | undefined {
    const entries = [...named].filter(([key]) => key !== deviceTag);
    if (entries.length === 0) return undefined;
    return Object.fromEntries(entries.map(([key, value]) => [this.#id(key), value]));
  }

  #id(name: string): string {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = toId(name);
      this.#ids.set(name, id);
    }
    return id;
  }
}
