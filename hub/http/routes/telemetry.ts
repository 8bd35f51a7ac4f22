/**
 * POST …/telemetry: readings of one device. The answer comes after the commit: 200 means everything counted in
 * `accepted` is on disk. What can never be accepted is in quarantine, then listed in `rejected`.
 */
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { RejectedDeliveryError, RequestError } from '#contract/errors.ts';
import { FormatError, type Decoded, type DecodedReading } from '#contract/formats/decoded.ts';
import { parseJson } from '#contract/formats/json.ts';
import { decodeSenml } from '#contract/formats/senml.ts';
import { decodeTelemetry } from '#contract/formats/telemetry.ts';
import { limits } from '#contract/limits.ts';
import type { IncomingReading, RawPayload, Receipt, Source } from '#ports';
import { bodyUnchecked } from '../bodies.ts';
import type { HttpParts, Routes } from '../parts.ts';
import { sourceOf } from '../source.ts';
import { AnyJson, DeviceParams, ReceiptAnswer } from '../schemas.ts';

const listedRejections = 1000;
const senmlType = 'application/senml+json';

interface Rejected {
  readonly index?: number;
  readonly path?: string;
  readonly code: string;
  readonly message: string;
}

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
    '`{metric: value}`, `{ts, values}`, an array of those, each with an optional `id`, or a SenML pack. ' +
    `At most ${limits.readingsPerHttpRequest} readings. On 503 send the same again after Retry-After: what was ` +
    'stored already is recognised by its time or `id`.',
  tags: ['telemetry'],
  params: DeviceParams,
  consumes: ['application/json', senmlType],
  body: AnyJson,
  response: { 200: ReceiptAnswer },
} as const;

export const telemetryRoutes: Routes = (app, parts) => {
  app.register(async (scope: typeof app) => {
    scope.removeAllContentTypeParsers();
    const types = ['application/json', senmlType];
    scope.addContentTypeParser(types, { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    scope.route({
      method: 'POST',
      url: '/api/v1/groups/:group/devices/:device/telemetry',
      schema,
      config: { permission: 'telemetry:write' },
      bodyLimit: limits.httpBatchBytes,
      validatorCompiler: bodyUnchecked,
      handler: async (request) => {
        const { group, device } = request.params;
        return await take(parts, toArrived(request, parts, group, device));
      },
    });
  });
};

function toArrived(request: FastifyRequest, { clock }: HttpParts, group: string, device: string): Arrived {
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  return {
    group,
    device,
    source: sourceOf(request),
    receivedAtUs: clock.nowUs(),
    raw: { bytes, contentType: request.headers['content-type'] },
  };
}

async function take(parts: HttpParts, arrived: Arrived): Promise<Static<typeof ReceiptAnswer>> {
  const { readings, rejected } = sort(await decode(parts, arrived), arrived.device);
  if (readings.length > limits.readingsPerHttpRequest)
    throw new RequestError(
      413,
      'too-many-readings',
      `One request brings at most ${limits.readingsPerHttpRequest} readings.`,
    );
  const [first] = rejected;
  if (first !== undefined) await quarantine(parts, arrived, first.code, first.message);
  if (readings.length === 0)
    throw new RejectedDeliveryError(first?.code ?? 'empty', first?.message ?? 'There is no reading in it.');
  return await store(parts, arrived, readings, rejected);
}

/** @throws {FormatError} after the payload is in quarantine */
async function decode(parts: HttpParts, arrived: Arrived): Promise<Decoded> {
  const { raw, receivedAtUs } = arrived;
  try {
    const payload = parseJson(Buffer.from(raw.bytes).toString('utf8'));
    const isSenml = raw.contentType?.toLowerCase().startsWith(senmlType) === true;
    return isSenml ? decodeSenml(payload, receivedAtUs) : decodeTelemetry(payload, receivedAtUs);
  } catch (error) {
    if (error instanceof FormatError) await quarantine(parts, arrived, error.code, error.message);
    throw error;
  }
}

/**
 * The path names the device, whatever one name a payload has for it. A payload that names several cannot be all of
 * this one device: only what names exactly this one is.
 */
function sort(
  { readings, problems }: Decoded,
  device: string,
): { readonly readings: readonly DecodedReading[]; readonly rejected: readonly Rejected[] } {
  const named = new Set(readings.map((reading) => reading.device));
  if (named.size <= 1) return { readings, rejected: problems };
  const isForeign = (reading: DecodedReading): boolean =>
    reading.device !== undefined && reading.device !== device;
  const foreign = readings.filter(isForeign).map(({ device: other, metric }) => ({
    path: '',
    code: 'foreign-device',
    message: `${metric} is of ${String(other)}: the payload names several devices, the path only one.`,
  }));
  return { readings: readings.filter((reading) => !isForeign(reading)), rejected: [...problems, ...foreign] };
}

async function store(
  { ingest }: HttpParts,
  { group, device, source, receivedAtUs, raw }: Arrived,
  readings: readonly DecodedReading[],
  rejected: readonly Rejected[],
): Promise<Static<typeof ReceiptAnswer>> {
  const incoming = readings.map(({ unit: _unit, ...reading }): IncomingReading => ({
    ...reading,
    group,
    device,
  }));
  const chunks: (readonly IncomingReading[])[] = [];
  for (let from = 0; from < incoming.length; from += limits.readingsPerDelivery)
    chunks.push(incoming.slice(from, from + limits.readingsPerDelivery));
  const outcomes = await Promise.allSettled(
    chunks.map((chunk) => ingest.accept({ source, receivedAtUs, readings: chunk, raw })),
  );
  return summarise(
    outcomes,
    chunks.map((chunk) => chunk.length),
    rejected,
  );
}

function summarise(
  outcomes: readonly PromiseSettledResult<Receipt>[],
  sizes: readonly number[],
  undecoded: readonly Rejected[],
): Static<typeof ReceiptAnswer> {
  const answer = { epoch: '', offset: 0, accepted: 0 };
  const rejected: Rejected[] = [...undecoded];
  let from = 0;
  for (const [chunk, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') {
      const receipt = outcome.value;
      answer.epoch = receipt.epoch;
      answer.offset = Math.max(answer.offset, receipt.offset);
      answer.accepted += receipt.accepted;
      for (const rejection of receipt.rejected)
        rejected.push({ ...rejection, index: from + rejection.index });
    } else rejected.push(...rejectionsOf(outcome.reason, from, sizes[chunk] ?? 0));
    from += sizes[chunk] ?? 0;
  }
  const [first] = rejected;
  if (answer.accepted === 0 && answer.epoch === '' && first !== undefined)
    throw new RejectedDeliveryError(first.code, first.message);
  return { ...answer, rejectedCount: rejected.length, rejected: rejected.slice(0, listedRejections) };
}

/** @throws the error itself unless it is a final refusal: then part of the request may be stored, and all is sent again */
function rejectionsOf(error: unknown, from: number, size: number): readonly Rejected[] {
  if (!(error instanceof RejectedDeliveryError)) throw error;
  const { code, message } = error;
  return Array.from({ length: size }, (_, index) => ({ index: from + index, code, message }));
}

function quarantine(
  { ingest }: HttpParts,
  { source, raw }: Arrived,
  code: string,
  message: string,
): Promise<void> {
  return ingest.quarantine({ source, code, message, raw });
}
