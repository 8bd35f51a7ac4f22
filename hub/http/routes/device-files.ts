/** Devices out to a file and in from one, as JSON or CSV. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { CsvError, parse } from 'csv-parse/sync';
import Type from 'typebox';
import { RequestError } from '#contract/errors.ts';
import { toCell } from '#contract/formats/csv.ts';
import { parseJson } from '#contract/formats/json.ts';
import type { DeviceInfo, DeviceName } from '#contract/device.ts';
import { bodyUnchecked, takeBytes } from '../bodies.ts';
import { changeOf, csvHeader, DeviceRow, fromCells, rowChecker, toCells, toRow } from '../device-rows.ts';
import { principalOf } from '../guard.ts';
import type { HttpParts, Routes } from '../parts.ts';

const tags = ['devices'];
const pageDevices = 500;
const rowsPerImport = 10_000;
/** So many changes are one transaction. */
const rowsAtOnce = 500;
const ExportQuery = Type.Object({ format: Type.Optional(Type.Enum(['json', 'csv'])) });
const Imported = Type.Object({
  created: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  rejected: Type.Array(
    Type.Object({
      row: Type.Integer({ description: '1 is the first.' }),
      code: Type.String(),
      message: Type.String(),
    }),
  ),
});

export const deviceFileRoutes: Routes = (app, parts) => {
  const checkRow = rowChecker();
  app.route({
    method: 'GET',
    url: '/api/v1/devices/export',
    schema: {
      summary: 'All devices as a file: ids, titles, labels, places, metrics',
      tags,
      querystring: ExportQuery,
      response: {
        200: {
          description: 'The devices that the principal may manage',
          content: {
            'application/json': { schema: Type.Array(DeviceRow) },
            'text/csv': { schema: Type.String() },
          },
        },
      },
    },
    config: { permission: 'device:manage', filtered: true },
    handler: async (request, reply) => {
      const { format = 'json' } = request.query;
      const { groups } = principalOf(request);
      const pages = (): Iterable<readonly DeviceInfo[]> => allPages(parts, groups);
      reply.header('content-disposition', `attachment; filename="devices.${format}"`);
      reply.type(
        format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json; charset=utf-8',
      );
      return reply.send(Readable.from(format === 'csv' ? csvLines(pages) : jsonLines(pages)));
    },
  });

  app.register(async (scope: typeof app) => {
    takeBytes(scope, '*');
    scope.route({
      method: 'POST',
      url: '/api/v1/devices/import',
      validatorCompiler: bodyUnchecked,
      schema: {
        summary: 'Register and describe devices from a file',
        description:
          'JSON (an array of rows, as the export has them) or CSV (`Content-Type: text/csv`, the columns of the export; an ' +
          'empty cell says nothing). A row that cannot be taken is named; the others are. What is shown already is not changed.',
        tags,
        consumes: ['application/json', 'text/csv'],
        body: Type.Array(DeviceRow, { maxItems: rowsPerImport }),
        response: { 200: Imported },
      },
      config: { permission: 'device:manage', filtered: true, audit: 'device:import' },
      handler: async (request) => importRows(parts, request, readRows(request).map(checkRow)),
    });
  });
};

function* allPages({ devices }: HttpParts, groups: '*' | readonly string[]): Iterable<readonly DeviceInfo[]> {
  let after: DeviceName | undefined;
  do {
    const page = devices.find({ groups, limit: pageDevices, ...(after && { after }) });
    yield page;
    after = page.length < pageDevices ? undefined : page.at(-1);
  } while (after !== undefined);
}

function* jsonLines(pages: () => Iterable<readonly DeviceInfo[]>): Iterable<string> {
  let before = '[\n';
  for (const page of pages())
    for (const info of page) {
      yield before + JSON.stringify(toRow(info));
      before = ',\n';
    }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

function* csvLines(pages: () => Iterable<readonly DeviceInfo[]>): Iterable<string> {
  const keys = new Set<string>();
  for (const page of pages())
    for (const { labels } of page) for (const key of Object.keys(labels)) keys.add(key);
  const labelKeys = [...keys].toSorted();
  yield `${csvHeader(labelKeys).map(toCell).join(',')}\r\n`;
  for (const page of pages())
    for (const info of page) yield `${toCells(toRow(info), labelKeys).map(toCell).join(',')}\r\n`;
}

/** @throws {RequestError} 400: it is no list of rows */
function readRows({ body, headers }: Pick<FastifyRequest, 'body' | 'headers'>): readonly unknown[] {
  const text = Buffer.from(body as Uint8Array).toString('utf8');
  const isCsv = headers['content-type']?.startsWith('text/csv') === true;
  const rows = isCsv ? readCsv(text) : parseJson(text);
  if (!Array.isArray(rows)) throw new RequestError(400, 'invalid-request', 'The body is an array of rows.');
  if (rows.length > rowsPerImport)
    throw new RequestError(413, 'too-many-rows', `One import has at most ${rowsPerImport} rows.`);
  return rows as readonly unknown[];
}

function readCsv(text: string): readonly unknown[] {
  try {
    const rows: Record<string, string>[] = parse(text, { columns: true, bom: true, skip_empty_lines: true });
    return rows.map(fromCells);
  } catch (error) {
    if (error instanceof CsvError || error instanceof SyntaxError)
      throw new RequestError(400, 'invalid-csv', `The CSV cannot be read: ${error.message}`, {
        cause: error,
      });
    throw error;
  }
}

async function importRows(
  parts: HttpParts,
  request: FastifyRequest,
  rows: readonly (DeviceRow | string)[],
): Promise<Type.Static<typeof Imported>> {
  const counts = { created: 0, changed: 0, unchanged: 0 };
  const rejected: { row: number; code: string; message: string }[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await Promise.all(
      rows.slice(from, from + rowsAtOnce).map(async (row, index) => {
        try {
          counts[await importRow(parts, request, row)] += 1;
        } catch (error) {
          if (!(error instanceof RequestError)) throw error;
          rejected.push({ row: from + index + 1, code: error.code, message: error.message });
        }
      }),
    );
  return { ...counts, rejected: rejected.toSorted((a, b) => a.row - b.row) };
}

async function importRow(
  { access, devices, management }: HttpParts,
  request: FastifyRequest,
  row: DeviceRow | string,
): Promise<'created' | 'changed' | 'unchanged'> {
  if (typeof row === 'string') throw new RequestError(422, 'invalid-row', row);
  const { group, ...rest } = row;
  if (!access.may(principalOf(request), 'device:manage', { group }))
    throw new RequestError(403, 'forbidden', 'You may not manage devices of this group.');
  const shown = devices.get(group, row.device);
  if (shown === undefined) {
    await management.register(group, rest);
    return 'created';
  }
  const change = changeOf(row, shown);
  if (change === undefined) return 'unchanged';
  await management.change(group, row.device, change);
  return 'changed';
}
