/**
 * What the trace shows of many readings, in columns: two hundred bytes each as objects, a message that waits for its commit
 * or for somebody to look at it would make most of what the collector has to move. Pure.
 */
import type { DeviceName } from './device.ts';
import type { Quality, Value } from './reading.ts';

export interface TracedReading extends DeviceName {
  readonly metric: string;
  readonly value: Value;
  readonly quality?: Quality | undefined;
  /** The payload's own. */
  readonly timeUs?: number | undefined;
}

export type TracedReadings = Iterable<TracedReading> & { readonly length: number };

/** Up to so many stay as they are: six columns take as much. */
const few = 6;

const bytes = { reading: 200, row: 50 } as const;

/** One for all rows where all are the same. */
type Column<Cell> = readonly [Cell] | readonly Cell[];

/** As they are, if they are few or packed already. */
export function packReadings(readings: TracedReadings): TracedReadings {
  return Array.isArray(readings) && readings.length > few ? new PackedReadings(readings) : readings;
}

/** What they take in memory, about. */
export function bytesOf(readings: TracedReadings): number {
  return readings.length * (Array.isArray(readings) ? bytes.reading : bytes.row);
}

/** Whose they are, in their order; as often as need be. */
export function devicesOf(readings: TracedReadings): Iterable<DeviceName> {
  return readings instanceof PackedReadings ? readings.devices() : readings;
}

class PackedReadings implements TracedReadings {
  readonly length: number;
  readonly #groups: Column<string>;
  readonly #devices: Column<string>;
  readonly #metrics: Column<string>;
  readonly #values: Column<TracedReading['value']>;
  readonly #qualities: Column<TracedReading['quality']>;
  readonly #times: Column<TracedReading['timeUs']>;

  constructor(readings: readonly TracedReading[]) {
    this.length = readings.length;
    this.#groups = columnOf(readings, ({ group }) => group);
    this.#devices = columnOf(readings, ({ device }) => device);
    this.#metrics = columnOf(readings, ({ metric }) => metric);
    this.#values = columnOf(readings, ({ value }) => value);
    this.#qualities = columnOf(readings, ({ quality }) => quality);
    this.#times = columnOf(readings, ({ timeUs }) => timeUs);
  }

  devices(): Iterable<DeviceName> {
    const isOne = this.#groups.length === 1 && this.#devices.length === 1;
    return isOne ? [{ group: cellOf(this.#groups, 0), device: cellOf(this.#devices, 0) }] : this;
  }

  *[Symbol.iterator](): Generator<TracedReading> {
    for (let row = 0; row < this.length; row += 1)
      yield {
        group: cellOf(this.#groups, row),
        device: cellOf(this.#devices, row),
        metric: cellOf(this.#metrics, row),
        value: cellOf(this.#values, row),
        quality: cellOf(this.#qualities, row),
        timeUs: cellOf(this.#times, row),
      };
  }
}

function columnOf<Cell>(
  readings: readonly TracedReading[],
  pick: (reading: TracedReading) => Cell,
): Column<Cell> {
  const [first] = readings;
  if (first === undefined) return [];
  const cell = pick(first);
  return readings.every((reading) => pick(reading) === cell) ? [cell] : readings.map(pick);
}

function cellOf<Cell>(column: Column<Cell>, row: number): Cell {
  return column[column.length === 1 ? 0 : row] as Cell;
}
