/** What a piece of an import is made of, in either format: readings, and lines that are none. Pure. */
import { decodeCsv } from '#contract/formats/csv-decode.ts';
import { decodeLineProtocol, type LineReading, type Precision } from '#contract/formats/line-protocol.ts';
import { toId } from '#contract/names.ts';
import { qualities, tagsKey, type Quality } from '#contract/reading.ts';
import type { IncomingReading } from '#ports';

export interface ImportedReading extends IncomingReading {
  /** Where its line starts; the first is 1. */
  readonly row: number;
}

export interface ImportProblem {
  readonly row: number;
  readonly code: string;
  readonly message: string;
}

export interface Imported {
  readonly readings: readonly ImportedReading[];
  readonly problems: readonly ImportProblem[];
}

export interface ImportOptions {
  readonly group: string;
  readonly precision: Precision;
  readonly deviceTags: readonly string[];
}

/** @throws {FormatError} there is no header */
export function importCsv(text: string, { group }: ImportOptions): Imported {
  const { readings, problems } = decodeCsv(text);
  return { readings: readings.map((reading) => ({ ...reading, group })), problems };
}

/** Lines as anybody writes them; those of the hub's own export, whose measurement is the group, become what they were. */
export function importLines(text: string, { group, precision, deviceTags }: ImportOptions): Imported {
  const { readings, problems } = decodeLineProtocol(text, { precision, deviceTags });
  const isOwn = ({ line }: LineReading): boolean => line.measurement === group;
  const own = readings.filter(isOwn).map(({ line, ...one }) => ({ ...one, metric: toId(line.field) }));
  const others = readings.filter((reading) => !isOwn(reading));
  return {
    readings: [...withQualities(own), ...others].map((reading) => ({ ...reading, group })),
    problems: problems.map(({ row, code, message }) => ({ row, code, message })),
  };
}

const suffix = '_quality';

type OwnReading = Omit<LineReading, 'line'>;

/** `power=…,power_quality="stale"` is one reading; the quality alone is one without a value. */
function withQualities(readings: readonly OwnReading[]): readonly OwnReading[] {
  const keyOf = ({ row, device, tags }: OwnReading, metric: string): string =>
    `${row} ${device} ${metric} ${tagsKey(tags)}`;
  const found = new Map<string, { readonly reading: OwnReading; readonly quality: Quality }>();
  for (const reading of readings) {
    const quality = qualities.find((one) => one === reading.value);
    if (!reading.metric.endsWith(suffix) || quality === undefined) continue;
    found.set(keyOf(reading, reading.metric.slice(0, -suffix.length)), { reading, quality });
  }
  const areQualities = new Set([...found.values()].map(({ reading }) => reading));
  const kept = readings
    .filter((reading) => !areQualities.has(reading))
    .map((reading): OwnReading => {
      const key = keyOf(reading, reading.metric);
      const quality = found.get(key)?.quality;
      found.delete(key);
      return quality === undefined ? reading : { ...reading, quality };
    });
  const alone = [...found.values()].map(({ reading, quality }): OwnReading => {
    return { ...reading, metric: reading.metric.slice(0, -suffix.length), value: null, quality };
  });
  return [...kept, ...alone];
}
