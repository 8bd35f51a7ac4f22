/**
 * POST …/telemetry: readings of one device. The answer comes after the commit: 200 means everything counted in
 * `accepted` is on disk. What can never be accepted is in quarantine, then listed in `rejected`.
 */
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { RejectedDeliveryError } from '#contract/errors.ts';
import { FormatError, ofDevice, type Decoded } from '#contract/formats/decoded.ts';
import { notRead, notTaken, type Reason, type RefusedItem } from '#contract/formats/items.ts';
import { parseJson } from '#contract/formats/json.ts';
import { decodeNdjson } from '#contract/formats/ndjson.ts';
import { decodeSenml } from '#contract/formats/senml.ts';
import { decodeTelemetry } from '#contract/formats/telemetry.ts';
import { limits } from '#contract/limits.ts';
import type { IncomingReading, Ingest, Source } from '#ports';
import { bodyUnchecked, takeBytes } from '../bodies.ts';
import { answerLater, offerAll, requireFew, type Stored } from '../deliveries.ts';
import type { Routes } from '../parts.ts';
import { sourceOf } from '../source.ts';
import { AnyJson, DeviceParams, ReceiptAnswer } from '../schemas.ts';
import { bytesOf, unpack } from '../unpack.ts';

const listedRejections = 1000;
const senmlType = 'application/senml+json';
const ndjsonType = 'application/x-ndjson';
const types = ['application/json', senmlType, ndjsonType];

interface Arrived {
  readonly group: string;
  readonly device: string;
  readonly source: Source;
  readonly receivedAtUs: number;
  readonly raw: { readonly bytes: Buffer; readonly contentType: string | undefined };
}

const schema = {
  summary: 'Store readings of one device',
  description:
    '`{metric: value}`, `{ts, values}`, an array of those, each with an optional `id`, or a SenML pack; as ' +
    '`application/x-ndjson` one of these a line. Also with `Content-Encoding: gzip`. ' +
    `At most ${limits.readingsPerHttpRequest} readings. On 503 send the same again after Retry-After: what was ` +
    'stored already is recognised by its time or `id`.',
  tags: ['telemetry'],
  params: DeviceParams,
  consumes: types,
  body: AnyJson,
  response: { 200: ReceiptAnswer },
} as const;

export const telemetryRoutes: Routes = (app, parts) => {
  app.register(async (scope: typeof app) => {
    takeBytes(scope, types);
    scope.route({
      method: 'POST',
      url: '/api/v1/groups/:group/devices/:device/telemetry',
      schema,
      config: { permission: 'telemetry:write' },
      validatorCompiler: bodyUnchecked,
      handler: (request, reply) => {
        const { group, device } = request.params;
        const raw = { bytes: bytesOf(request), contentType: request.headers['content-type'] };
        const source = sourceOf(request);
        const arrived = { group, device, source, receivedAtUs: parts.clock.nowUs(), raw };
        const asked = { ingest: parts.ingest, reply };
        const bytes = unpack(request);
        if (Buffer.isBuffer(bytes)) take(asked, arrived);
        else answerLater(reply, takePacked(asked, arrived, bytes));
      },
    });
  });
};

/** Where the readings go, and who is told. Of what goes well nothing waits for a promise. */
interface Asked {
  readonly ingest: Ingest;
  readonly reply: FastifyReply;
}

async function takePacked(asked: Asked, packed: Arrived, unpacking: Promise<Buffer>): Promise<void> {
  try {
    take(asked, { ...packed, raw: { ...packed.raw, bytes: await unpacking } });
  } catch (error) {
    if (error instanceof FormatError) await quarantine(asked, packed, error);
    throw error;
  }
}

/** @throws {RequestError} too many readings */
function take(asked: Asked, arrived: Arrived): void {
  const decoded = decode(arrived);
  if (decoded instanceof FormatError) return answerLater(asked.reply, refuse(asked, arrived, decoded));
  requireFew(decoded.readings.length + decoded.problems.length);
  const sorted = sort(decoded, arrived);
  const { refused } = sorted.named;
  if (refused.length === 0 && sorted.readings.length > 0) store(asked, arrived, sorted);
  else answerLater(asked.reply, takePart(asked, arrived, sorted));
}

async function refuse(asked: Asked, arrived: Arrived, error: FormatError): Promise<void> {
  await quarantine(asked, arrived, error);
  throw error;
}

async function takePart(asked: Asked, arrived: Arrived, sorted: Sorted): Promise<void> {
  const { refused } = sorted.named;
  const [first = { code: 'empty', message: 'There is no reading in it.' }] = refused;
  if (refused.length > 0) await quarantine(asked, arrived, first);
  if (sorted.readings.length === 0) throw new RejectedDeliveryError(first.code, first.message);
  store(asked, arrived, sorted);
}

function decode({ raw: { bytes, contentType = '' }, receivedAtUs }: Arrived): Decoded | FormatError {
  const text = bytes.toString('utf8');
  const type = contentType.toLowerCase();
  try {
    if (type.startsWith(ndjsonType)) return decodeNdjson(text, receivedAtUs);
    const payload = parseJson(text);
    return type.startsWith(senmlType)
      ? decodeSenml(payload, receivedAtUs)
      : decodeTelemetry(payload, receivedAtUs);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

interface Sorted {
  /** Those of this device. */
  readonly readings: readonly IncomingReading[];
  readonly named: Named;
}

/** What is kept of a payload until all of it is stored: enough to name what is not. */
interface Named {
  readonly refused: readonly RefusedItem[];
  readonly itemEnds: Decoded['itemEnds'];
  /** Of each reading that is of this device: where it stood among the decoded ones, and its metric. */
  readonly places: readonly number[];
  readonly metrics: readonly string[];
}

/**
 * The path names the device, whatever one name a payload has for it. A payload that names several cannot be all of
 * this one device: only what names exactly this one is.
 */
function sort({ readings: decoded, problems, itemEnds }: Decoded, { group, device }: Arrived): Sorted {
  const readings: IncomingReading[] = [];
  const places: number[] = [];
  const metrics: string[] = [];
  const refused = problems.map((problem) => notRead(itemEnds, problem));
  const [first] = decoded;
  const isOne = decoded.every((reading) => reading.device === first?.device);
  let place = 0;
  for (const reading of decoded) {
    const { device: other, metric } = reading;
    if (isOne || other === undefined || other === device) {
      readings.push(ofDevice(reading, group, device));
      places.push(place);
      metrics.push(metric);
    } else refused.push(notTaken(itemEnds, { place, metric }, foreign(other)));
    place += 1;
  }
  return { readings, named: { refused, itemEnds, places, metrics } };
}

function foreign(device: string): Reason {
  const message = `It is of ${device}: the payload names several devices, the path only one.`;
  return { code: 'foreign-device', message };
}

function store({ ingest, reply }: Asked, arrived: Arrived, { readings, named }: Sorted): void {
  const { source, receivedAtUs, raw } = arrived;
  offerAll(ingest, { source, receivedAtUs, raw }, readings, {
    stored: (stored) => void reply.send(answerOf(stored, named)),
    failed: (error) => void reply.send(error),
  });
}

function answerOf(
  { epoch, offset, accepted, rejected: notStored }: Stored,
  { refused, itemEnds, places, metrics }: Named,
): Static<typeof ReceiptAnswer> | RejectedDeliveryError {
  const named = notStored.map((one) => {
    const [place = 0, metric = ''] = [places[one.index], metrics[one.index]];
    return notTaken(itemEnds, { place, metric }, one);
  });
  const rejected = [...refused, ...named];
  const [first] = rejected;
  if (epoch === undefined && first !== undefined) return new RejectedDeliveryError(first.code, first.message);
  return {
    epoch: epoch ?? '',
    offset,
    accepted,
    rejectedCount: rejected.length,
    rejected: rejected.slice(0, listedRejections),
  };
}

function quarantine({ ingest }: Asked, { source, raw }: Arrived, { code, message }: Reason): Promise<void> {
  return ingest.quarantine({ source, code, message, raw });
}
