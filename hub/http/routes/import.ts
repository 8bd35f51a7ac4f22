/**
 * POST …/import: a piece of a file. Who sends a large one sends it in pieces that end at a line, each answered when it
 * is on disk: that is progress, bounds the memory of both sides, and can be cancelled and begun again at any piece.
 */
import Type from 'typebox';
import { precisions } from '#contract/formats/line-protocol.ts';
import { limits } from '#contract/limits.ts';
import { bodyUnchecked, takeBytes } from '../bodies.ts';
import { acceptAll, requireFew } from '../deliveries.ts';
import { importCsv, importLines, type ImportProblem } from '../imported.ts';
import type { Routes } from '../parts.ts';
import { GroupParams } from '../schemas.ts';
import { sourceOf } from '../source.ts';
import { unpack } from '../unpack.ts';

const listedProblems = 1000;
const types = ['text/csv', 'text/plain', 'application/octet-stream'];

const Answer = Type.Object({
  accepted: Type.Integer({
    description: 'Readings that are on disk now; known ones are recognised by their time.',
  }),
  rejectedCount: Type.Integer(),
  rejected: Type.Array(
    Type.Object({
      row: Type.Integer({ description: 'Its line; the first is 1.' }),
      code: Type.String(),
      message: Type.String(),
    }),
  ),
});

export const importRoutes: Routes = (app, parts) => {
  app.register(async (scope: typeof app) => {
    takeBytes(scope, types);
    scope.route({
      method: 'POST',
      url: '/api/v1/groups/:group/import',
      schema: {
        summary: 'Import readings, a piece at a time',
        description:
          'Line protocol, or CSV with the header `device,metric,tags,time,value,quality` in each piece; also with gzip. ' +
          `A piece has at most ${limits.readingsPerHttpRequest} readings. On 503 send it again after Retry-After. Lines ` +
          'that are no readings are named and left out.',
        tags: ['history'],
        consumes: types,
        params: GroupParams,
        querystring: Type.Object({
          format: Type.Optional(Type.Enum(['line-protocol', 'csv'])),
          precision: Type.Optional(
            Type.Enum([...precisions], { description: 'Of line protocol; ns by default.' }),
          ),
        }),
        body: Type.String(),
        response: { 200: Answer },
      },
      config: { permission: 'telemetry:write' },
      validatorCompiler: bodyUnchecked,
      handler: async (request) => {
        const { group } = request.params;
        const { format = 'line-protocol', precision = 'ns' } = request.query;
        const text = (await unpack(request)).toString('utf8');
        const options = { group, precision, deviceTags: parts.writeDeviceTags };
        const { readings, problems } = (format === 'csv' ? importCsv : importLines)(text, options);
        requireFew(readings.length + problems.length);
        const source = sourceOf(request);
        const receivedAtUs = parts.clock.nowUs();
        const incoming = readings.map(({ row: _row, ...reading }) => reading);
        const { accepted, rejected } = await acceptAll(
          parts.ingest,
          { source, receivedAtUs, givesWay: true },
          incoming,
        );
        const refused = rejected.map(({ index, code, message }): ImportProblem => {
          return { row: readings[index]?.row ?? 0, code, message };
        });
        const all = [...problems, ...refused].toSorted((a, b) => a.row - b.row);
        return { accepted, rejectedCount: all.length, rejected: all.slice(0, listedProblems) };
      },
    });
  });
};
