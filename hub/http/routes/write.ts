/**
 * POST /api/v2/write and /write: the doors of InfluxDB, so that Telegraf and other clients of it write here unchanged.
 * The bucket (1.x: the database) is the group, each line's device is named by a tag, `measurement.field` is the metric.
 * 204 comes after the commit. Lines that can never be accepted are in quarantine, named in a 400; the others are stored.
 */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Principal, Target } from '#contract/access.ts';
import { RequestError } from '#contract/errors.ts';
import { FormatError } from '#contract/formats/decoded.ts';
import {
  decodeLineProtocol,
  precisions,
  type DecodedLines,
  type LineProblem,
  type Precision,
} from '#contract/formats/line-protocol.ts';
import { toGroupId } from '#contract/names.ts';
import type { IncomingReading, Rejection, Source } from '#ports';
import { bodyUnchecked, takeBytes } from '../bodies.ts';
import { acceptAll, requireFew } from '../deliveries.ts';
import { principalOf } from '../guard.ts';
import { createInfluxErrorHandler, influxRefusals } from '../influx-answers.ts';
import type { HttpParts, Routes } from '../parts.ts';
import { sourceOf } from '../source.ts';
import { bytesOf, unpack } from '../unpack.ts';

const lineType = 'text/plain; charset=utf-8';
const shownChars = 80;
const name = Type.String({ minLength: 1, maxLength: 256 });
const ignored = Type.String({ maxLength: 256, description: 'Ignored.' });
const parameters = {
  precision: Type.Optional(
    Type.Enum([...precisions], { description: 'Unit of the timestamps; ns by default.' }),
  ),
};
const shared = {
  tags: ['influxdb'],
  consumes: ['text/plain'],
  body: Type.String({ description: 'InfluxDB line protocol, as it is or with gzip.' }),
  response: { 204: Type.Null({ description: 'All of it is on disk.' }), ...influxRefusals },
};

const common = {
  method: 'POST',
  validatorCompiler: bodyUnchecked,
} as const;

export const writeRoutes: Routes = (app, parts) => {
  app.register(async (scope: typeof app) => {
    // Clients name the type of lines in many ways, or not at all.
    takeBytes(scope, '*');
    addVersion2(scope, parts);
    addVersion1(scope, parts);
  });
};

const addVersion2: Routes = (app, parts) => {
  app.route({
    ...common,
    url: '/api/v2/write',
    schema: {
      ...shared,
      summary: 'Write as to InfluxDB 2',
      querystring: Type.Object({ ...parameters, bucket: name, org: Type.Optional(ignored) }),
    },
    config: { permission: 'telemetry:write', target: (request) => targetOf(request, 'bucket') },
    errorHandler: createInfluxErrorHandler(parts, 2),
    handler: async (request, reply) => {
      const { bucket, precision } = request.query;
      await write(parts, request, { bucket, precision });
      return reply.code(204).send();
    },
  });
};

const addVersion1: Routes = (app, parts) => {
  app.route({
    ...common,
    url: '/write',
    schema: {
      ...shared,
      summary: 'Write as to InfluxDB 1.x',
      description: 'Also with HTTP Basic: any name, the token as the password.',
      querystring: Type.Object({ ...parameters, db: name, rp: Type.Optional(ignored) }),
    },
    config: { permission: 'telemetry:write', basic: true, target: (request) => targetOf(request, 'db') },
    errorHandler: createInfluxErrorHandler(parts, 1),
    handler: async (request, reply) => {
      const { db: bucket, precision } = request.query;
      await write(parts, request, { bucket, precision });
      return reply.code(204).send();
    },
  });
};

/** What is asked for before the body is read: writing for the token's device, or for any of the group. */
function targetOf(request: FastifyRequest, parameter: 'bucket' | 'db'): Target {
  const bucket = (request.query as Readonly<Record<string, unknown>>)[parameter];
  if (typeof bucket !== 'string' || bucket === '')
    throw new RequestError(400, 'bucket-missing', `The parameter ${parameter} names the group to write to.`);
  return { group: toGroupId(bucket), device: principalOf(request).device };
}

interface Asked {
  readonly bucket: string;
  readonly precision: Precision | undefined;
}

/** @throws {RequestError} 400 `partial-write` after the good lines are stored */
async function write(parts: HttpParts, request: FastifyRequest, { bucket, precision }: Asked): Promise<void> {
  const receivedAtUs = parts.clock.nowUs();
  const group = toGroupId(bucket);
  const source = sourceOf(request);
  const principal = principalOf(request);
  const text = (await unpackOrQuarantine(parts, request, source)).toString('utf8');
  const options = { precision, deviceTags: parts.writeDeviceTags, defaultDevice: principal.device };
  const lines = decodeLineProtocol(text, options);
  requireFew(lines.readings.length + lines.problems.length);
  requireDevices(parts, principal, group, lines);
  await quarantine(parts, source, lines.problems);
  const incoming = lines.readings.map(({ row: _row, ...reading }): IncomingReading => ({
    ...reading,
    group,
  }));
  // Without the raw text: what ingest refuses goes into quarantine by itself, not with all its neighbours.
  const { rejected } = await acceptAll(parts.ingest, { source, receivedAtUs }, incoming);
  const told = tellDropped(lines, rejected);
  if (told !== undefined) throw new RequestError(400, 'partial-write', told);
}

/** All or nothing: with the right token the sender's repeat brings all of it. */
function requireDevices(
  { access, counters }: HttpParts,
  principal: Principal,
  group: string,
  { readings }: DecodedLines,
): void {
  const devices = new Set(readings.map(({ device }) => device));
  const foreign = [...devices].find((device) => !access.may(principal, 'telemetry:write', { group, device }));
  if (foreign === undefined) return;
  counters.count('http.refused', 'not-allowed');
  throw new RequestError(403, 'foreign-device', `This token may not write for the device ${foreign}.`);
}

async function unpackOrQuarantine(
  { ingest }: HttpParts,
  request: FastifyRequest,
  source: Source,
): Promise<Buffer> {
  try {
    return await unpack(request);
  } catch (error) {
    if (error instanceof FormatError) {
      const raw = { bytes: bytesOf(request), contentType: 'application/gzip' };
      await ingest.quarantine({ source, code: error.code, message: error.message, raw });
    }
    throw error;
  }
}

/** One row for all bad lines of a request, so that a broken client does not push everything else out. */
async function quarantine(
  { ingest }: HttpParts,
  source: Source,
  problems: readonly LineProblem[],
): Promise<void> {
  const [first] = problems;
  if (first === undefined) return;
  const bytes = new TextEncoder().encode(problems.map(({ text }) => text).join('\n'));
  const message = `${problems.length} lines cannot be read, first: line ${first.row}: ${first.message}`;
  await ingest.quarantine({ source, code: first.code, message, raw: { bytes, contentType: lineType } });
}

/**
 * InfluxDB's sentence: the first bad line and how many were dropped. Telegraf looks for `partial write` in it, and
 * would otherwise send the same lines for ever.
 */
function tellDropped(
  { readings, problems }: DecodedLines,
  rejected: readonly Rejection[],
): string | undefined {
  const refused = rejected.map(({ index, message }) => {
    return { row: readings[index]?.row ?? 0, what: `${readings[index]?.metric}: ${message}` };
  });
  const unread = problems.map(({ row, text, message }) => {
    return { row, what: `unable to parse ${JSON.stringify(text.slice(0, shownChars))}: ${message}` };
  });
  const all = [...unread, ...refused];
  const [first] = all.toSorted((a, b) => a.row - b.row);
  if (first === undefined) return undefined;
  const dropped = new Set(all.map(({ row }) => row)).size;
  return `partial write: line ${first.row}: ${first.what} dropped=${dropped}`;
}
