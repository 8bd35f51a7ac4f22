/** GET …/history: readings of one or several devices over a range, as JSON, CSV or NDJSON. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { RequestError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { HistoryAnswer, HistoryQuery } from '#contract/view.ts';
import type { History } from '#ports';
import { HistoryParameters, Names, parseHistoryQuery } from '../history-query.ts';
import { columnsOf, csvLines, ndjsonLines, type HistoryLines } from '../history-rows.ts';
import type { HttpParts, Routes } from '../parts.ts';
import { notFound } from '../problem.ts';
import { parseNames, parseQueryTime, withoutUndefined } from '../query.ts';
import {
  DeviceParams,
  GroupParams,
  HistoryAnswer as Answer,
  LastAnswer as Last,
  TimeText,
} from '../schemas.ts';

const Several = Type.Object({ ...HistoryParameters, devices: Names });
const lines = Type.String({
  description: 'One line a point; without `limit` and `cursor` all of the range.',
});
const shared = {
  description:
    'Raw points, or buckets with `maxPoints` or `window`. The last hour unless `start` and `end` say otherwise. ' +
    'CSV and NDJSON by `format` or `Accept`, streamed: all of the range, or with `limit` a page whose next one is in ' +
    'the header `Link`.',
  tags: ['history'],
  response: {
    200: {
      description: 'The series',
      content: {
        'application/json': { schema: Answer },
        'text/csv': { schema: lines },
        'application/x-ndjson': { schema: lines },
      },
    },
  },
};

export const historyRoutes: Routes = (app, parts) => {
  app.route({
    method: 'GET',
    url: '/api/v1/groups/:group/devices/:device/history',
    schema: {
      ...shared,
      summary: 'Readings of a device over a range',
      params: DeviceParams,
      querystring: Type.Object(HistoryParameters),
    },
    config: { permission: 'readings:read' },
    handler: async (request, reply) => {
      const { group, device } = request.params;
      if (parts.devices.get(group, device) === undefined) throw notFound();
      const query = parseHistoryQuery([device], request.query, nowMs(parts));
      return await answer(parts, { request, reply, query, name: `${group}-${device}` });
    },
  });

  app.route({
    method: 'GET',
    url: '/api/v1/groups/:group/history',
    schema: {
      ...shared,
      summary: 'Readings of several devices over a range',
      params: GroupParams,
      querystring: Several,
    },
    config: { permission: 'readings:read' },
    handler: async (request, reply) => {
      const { group } = request.params;
      const query = parseHistoryQuery(devicesOf(request.query.devices), request.query, nowMs(parts));
      return await answer(parts, { request, reply, query, name: group });
    },
  });

  addLast(app, parts);
};

const addLast: Routes = (app, { history }) => {
  app.route({
    method: 'GET',
    url: '/api/v1/groups/:group/history/last',
    schema: {
      summary: 'The last value of each series at a time',
      description: 'The newest reading at or before `at`; without it the newest there is.',
      tags: ['history'],
      params: GroupParams,
      querystring: Type.Object({
        devices: Names,
        metrics: Type.Optional(Names),
        at: Type.Optional(TimeText),
      }),
      response: { 200: Last },
    },
    config: { permission: 'readings:read' },
    handler: async (request) => {
      const devices = devicesOf(request.query.devices);
      const at = parseQueryTime('at', request.query.at);
      const metrics = parseNames(request.query.metrics);
      return await history.lastAt(request.params.group, { devices, ...withoutUndefined({ at, metrics }) });
    },
  });
};

/** @throws {RequestError} 400 `invalid-devices` */
function devicesOf(names: string | readonly string[]): string[] {
  const devices = parseNames(names) ?? [];
  if (devices.length >= 1 && devices.length <= limits.historySeries) return devices;
  const message = `\`devices\` names 1 to ${limits.historySeries} devices.`;
  throw new RequestError(400, 'invalid-devices', message);
}

function nowMs({ clock }: HttpParts): number {
  return clock.nowUs() / 1000;
}

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly query: HistoryQuery;
  /** Of the file. */
  readonly name: string;
}

async function answer({ history }: HttpParts, { request, reply, query, name }: Asked): Promise<unknown> {
  const group = (request.params as { readonly group: string }).group;
  const written = linesOf(request, query);
  if (written === undefined) return await history.query(group, query);
  // The first page is asked for before anything is sent: what cannot be answered gets its status.
  const pages = pagesOf(history, group, query)[Symbol.asyncIterator]();
  const first = await pages.next();
  const page = first.done === true ? undefined : first.value;
  if (isOnePage(query) && page?.cursor !== undefined) reply.header('link', nextPage(request, page.cursor));
  const file = `${name.replaceAll(':', '_')}.${written.fileSuffix}`;
  reply.header('content-disposition', `attachment; filename="${file}"`).type(written.contentType);
  return reply.send(Readable.from(linesOfPages(written, page, pages), { objectMode: false }));
}

function linesOf({ query, headers }: FastifyRequest, asked: HistoryQuery): HistoryLines | undefined {
  const { accept = '' } = headers;
  const accepted = accept.includes('text/csv') ? 'csv' : accept.includes('ndjson') ? 'ndjson' : 'json';
  const { format = accepted } = query as { readonly format?: 'json' | 'csv' | 'ndjson' };
  if (format === 'json') return undefined;
  return format === 'csv' ? csvLines(columnsOf(asked)) : ndjsonLines(columnsOf(asked));
}

function isOnePage({ limit, cursor }: HistoryQuery): boolean {
  return limit !== undefined || cursor !== undefined;
}

async function* pagesOf(history: History, group: string, query: HistoryQuery): AsyncGenerator<HistoryAnswer> {
  if (isOnePage(query)) yield await history.query(group, query);
  else yield* history.pages(group, query);
}

async function* linesOfPages(
  { header, lines: write }: HistoryLines,
  first: HistoryAnswer | undefined,
  rest: AsyncIterator<HistoryAnswer>,
): AsyncGenerator<string> {
  yield header + (first === undefined ? '' : write(first));
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield write(next.value);
}

/** RFC 8288. */
function nextPage(request: FastifyRequest, cursor: string): string {
  const url = new URL(request.url, 'http://hub');
  url.searchParams.set('cursor', cursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}
