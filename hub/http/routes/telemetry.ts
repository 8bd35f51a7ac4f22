/**
 * POST …/telemetry: readings of one device. The answer comes after the commit: 200 means everything counted in
 * `accepted` is on disk. What can never be accepted is in quarantine, then listed in `rejected`.
 */
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { RejectedDeliveryError } from '#contract/errors.ts';
import { FormatError, type Decoded } from '#contract/formats/decoded.ts';
import { notRead, notTaken, type RefusedItem } from '#contract/formats/items.ts';
import { parseJson } from '#contract/formats/json.ts';
import { decodeNdjson } from '#contract/formats/ndjson.ts';
import { decodeSenml } from '#contract/formats/senml.ts';
import { decodeTelemetry } from '#contract/formats/telemetry.ts';
import { limits } from '#contract/limits.ts';
import type { IncomingReading, RawPayload, Source } from '#ports';
import { bodyAsItIs, bodyUnchecked } from '../bodies.ts';
import { acceptAll, requireFew } from '../deliveries.ts';
import type { HttpParts, Routes } from '../parts.ts';
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
  readonly raw: RawPayload;
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
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(types, { parseAs: 'buffer' }, bodyAsItIs);
    scope.route({
      method: 'POST',
      url: '/api/v1/groups/:group/devices/:device/telemetry',
      schema,
      config: { permission: 'telemetry:write' },
      bodyLimit: limits.httpBatchBytes,
      validatorCompiler: bodyUnchecked,
      handler: (request) => {
        const { group, device } = request.params;
        return take(parts, request, toArrived(request, parts, group, device));
      },
    });
  });
};

function toArrived(request: FastifyRequest, { clock }: HttpParts, group: string, device: string): Arrived {
  return {
    group,
    device,
    source: sourceOf(request),
    receivedAtUs: clock.nowUs(),
    raw: { bytes: bytesOf(request), contentType: request.headers['content-type'] },
  };
}

async function take(
  parts: HttpParts,
  request: FastifyRequest,
  packed: Arrived,
): Promise<Static<typeof ReceiptAnswer>> {
  const { arrived, decoded } = await decode(parts, request, packed);
  requireFew(decoded.readings.length + decoded.problems.length);
  const sorted = sort(decoded, arrived.device);
  const [first] = sorted.refused;
  if (first !== undefined) await quarantine(parts, arrived, first.code, first.message);
  if (sorted.places.length === 0)
    throw new RejectedDeliveryError(first?.code ?? 'empty', first?.message ?? 'There is no reading in it.');
  return await store(parts, arrived, decoded, sorted);
}

/** @throws {FormatError} after the payload is in quarantine, unpacked if it can be */
async function decode(
  parts: HttpParts,
  request: FastifyRequest,
  packed: Arrived,
): Promise<{ readonly arrived: Arrived; readonly decoded: Decoded }> {
  let arrived = packed;
  try {
    arrived = { ...packed, raw: { ...packed.raw, bytes: await unpack(request) } };
    return { arrived, decoded: decodeAs(arrived) };
  } catch (error) {
    if (error instanceof FormatError) await quarantine(parts, arrived, error.code, error.message);
    throw error;
  }
}

function decodeAs({ raw: { bytes, contentType = '' }, receivedAtUs }: Arrived): Decoded {
  const text = Buffer.from(bytes).toString('utf8');
  const type = contentType.toLowerCase();
  if (type.startsWith(ndjsonType)) return decodeNdjson(text, receivedAtUs);
  const payload = parseJson(text);
  return type.startsWith(senmlType)
    ? decodeSenml(payload, receivedAtUs)
    : decodeTelemetry(payload, receivedAtUs);
}

interface Sorted {
  /** Of the readings that are of this device: indexes into the decoded ones. */
  readonly places: readonly number[];
  readonly refused: readonly RefusedItem[];
}

/**
 * The path names the device, whatever one name a payload has for it. A payload that names several cannot be all of
 * this one device: only what names exactly this one is.
 */
function sort(decoded: Decoded, device: string): Sorted {
  const { readings, problems } = decoded;
  const places: number[] = [];
  const refused = problems.map((problem) => notRead(decoded, problem));
  const named = new Set(readings.map((reading) => reading.device));
  for (const [place, { device: other }] of readings.entries()) {
    if (named.size <= 1 || other === undefined || other === device) places.push(place);
    else refused.push(notTaken(decoded, place, foreign(other)));
  }
  return { places, refused };
}

function foreign(device: string): Pick<RefusedItem, 'code' | 'message'> {
  const message = `It is of ${device}: the payload names several devices, the path only one.`;
  return { code: 'foreign-device', message };
}

async function store(
  { ingest }: HttpParts,
  { group, device, source, receivedAtUs, raw }: Arrived,
  decoded: Decoded,
  { places, refused }: Sorted,
): Promise<Static<typeof ReceiptAnswer>> {
  const incoming = places.flatMap((place): IncomingReading | readonly [] => {
    const reading = decoded.readings[place];
    if (reading === undefined) return [];
    const { unit: _unit, ...taken } = reading;
    return { ...taken, group, device };
  });
  const stored = await acceptAll(ingest, { source, receivedAtUs, raw }, incoming);
  const notStored = stored.rejected.map((one) => notTaken(decoded, places[one.index] ?? 0, one));
  const rejected = [...refused, ...notStored];
  const [first] = rejected;
  const { epoch = '', offset, accepted } = stored;
  if (stored.epoch === undefined && first !== undefined)
    throw new RejectedDeliveryError(first.code, first.message);
  return {
    epoch,
    offset,
    accepted,
    rejectedCount: rejected.length,
    rejected: rejected.slice(0, listedRejections),
  };
}

function quarantine(
  { ingest }: HttpParts,
  { source, raw }: Arrived,
  code: string,
  message: string,
): Promise<void> {
  return ingest.quarantine({ source, code, message, raw });
}
