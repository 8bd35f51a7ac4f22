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
import type { LineName } from '../reading.ts';
import type { DecodedReading } from './decoded.ts';
import { LineNames } from './line-names.ts';
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
  /** Of whoever reads text after text: what was made of names before; it knows the device tags. */
  readonly names?: LineNames | undefined;
  /** Reading stops once there are more readings and problems than this: check the sum before you use them. */
  readonly most?: number | undefined;
}

/** Never throws: what cannot be read is in `problems`. */
export function decodeLineProtocol(text: string, options: LineOptions = {}): DecodedLines {
  const { precision = 'ns', most = limits.readingsPerHttpRequest, defaultDevice = 'default' } = options;
  const { names = new LineNames(options.deviceTags) } = options;
  const reader = new LineReader(text, most, names);
  const readings: LineReading[] = [];
  const problems: LineProblem[] = [];
  while (readings.length + problems.length <= most && reader.toNextLine()) {
    const { number, start } = reader;
    try {
      const line = reader.readLine();
      const timeUs = line.timestamp === undefined ? undefined : toMicroseconds(line.timestamp, precision);
      addReadings(readings, line, { device: line.head.device ?? defaultDevice, timeUs, row: number });
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

/** All fields are written out: what comes by the ten thousand should all have one shape. */
function addReadings(readings: LineReading[], { head, fields }: Line, { device, timeUs, row }: Placed): void {
  const { tags } = head;
  for (const { name, scalar } of fields) {
    const { value, quality, form } = scalar;
    const { metric, line } = name;
    readings.push({ device, metric, tags, timeUs, value, quality, form, line, row });
  }
}

interface Placed {
  readonly device: string;
  readonly timeUs: number | undefined;
  readonly row: number;
}
