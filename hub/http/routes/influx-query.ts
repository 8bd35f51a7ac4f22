/**
 * /query: the two questions that clients of InfluxDB 1.x put before they write. Groups make themselves, so `CREATE
 * DATABASE` only answers whether the token may write there. Spec: docs.influxdata.com, InfluxDB 1.8, "/query".
 */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { RequestError } from '#contract/errors.ts';
import { toGroupId } from '#contract/names.ts';
import { bodyUnchecked, takeBytes } from '../bodies.ts';
import { principalOf, requireRight } from '../guard.ts';
import { createInfluxErrorHandler, influxRefusals } from '../influx-answers.ts';
import type { HttpParts, Routes } from '../parts.ts';
import { bytesOf } from '../unpack.ts';

/** Of a statement without spaces around it and without its semicolon: nothing in it can be read in many ways. */
const createDatabase = /^CREATE\s+DATABASE\s+(?:"((?:[^"\\]|\\.)+)"|([a-z_]\w*))(?:\s+WITH\s.*)?$/is;
const showDatabases = /^SHOW\s+DATABASES$/i;
const statementChars = 1024;

const Query = Type.Object({ q: Type.Optional(Type.String({ maxLength: statementChars })) });
const Answer = Type.Object({
  results: Type.Array(Type.Object({ statement_id: Type.Integer(), series: Type.Optional(Type.Unknown()) })),
});

const schema = {
  summary: 'What clients of InfluxDB 1.x ask before they write',
  description: '`CREATE DATABASE` and `SHOW DATABASES`, in the parameter `q` or a form; no other statement.',
  tags: ['influxdb'],
  querystring: Query,
  response: { 200: Answer, ...influxRefusals },
};

export const influxQueryRoutes: Routes = (app, parts) => {
  app.register(async (scope: typeof app) => {
    takeBytes(scope, '*');
    for (const method of ['GET', 'POST'] as const)
      scope.route({
        method,
        url: '/query',
        schema,
        config: { permission: 'telemetry:write', filtered: true, basic: true },
        validatorCompiler: bodyUnchecked,
        errorHandler: createInfluxErrorHandler(parts, 1),
        handler: async (request) => ({ results: [{ statement_id: 0, ...answer(parts, request) }] }),
      });
  });
};

function answer(parts: HttpParts, request: FastifyRequest): object {
  const statement = statementOf(request);
  const [, quoted, plain] = createDatabase.exec(statement) ?? [];
  const name = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
  const { device } = principalOf(request);
  if (name !== undefined) {
    requireRight(parts, request, 'telemetry:write', { group: toGroupId(name), device });
    return {};
  }
  if (!showDatabases.test(statement))
    throw new RequestError(
      400,
      'unknown-statement',
      'Only CREATE DATABASE and SHOW DATABASES are answered here.',
    );
  return { series: [{ name: 'databases', columns: ['name'], values: groupsOf(parts, request) }] };
}

/** In the URL, or in the form that Telegraf sends. */
function statementOf(request: FastifyRequest): string {
  const { q } = request.query as { readonly q?: string };
  const form = new URLSearchParams(bytesOf(request).toString('utf8'));
  const statement = (q ?? form.get('q') ?? '').trim();
  if (statement.length > statementChars)
    throw new RequestError(400, 'unknown-statement', `A statement has at most ${statementChars} characters.`);
  return statement.endsWith(';') ? statement.slice(0, -1).trimEnd() : statement;
}

function groupsOf({ access, devices }: HttpParts, request: FastifyRequest): readonly (readonly [string])[] {
  const principal = principalOf(request);
  const own = principal.groups === '*' ? devices.groups().map(({ group }) => group) : principal.groups;
  const mayWrite = (group: string): boolean =>
    access.may(principal, 'telemetry:write', { group, device: principal.device });
  return own.filter(mayWrite).map((group) => [group]);
}
