/** GET …/history: readings of one device over a range, as JSON or CSV. */
import Type from 'typebox';
import { limits } from '#contract/limits.ts';
import type { HistoryQuery } from '#contract/view.ts';
import { historyToCsv } from '../csv.ts';
import type { HttpParts, Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { parseNames, parseQueryTime, withoutUndefined } from '../query.ts';
import { DeviceParams, Tags, TimeText } from '../schemas.ts';

const defaultRangeMs = 3_600_000;
const names = Type.String({
  maxLength: 16_384,
  description: 'Ids or patterns with `*`, separated by commas.',
});
const points = Type.Integer({ minimum: 1, maximum: limits.historyPoints });

const Query = Type.Object({
  start: Type.Optional(TimeText),
  end: Type.Optional(TimeText),
  metrics: Type.Optional(Type.Union([names, Type.Array(names, { maxItems: limits.historySeries })])),
  maxPoints: Type.Optional(points),
  window: Type.Optional(Type.Number({ minimum: 1, description: 'Bucket width in ms.' })),
  limit: Type.Optional(points),
  format: Type.Optional(Type.Enum(['json', 'csv'])),
});

const Answer = Type.Object({
  window: Type.Optional(Type.Number({ description: 'Bucket width in ms; absent for raw points.' })),
  truncated: Type.Boolean(),
  series: Type.Array(
    Type.Object({
      device: Type.String(),
      metric: Type.String(),
      tags: Type.Optional(Tags),
      points: Type.Optional(
        Type.Array(Type.Array(Type.Unknown()), { description: '[time, value, quality?]' }),
      ),
      buckets: Type.Optional(
        Type.Array(Type.Array(Type.Unknown()), { description: '[time, min, max, mean, count, last]' }),
      ),
    }),
  ),
});

export const historyRoutes: Routes = (app, parts) => {
  app.route({
    method: 'GET',
    url: '/api/v1/groups/:group/devices/:device/history',
    schema: {
      summary: 'Readings over a range',
      description:
        'Raw points, or buckets with `maxPoints` or `window`. The last hour unless `start` and `end` say otherwise. ' +
        'CSV with `format=csv` or `Accept: text/csv`.',
      tags: ['history'],
      params: DeviceParams,
      querystring: Query,
      response: {
        200: {
          description: 'The series',
          content: { 'application/json': { schema: Answer }, 'text/csv': { schema: Type.String() } },
        },
      },
    },
    config: { permission: 'readings:read' },
    handler: async (request, reply) => {
      const { group, device } = request.params;
      if (parts.devices.get(group, device) === undefined) throw notFound();
      const answer = await parts.history.query(group, toQuery(parts, device, request.query));
      const { format = request.headers.accept?.includes('text/csv') === true ? 'csv' : 'json' } =
        request.query;
      if (format === 'json') return answer;
      reply.header(
        'content-disposition',
        `attachment; filename="${group}-${device.replaceAll(':', '_')}.csv"`,
      );
      return reply.type('text/csv; charset=utf-8; header=present').send(historyToCsv(answer));
    },
  });
};

function toQuery({ clock }: HttpParts, device: string, query: Type.Static<typeof Query>): HistoryQuery {
  const { maxPoints, window, limit } = query;
  const end = parseQueryTime('end', query.end);
  const start = parseQueryTime('start', query.start) ?? (end ?? clock.nowUs() / 1000) - defaultRangeMs;
  const metrics = parseNames(query.metrics);
  return { devices: [device], start, ...withoutUndefined({ end, metrics, maxPoints, window, limit }) };
}
