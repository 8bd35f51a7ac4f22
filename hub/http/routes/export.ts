/** GET …/export: all readings of a group, series by series, as lines that the import takes back. */
import { Readable } from 'node:stream';
import Type from 'typebox';
import { encodeLine } from '#contract/formats/line-protocol-encode.ts';
import { compileSelection } from '#contract/patterns.ts';
import type { HistoryAnswer } from '#contract/view.ts';
import { Names } from '../history-query.ts';
import { csvLines, ndjsonLines, type HistoryLines } from '../history-rows.ts';
import type { HttpParts, Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { parseNames, parseQueryTime } from '../query.ts';
import { GroupParams, TimeText } from '../schemas.ts';

const formats = ['line-protocol', 'csv', 'ndjson'] as const;
const columns = ['value', 'quality'];

export const exportRoutes: Routes = (app, parts) => {
  app.route({
    method: 'GET',
    url: '/api/v1/groups/:group/export',
    exposeHeadRoute: false,
    schema: {
      summary: 'All readings of a group, as lines',
      description:
        'Series by series, oldest first, streamed: it takes the memory of one page, however much there is, and ends when ' +
        'the connection does. Line protocol has the group as measurement, the tag `device`, the metric as field, µs.',
      tags: ['history'],
      params: GroupParams,
      querystring: Type.Object({
        format: Type.Optional(Type.Enum([...formats])),
        devices: Type.Optional(Names),
        metrics: Type.Optional(Names),
        start: Type.Optional(TimeText),
        end: Type.Optional(TimeText),
      }),
      response: { 200: { description: 'Lines', content: { 'text/plain': { schema: Type.String() } } } },
    },
    config: { permission: 'readings:read' },
    handler: async (request, reply) => {
      const { group } = request.params;
      // A name that nobody knows would be an empty file, which looks as if nothing had been stored.
      if (parts.devices.group(group) === undefined) throw notFound();
      const { format = 'line-protocol', devices, metrics } = request.query;
      const range = {
        start: parseQueryTime('start', request.query.start) ?? 0,
        end: parseQueryTime('end', request.query.end),
      };
      const series = seriesOf(parts, group, { devices: parseNames(devices), metrics: parseNames(metrics) });
      const lines = linesFor(format, group);
      reply.header('content-disposition', `attachment; filename="${group}.${lines.fileSuffix}"`);
      const all = write(parts, { group, series, lines, range });
      return reply.type(lines.contentType).send(Readable.from(all, { objectMode: false }));
    },
  });
};

type Named = readonly [device: string, metric: string];

/** One (device, metric) after the other in the order of ids: no query has more series than it may, and a line says how far it is. */
function seriesOf(
  { devices }: HttpParts,
  group: string,
  wanted: { readonly devices: string[] | undefined; readonly metrics: string[] | undefined },
): readonly Named[] {
  const [ofDevices, ofMetrics] = [compileSelection(wanted.devices), compileSelection(wanted.metrics)];
  return devices
    .list(group)
    .filter(({ device }) => ofDevices.matches(device))
    .toSorted((a, b) => (a.device < b.device ? -1 : 1))
    .flatMap(({ device, metrics }) =>
      metrics.filter(({ metric }) => ofMetrics.matches(metric)).map(({ metric }): Named => [device, metric]),
    );
}

interface Written {
  readonly group: string;
  readonly series: readonly Named[];
  readonly lines: HistoryLines;
  readonly range: { readonly start: number; readonly end: number | undefined };
}

async function* write(
  { history }: HttpParts,
  { group, series, lines, range }: Written,
): AsyncGenerator<string> {
  yield lines.header;
  const { start, end } = range;
  for (const [device, metric] of series) {
    const query = { devices: [device], metrics: [metric], start, ...(end !== undefined && { end }) };
    for await (const page of history.pages(group, query)) yield lines.lines(page);
  }
}

function linesFor(format: (typeof formats)[number], group: string): HistoryLines {
  if (format === 'csv') return csvLines(columns);
  return format === 'ndjson' ? ndjsonLines(columns) : lineProtocol(group);
}

function lineProtocol(group: string): HistoryLines {
  return {
    contentType: 'text/plain; charset=utf-8',
    fileSuffix: 'lp',
    header: '',
    lines: (page: HistoryAnswer) =>
      page.series
        .flatMap(({ device, metric, tags = {}, points = [] }) =>
          points.map(([timeMs, value, quality]) => {
            const fields = {
              ...(value !== null && { [metric]: value }),
              ...(quality !== undefined && { [`${metric}_quality`]: quality }),
            };
            return `${encodeLine({ measurement: group, tags: { ...tags, device }, fields, timeUs: timeMs * 1000 }) ?? ''}\n`;
          }),
        )
        .join(''),
  };
}
