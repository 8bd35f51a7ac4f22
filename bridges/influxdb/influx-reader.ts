/**
 * History out of InfluxDB, by InfluxQL: the one query language that 1.x, 2.x and 3 Core share. What the hub wrote is found
 * by its own names, what came as line protocol by the names of its lines. Read this first, then `catalogue.ts`.
 */
import { RequestError, TryAgainError, tooManyBuckets } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { isGroupId, toGroupId, toId } from '#contract/names.ts';
import { compileSelection } from '#contract/patterns.ts';
import type { Reading, Series, Tags } from '#contract/reading.ts';
import type {
  HistoryAnswer,
  HistorySeries,
  LastAnswer,
  LastQuery,
  LastReading,
  RawPoint,
  SeriesName,
} from '#contract/view.ts';
import type { Log, RangeQuery, ReadingStore } from '#ports';
import { sentenceOf } from './answers.ts';
import { Catalogue, type CatalogueParts, type Measurement, type MetricFields } from './catalogue.ts';
import { oneOf, quoteName, quoteText, type Table } from './influxql.ts';
import { seriesOfLine, seriesOfOurs } from './names.ts';
import * as statements from './statements.ts';

export interface InfluxReaderParts extends CatalogueParts {
  /** Whether the hub has the series itself. */
  readonly isKnown: (series: Series) => boolean;
  /** Also what the bucket has of others. */
  readonly showsAll: boolean;
  readonly log: Log;
}

interface Source extends statements.Source {
  readonly of: Measurement;
  /** The hub's ids of `metrics`. */
  readonly ids: readonly string[];
}

interface Found extends SeriesName {
  readonly table: Table;
  readonly source: Source;
  /** Into the source's metrics. */
  readonly index: number;
}

type Selected = Pick<RangeQuery, 'devices' | 'metrics'>;

export class InfluxReader implements ReadingStore {
  readonly #parts: InfluxReaderParts;
  readonly #catalogue: Catalogue;

  constructor(parts: InfluxReaderParts) {
    this.#parts = parts;
    this.#catalogue = new Catalogue(parts);
  }

  query(group: string, query: RangeQuery): Promise<HistoryAnswer> {
    return this.#guard(async () => {
      const { start, end, window } = query;
      const time = `time >= ${us(start)}u AND time < ${us(end)}u`;
      const sources = (await this.#sources(group, query)).map((source) => ({
        ...source,
        condition: `${time} AND ${source.condition}`,
      }));
      if (window !== undefined) return this.#buckets(group, query, sources, window);
      return this.#points(group, query, sources);
    });
  }

  lastAt(group: string, { at, ...selected }: LastQuery): Promise<LastAnswer> {
    return this.#guard(async () => {
      const time = at === undefined ? '' : ` AND time <= ${us(at)}u`;
      const sources = await this.#sources(group, selected);
      // One statement a field: only a selector that is alone tells the time of what it found.
      const asked = sources.flatMap((source) =>
        source.metrics.flatMap((metric, index) =>
          metric.fields.map(({ name: field }) => {
            const one = { field, quality: metric.quality };
            const statement = statements.lastStatement(
              { measurement: source.measurement, condition: source.condition + time },
              one,
            );
            return { source: single(source, index), one, statement };
          }),
        ),
      );
      const answers = await this.#ask(asked.map(({ statement }) => statement));
      const newest = new Map<string, LastReading>();
      asked.forEach(({ source, one }, index) => {
        for (const found of this.#found(group, selected, [source], [answers[index] ?? []])) {
          const point = statements.lastPoint(found.table.values[0] ?? [], one);
          const key = sortKey(found);
          if (point !== undefined && !((newest.get(key)?.point[0] ?? -Infinity) >= point[0]))
            newest.set(key, { ...nameOf(found), point });
        }
      });
      return { series: checked([...newest.values()].toSorted(bySeries)) };
    });
  }

  /**
   * The newest row of each series that the hub does not have itself, as readings: what is there before the hub.
   * @throws {TryAgainError}
   */
  existing(): Promise<readonly Reading[]> {
    return this.#guard(async () => {
      const sources = (await this.#catalogue.all()).map((of): Source => {
        const [ids, metrics] = [[...of.metrics.keys()], [...of.metrics.values()]];
        return { of, ids, metrics, measurement: of.name, condition: '' };
      });
      const answers = await this.#ask(sources.map(statements.newestStatement));
      return sources.flatMap((source, at) =>
        (answers[at] ?? []).flatMap((table) => this.#readingsOf(source, table)),
      );
    });
  }

  #readingsOf(source: Source, { tags, values }: Table): readonly Reading[] {
    const points = statements.rawPoints(source.metrics, values);
    return source.metrics.flatMap((metric, index): Reading | readonly [] => {
      const series = this.#seriesOf(source, metric, source.ids[index] ?? '', tags);
      const [point] = points[index] ?? [];
      if (point === undefined || !isGroupId(series.group) || this.#parts.isKnown(series)) return [];
      const [timeMs, value, quality = 'good'] = point;
      return { ...series, timeUs: us(timeMs), value, quality, stampedBy: 'device' };
    });
  }

  async #points(group: string, query: RangeQuery, sources: readonly Source[]): Promise<HistoryAnswer> {
    const { limit = limits.historyPoints } = query;
    const answers = await this.#ask(sources.map((source) => statements.rawStatement(source, limit + 1)));
    const all = this.#found(group, query, sources, answers).map((found) => {
      const { table, source, index } = found;
      return { ...nameOf(found), points: statements.rawPoints(source.metrics, table.values)[index] ?? [] };
    });
    const series = checked(all.filter(({ points }) => points.length > 0).toSorted(bySeries));
    return cut(series, limit);
  }

  async #buckets(
    group: string,
    query: RangeQuery,
    sources: readonly Source[],
    window: number,
  ): Promise<HistoryAnswer> {
    const { aggregates } = query;
    const answers = await this.#ask(sources.map((source) => statements.bucketStatement(source, us(window))));
    let count = 0;
    const all = this.#found(group, query, sources, answers).flatMap((found): HistorySeries | readonly [] => {
      const buckets = statements.bucketsOf(found.source.metrics, found.table.values)[found.index] ?? [];
      if (buckets.length === 0) return [];
      if ((count += buckets.length) > limits.historyBuckets) throw tooManyBuckets();
      return aggregates === undefined
        ? { ...nameOf(found), buckets: buckets.map(statements.toBand) }
        : { ...nameOf(found), rows: buckets.map((bucket) => statements.toRow(bucket, aggregates)) };
    });
    return { window, series: checked(all.toSorted(bySeries)), truncated: false };
  }

  /** What of which measurements may be meant. */
  async #sources(group: string, { devices, metrics }: Selected): Promise<readonly Source[]> {
    const selection = compileSelection(metrics);
    const sources = (await this.#catalogue.of(group)).flatMap((of): Source | readonly [] => {
      const entries = [...of.metrics].filter(([id]) => selection.matches(id));
      const [ids, chosen] = [entries.map(([id]) => id), entries.map(([, metric]) => metric)];
      return ids.length === 0 ? [] : { of, ids, metrics: chosen, measurement: of.name, condition: '' };
    });
    const lines = sources.filter(({ of }) => !of.isOurs);
    const condition = await this.#lineCondition(group, devices, lines);
    return sources.flatMap((source): Source | readonly [] => {
      if (source.of.isOurs) return { ...source, condition: `"device" =~ ${oneOf(devices)}` };
      return condition === undefined ? [] : { ...source, condition };
    });
  }

  /** Lines of these devices in this group; undefined if there can be none. */
  async #lineCondition(
    group: string,
    devices: readonly string[],
    lines: readonly Source[],
  ): Promise<string | undefined> {
    const { bucket, deviceTags } = this.#parts.naming;
    const wanted = new Set(devices);
    const values = await this.#catalogue.deviceValues(lines.map(({ of }) => of));
    const ways = [...values].flatMap(([key, all]) => {
      const own = all.filter((value) => wanted.has(toId(value)));
      return own.length === 0 ? [] : [`${quoteName(key)} =~ ${oneOf(own)}`];
    });
    if (wanted.has('default'))
      ways.push(`(${[...deviceTags, 'hub_device'].map((key) => `${quoteName(key)} = ''`).join(' AND ')})`);
    if (ways.length === 0) return undefined;
    const told = `"hub_group" = ${quoteText(group)}`;
    const ofGroup = group === toGroupId(bucket) ? `(${told} OR "hub_group" = '')` : told;
    return `${ofGroup} AND (${ways.join(' OR ')})`;
  }

  /** The tables as series of the hub; what the condition let through and nobody asked for is left out. */
  #found(
    group: string,
    { devices }: Selected,
    sources: readonly Source[],
    answers: readonly (readonly Table[])[],
  ): readonly Found[] {
    const wanted = new Set(devices);
    return sources.flatMap((source, at) =>
      (answers[at] ?? []).flatMap((table) =>
        source.metrics.flatMap((metric, index): Found | readonly [] => {
          const series = this.#seriesOf(source, metric, source.ids[index] ?? '', table.tags);
          if (series.group !== group || !wanted.has(series.device)) return [];
          const { showsAll, isKnown } = this.#parts;
          return showsAll || isKnown(series) ? { ...series, table, source, index } : [];
        }),
      ),
    );
  }

  #seriesOf({ of }: Source, { base: field }: MetricFields, id: string, tags: Tags): Series {
    // A series without the tag has it empty.
    const own = Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== ''));
    if (of.isOurs) return seriesOfOurs(of.name, own, id);
    return seriesOfLine({ measurement: of.name, tags: own, field }, this.#parts.naming);
  }

  async #ask(all: readonly string[]): Promise<readonly (readonly Table[])[]> {
    return all.length === 0 ? [] : this.#parts.connection.query(all.join('; '));
  }

  async #guard<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RequestError) throw error;
      this.#parts.log.warn('InfluxDB could not answer a question about history.', { why: sentenceOf(error) });
      throw new TryAgainError('history-unavailable', 'InfluxDB does not answer questions about history now.');
    }
  }
}

const us = (ms: number): number => Math.round(ms * 1000);

function single(source: Source, index: number): Source {
  const [metric, id] = [source.metrics[index], source.ids[index]];
  if (metric === undefined || id === undefined) throw new Error(`There is no metric ${index}.`);
  return { ...source, metrics: [metric], ids: [id] };
}

function nameOf({ device, metric, tags }: SeriesName): SeriesName {
  return tags === undefined ? { device, metric } : { device, metric, tags };
}

/** Sorts as the embedded history does: by device, metric and the text of the tags. */
function sortKey({ device, metric, tags }: SeriesName): string {
  return [device, metric, tags === undefined ? '' : JSON.stringify(tags)].join('\n');
}

function bySeries(a: SeriesName, b: SeriesName): number {
  const [first, second] = [sortKey(a), sortKey(b)];
  return first < second ? -1 : Number(first > second);
}

function checked<Kind>(series: readonly Kind[]): readonly Kind[] {
  if (series.length <= limits.historySeries) return series;
  const message = `The query matches more than ${limits.historySeries} series: name fewer devices or metrics.`;
  throw new RequestError(422, 'too-many-series', message);
}

/** The `limit` oldest of all series together; at one instant the earlier series first. */
function cut(
  all: readonly (SeriesName & { readonly points: readonly RawPoint[] })[],
  limit: number,
): HistoryAnswer {
  const total = all.reduce((sum, { points }) => sum + points.length, 0);
  if (total <= limit) return { series: all, truncated: false };
  const times = all.flatMap(({ points }) => points.map(([time]) => time)).toSorted((a, b) => a - b);
  const last = times[limit - 1] ?? 0;
  let ofLast = limit - times.findIndex((time) => time === last);
  const series = all.map(({ points, ...name }) => ({
    ...name,
    points: points.filter(([time]) => time < last || (time === last && ofLast-- > 0)),
  }));
  return { series: series.filter(({ points }) => points.length > 0), truncated: true };
}
