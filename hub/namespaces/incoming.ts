/** From what a device emits to what ingest takes: names, and what could not be understood. */
import { RejectedDeliveryError, RequestError } from '#contract/errors.ts';
import type { Json } from '#contract/event.ts';
import { FormatError, ofDevice, type Decoded } from '#contract/formats/decoded.ts';
import { notRead, notTaken, type Reason, type RefusedItem } from '#contract/formats/items.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { decodeTelemetry } from '#contract/formats/telemetry.ts';
import { parseWireTime } from '#contract/formats/time.ts';
import { isId } from '#contract/names.ts';
import type { IncomingEvent, IncomingReading, RawPayload, Rejection } from '#ports';
import type { Caller } from './caller.ts';
import { parseEvent } from './requests.ts';

/** What was understood of a payload, and what of it was refused. */
export class Incoming {
  readonly readings: readonly IncomingReading[];
  readonly refused: readonly RefusedItem[];
  readonly #itemEnds: Decoded['itemEnds'];
  readonly #places: readonly number[] | undefined;

  /** @param places where each of `readings` stands in what was decoded; absent: in its place */
  constructor(
    { itemEnds }: Decoded,
    readings: readonly IncomingReading[],
    { refused, places }: { refused: readonly RefusedItem[]; places?: readonly number[] },
  ) {
    this.readings = readings;
    this.refused = refused;
    this.#itemEnds = itemEnds;
    this.#places = places;
  }

  /** Names what ingest refuses of `readings`. */
  refusal(rejection: Rejection): RefusedItem {
    const place = this.#places === undefined ? rejection.index : (this.#places[rejection.index] ?? 0);
    const metric = this.readings[rejection.index]?.metric ?? '';
    return notTaken(this.#itemEnds, { place, metric }, rejection);
  }
}

/** May the caller write to this device of its group? */
export type MayWrite = (caller: Caller, device: string) => boolean;

/** The payload as text, made only if it is needed: for quarantine. */
export class PayloadText implements RawPayload {
  readonly contentType = 'application/json';
  readonly #payload: unknown;

  constructor(payload: unknown) {
    this.#payload = payload;
  }

  get bytes(): Uint8Array {
    return Buffer.from(JSON.stringify(this.#payload) ?? '');
  }
}

/** @throws {RejectedDeliveryError} it is in none of our formats, or nothing in it is a reading of the caller's */
export function readTelemetry(
  caller: Caller,
  payload: unknown,
  receivedAtUs: number,
  mayWrite: MayWrite,
): Incoming {
  const decoded = decode(payload, receivedAtUs);
  const { readings, problems } = decoded;
  const refused = problems.map((problem) => notRead(decoded.itemEnds, problem));
  const [first] = readings;
  if (!readings.every(({ device }) => device === first?.device))
    return ofSeveral(caller, decoded, refused, mayWrite);
  // One name for everything says what the socket says already (often a serial number): the socket's name counts.
  const device = caller.device ?? first?.device;
  const problem = first === undefined ? undefined : problemOf(caller, device, mayWrite);
  if (first === undefined || device === undefined || problem !== undefined)
    throw rejected(refused[0] ?? problem);
  const found = readings.map((reading) => ofDevice(reading, caller.group, device));
  return new Incoming(decoded, found, { refused });
}

function ofSeveral(caller: Caller, decoded: Decoded, refused: RefusedItem[], mayWrite: MayWrite): Incoming {
  const found: IncomingReading[] = [];
  const places: number[] = [];
  for (const [place, reading] of decoded.readings.entries()) {
    const device = reading.device ?? caller.device;
    const problem = problemOf(caller, device, mayWrite);
    if (problem !== undefined)
      refused.push(notTaken(decoded.itemEnds, { place, metric: reading.metric }, problem));
    else if (device !== undefined) {
      found.push(ofDevice(reading, caller.group, device));
      places.push(place);
    }
  }
  if (found.length === 0) throw rejected(refused[0]);
  return new Incoming(decoded, found, { refused, places });
}

/** @throws {RequestError | RejectedDeliveryError} it is no event, or not of a device of the caller's */
export function readEvent(caller: Caller, payload: unknown, mayWrite: MayWrite): IncomingEvent {
  const { device: named, name, ts, data, id } = parseEvent(payload);
  const device = caller.device ?? named;
  const problem = problemOf(caller, device, mayWrite);
  if (problem !== undefined || device === undefined) throw rejected(problem);
  const timeUs = ts === undefined ? undefined : parseWireTime(ts);
  if (ts !== undefined && timeUs === undefined)
    throw new RejectedDeliveryError('invalid-time', '`ts` is epoch ms or an RFC 3339 time with its zone.');
  return { group: caller.group, device, name, timeUs, data: data as Json | undefined, id };
}

/** @throws {RequestError} it is no object, or does not name its device */
export function readReport(
  caller: Caller,
  payload: unknown,
): { readonly device: string; readonly state: Readonly<Record<string, Json>> } {
  if (!isPlainObject(payload)) throw new RequestError(400, 'invalid-request', 'Reported state is an object.');
  const { device: named, ...state } = payload as Record<string, Json>;
  const device = caller.device ?? named;
  if (typeof device !== 'string' || !isId(device))
    throw new RequestError(400, 'no-device', 'The payload has to name its device.');
  return { device, state };
}

function rejected(problem: Reason | undefined): RejectedDeliveryError {
  return new RejectedDeliveryError(problem?.code ?? 'empty', problem?.message ?? 'There is nothing in it.');
}

function decode(payload: unknown, receivedAtUs: number): Decoded {
  try {
    return decodeTelemetry(payload, receivedAtUs);
  } catch (error) {
    if (error instanceof FormatError)
      throw new RejectedDeliveryError(error.code, error.message, { cause: error });
    throw error;
  }
}

function problemOf(caller: Caller, device: string | undefined, mayWrite: MayWrite): Reason | undefined {
  if (device === undefined) return { code: 'no-device', message: 'The payload has to name its device.' };
  if (device === caller.device || mayWrite(caller, device)) return undefined;
  return { code: 'device-not-granted', message: `You may not write to ${device}.` };
}
