/**
 * What a bucket holds, as the hub would call it: measurements with their fields as metrics, and the values of the tags
 * that name devices. Asked for again when it is older than a few seconds.
 */
import { toId } from '#contract/names.ts';
import type { Clock } from '#ports';
import type { InfluxConnection } from './connection.ts';
import { quoteName } from './influxql.ts';
import type { LineNaming } from './names.ts';

export interface Field {
  readonly name: string;
  readonly isNumber: boolean;
}

/** A metric is its field, and those beside it that took values of another kind. */
export interface MetricFields {
  readonly base: string;
  readonly fields: readonly Field[];
  /** The field with its quality, if there is one. */
  readonly quality: string | undefined;
}

export interface Measurement {
  readonly name: string;
  /** Written by the hub under its own names: the measurement is a group. */
  readonly isOurs: boolean;
  /** By the hub's id of the metric. */
  readonly metrics: ReadonlyMap<string, MetricFields>;
}

export interface CatalogueParts {
  readonly connection: Pick<InfluxConnection, 'query' | 'fields' | 'detect'>;
  readonly naming: LineNaming;
  /** The hub's groups: measurements of these names are its own. */
  readonly groups: () => ReadonlySet<string>;
  readonly clock: Clock;
}

const freshMs = 5000;
const kinds = ['number', 'integer', 'unsigned', 'boolean', 'string'];

export class Catalogue {
  readonly #parts: CatalogueParts;
  #known: { readonly atMs: number; readonly measurements: Promise<readonly Measurement[]> } | undefined;

  constructor(parts: CatalogueParts) {
    this.#parts = parts;
  }

  /** All that may hold series of a group. */
  async of(group: string): Promise<readonly Measurement[]> {
    const measurements = await this.all();
    return measurements.filter(({ name, isOurs }) => !isOurs || name === group);
  }

  all(): Promise<readonly Measurement[]> {
    const nowMs = this.#parts.clock.monotonicMs();
    if (this.#known === undefined || nowMs - this.#known.atMs > freshMs) {
      const measurements = this.#ask();
      this.#known = { atMs: nowMs, measurements };
      measurements.catch(() => (this.#known = undefined));
    }
    return this.#known.measurements;
  }

  /** The values of the tags that name devices, by tag, over all of these measurements. */
  async deviceValues(measurements: readonly Measurement[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const { connection, naming } = this.#parts;
    const values = new Map<string, string[]>();
    if (measurements.length === 0) return values;
    const from = measurements.map(({ name }) => quoteName(name)).join(', ');
    const keys = [...naming.deviceTags, 'hub_device'].map(quoteName).join(', ');
    const [tables = []] = await connection.query(`SHOW TAG VALUES FROM ${from} WITH KEY IN (${keys})`);
    for (const [key, value] of tables.flatMap((table) => table.values))
      values.set(String(key), [...(values.get(String(key)) ?? []), String(value)]);
    return values;
  }

  async #ask(): Promise<readonly Measurement[]> {
    const { connection, groups } = this.#parts;
    await connection.detect();
    const ours = groups();
    const byName = Map.groupBy(await connection.fields(), ({ measurement }) => measurement);
    return [...byName].map(([name, fields]) => {
      const isOurs = ours.has(name);
      const typeOf = new Map(fields.map(({ field, type }) => [field, type]));
      const idOf = (base: string): string => (isOurs ? base : toId(`${name}.${base}`));
      return {
        name,
        isOurs,
        metrics: new Map(metricsOf(typeOf).map((metric) => [idOf(metric.base), metric])),
      };
    });
  }
}

function metricsOf(typeOf: ReadonlyMap<string, string>): readonly MetricFields[] {
  const names = [...typeOf.keys()];
  return names.flatMap((base): MetricFields | readonly [] => {
    if (isBeside(base, typeOf)) return [];
    const beside = kinds.map((kind) => `${base}_${kind}`).filter((name) => typeOf.has(name));
    const fields = [base, ...beside].map((name) => ({ name, isNumber: isNumeric(typeOf.get(name)) }));
    const quality = `${base}_quality`;
    return { base, fields, quality: typeOf.get(quality) === 'string' ? quality : undefined };
  });
}

/** A field that stands beside another: its quality, or its values of another kind. */
function isBeside(name: string, typeOf: ReadonlyMap<string, string>): boolean {
  const end = name.lastIndexOf('_');
  const [base, word] = [name.slice(0, end), name.slice(end + 1)];
  return (
    end > 0 && (word === 'quality' ? typeOf.get(name) === 'string' : kinds.includes(word)) && typeOf.has(base)
  );
}

function isNumeric(type: string | undefined): boolean {
  return type === 'float' || type === 'integer' || type === 'unsigned';
}
