/** What a query string asks of the history. */
import Type from 'typebox';
import { limits } from '#contract/limits.ts';
import { aggregates, fills, type HistoryQuery } from '#contract/view.ts';
import { RequestError } from '#contract/errors.ts';
import { parseNames, parseQueryTime, withoutUndefined } from './query.ts';
import { TimeText } from './schemas.ts';

const defaultRangeMs = 3_600_000;
const text = Type.String({ maxLength: 16_384, description: 'Several are separated by commas.' });
export const Names = Type.Union([text, Type.Array(text, { maxItems: limits.historySeries })]);
const points = Type.Integer({ minimum: 1, maximum: limits.historyPoints });

export const HistoryParameters = {
  start: Type.Optional(TimeText),
  end: Type.Optional(TimeText),
  metrics: Type.Optional(Names),
  maxPoints: Type.Optional(points),
  window: Type.Optional(Type.Number({ minimum: 1, description: 'Bucket width in ms.' })),
  aggregates: Type.Optional(
    Type.Union([text, Type.Array(text)], {
      description: `Columns of the buckets: ${aggregates.join(', ')}. Without it min, max, mean, count, last.`,
    }),
  ),
  fill: Type.Optional(
    Type.Enum([...fills], { description: 'What stands in buckets without a reading, with `aggregates`.' }),
  ),
  limit: Type.Optional(points),
  cursor: Type.Optional(
    Type.String({ maxLength: 64, description: 'Of the answer before: the next page of raw points.' }),
  ),
  format: Type.Optional(Type.Enum(['json', 'csv', 'ndjson'])),
};

const Parameters = Type.Object(HistoryParameters);

/** @throws {RequestError} 400 `invalid-time`, `invalid-aggregates` */
export function parseHistoryQuery(
  devices: string[],
  query: Type.Static<typeof Parameters>,
  nowMs: number,
): HistoryQuery {
  const { maxPoints, window, fill, limit, cursor } = query;
  const end = parseQueryTime('end', query.end);
  const start = parseQueryTime('start', query.start) ?? (end ?? nowMs) - defaultRangeMs;
  const named = { metrics: parseNames(query.metrics), aggregates: parseAggregates(query.aggregates) };
  return { devices, start, ...withoutUndefined({ end, ...named, maxPoints, window, fill, limit, cursor }) };
}

function parseAggregates(names: string | readonly string[] | undefined): HistoryQuery['aggregates'] {
  return parseNames(names)?.map((name, index, all) => {
    const known = aggregates.find((aggregate) => aggregate === name);
    if (known !== undefined && all.indexOf(name) === index) return known;
    throw new RequestError(
      400,
      'invalid-aggregates',
      `\`aggregates\` are of ${aggregates.join(', ')}, each once.`,
    );
  });
}
