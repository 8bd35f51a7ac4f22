/**
 * POST /api/v2/write and /write: the doors of InfluxDB, so that Telegraf and other clients of it write here unchanged.
 * The bucket (1.x: the database) is the group, each line's device is named by a tag, `measurement.field` is the metric.
 * 204 comes after the commit. Lines that can never be accepted are in quarantine, named in a 400; the others are stored.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Principal, Target } from '#contract/access.ts';
import { RequestError } from '#contract/errors.ts';
import { FormatError, ofDevice } from '#contract/formats/decoded.ts';
import { LineNames } from '#contract/formats/line-names.ts';
import {
  decodeLineProtocol,
  precisions,
  type LineProblem,
  type LineReading,
  type Precision,
} from '#contract/formats/line-protocol.ts';
import { toGroupId } from '#contract/names.ts';
import type { Rejection, Source } from '#ports';
import { bodyUnchecked, takeBytes } from '../bodies.ts';
import { answerLater, offerAll, requireFew, type Answering, type Stored } from '../deliveries.ts';
import { principalOf } from '../guard.ts';
import { createInfluxErrorHandler, influxRefusals } from '../influx-answers.ts';
import type { App, HttpParts, Routes } from '../parts.ts';
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
    const door = { parts, names: new LineNames(parts.writeDeviceTags) };
    addVersion2(scope, door);
    addVersion1(scope, door);
  });
};

interface Door {
  readonly parts: HttpParts;
  /** Of all who write: clients repeat the beginnings of their lines. */
  readonly names: LineNames;
}

function addVersion2(app: App, door: Door): void {
  app.route({
    ...common,
    url: '/api/v2/write',
    schema: {
      ...shared,
      summary: 'Write as to InfluxDB 2',
      querystring: Type.Object({ ...parameters, bucket: name, org: Type.Optional(ignored) }),
    },
    config: { permission: 'telemetry:write', target: (request) => targetOf(request, 'bucket') },
    errorHandler: createInfluxErrorHandler(door.parts, 2),
    handler: (request, reply) => {
      const { bucket, precision } = request.query;
      write({ ...door, request, reply }, { bucket, precision });
    },
  });
}

function addVersion1(app: App, door: Door): void {
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
    errorHandler: createInfluxErrorHandler(door.parts, 1),
    handler: (request, reply) => {
      const { db: bucket, precision } = request.query;
      write({ ...door, request, reply }, { bucket, precision });
    },
  });
}

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

/** One request, and who is told. Of what goes well nothing waits for a promise. */
interface Writing extends Door {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The answer is 204, or 400 `partial-write` after the good lines are stored. @throws {RequestError} */
function write(writing: Writing, asked: Asked): void {
  const { parts, request, reply } = writing;
  const from = { source: sourceOf(request), receivedAtUs: parts.clock.nowUs() };
  const bytes = unpack(request);
  if (Buffer.isBuffer(bytes)) take(writing, asked, { ...from, bytes });
  else answerLater(reply, takePacked(writing, asked, { ...from, bytes }));
}

interface Arrived<Bytes = Buffer> {
  readonly source: Source;
  readonly receivedAtUs: number;
  readonly bytes: Bytes;
}

async function takePacked(writing: Writing, asked: Asked, packed: Arrived<Promise<Buffer>>): Promise<void> {
  const bytes = await packed.bytes.catch((error: unknown) => quarantinePacked(writing, packed.source, error));
  take(writing, asked, { ...packed, bytes });
}

async function quarantinePacked({ parts, request }: Writing, source: Source, error: unknown): Promise<never> {
  if (error instanceof FormatError) {
    const raw = { bytes: bytesOf(request), contentType: 'application/gzip' };
    await parts.ingest.quarantine({ source, code: error.code, message: error.message, raw });
  }
  throw error;
}

/** @throws {RequestError} */
function take(
  writing: Writing,
  { bucket, precision }: Asked,
  { source, receivedAtUs, bytes }: Arrived,
): void {
  const { parts, names, request, reply } = writing;
  const group = toGroupId(bucket);
  const principal = principalOf(request);
  const options = { precision, names, defaultDevice: principal.device };
  const { readings, problems } = decodeLineProtocol(bytes.toString('utf8'), options);
  requireFew(readings.length + problems.length);
  requireDevices(parts, principal, group, readings);
  const incoming = readings.map((reading) => ofDevice(reading, group, reading.device));
  const rows = readings.map(({ row }) => row);
  const metrics = readings.map(({ metric }) => metric);
  // Without the raw text: what ingest refuses goes into quarantine by itself, not with all its neighbours.
  const answering = new WriteAnswer(reply, { rows, metrics, problems });
  if (problems.length === 0) return offerAll(parts.ingest, { source, receivedAtUs }, incoming, answering);
  const kept = quarantine(parts, source, problems);
  const offer = (): void => offerAll(parts.ingest, { source, receivedAtUs }, incoming, answering);
  answerLater(reply, kept.then(offer));
}

/** What is kept of the lines until all of them are stored: enough to name those that are not. */
interface Named {
  /** Of each reading. */
  readonly rows: readonly number[];
  readonly metrics: readonly string[];
  readonly problems: readonly LineProblem[];
}

class WriteAnswer implements Answering {
  readonly #reply: FastifyReply;
  readonly #named: Named;

  constructor(reply: FastifyReply, named: Named) {
    this.#reply = reply;
    this.#named = named;
  }

  stored({ rejected }: Stored): void {
    const told = tellDropped(this.#named, rejected);
    if (told === undefined) this.#reply.code(204).send();
    else this.#reply.send(new RequestError(400, 'partial-write', told));
  }

  failed(error: unknown): void {
    this.#reply.send(error);
  }
}

/** All or nothing: with the right token the sender's repeat brings all of it. */
function requireDevices(
  { access, counters }: HttpParts,
  principal: Principal,
  group: string,
  readings: readonly LineReading[],
): void {
  const allowed = new Set<string>();
  for (const { device } of readings) {
    if (allowed.has(device)) continue;
    if (!access.may(principal, 'telemetry:write', { group, device })) {
      counters.count('http.refused', 'not-allowed');
      throw new RequestError(403, 'foreign-device', `This token may not write for the device ${device}.`);
    }
    allowed.add(device);
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
function tellDropped({ rows, metrics, problems }: Named, rejected: readonly Rejection[]): string | undefined {
  if (problems.length + rejected.length === 0) return undefined;
  const refused = rejected.map(({ index, message }) => {
    return { row: rows[index] ?? 0, what: `${metrics[index]}: ${message}` };
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
