/**
 * What a message on one of our own topics means.
 * Spec: ARCHITECTURE §8 (topics), §7 (payloads), §6 (command results). Pure.
 */
import type { CommandAnswer } from '#contract/command.ts';
import type { Json } from '#contract/event.ts';
import { binaryFormatOf, decodeBinary, guessBinaryFormat } from '#contract/formats/binary.ts';
import { FormatError, ofDevice, type Decoded, type Problem } from '#contract/formats/decoded.ts';
import { isPlainObject, parseJson } from '#contract/formats/json.ts';
import { decodeScalar } from '#contract/formats/scalar.ts';
import { isSenmlPack, senmlLabels } from '#contract/formats/senml.ts';
import { decodeTelemetry } from '#contract/formats/telemetry.ts';
import { parseWireTime } from '#contract/formats/time.ts';
import { toId } from '#contract/names.ts';
import type { OwnTopic } from '#contract/topics.ts';
import type { IncomingEvent, IncomingReading } from '#ports';
import type { DeviceName, InboundMessage, Meaning } from './meaning.ts';
import { toText } from './text.ts';

const decoder = 'signalbox';

/** @throws {FormatError} the payload as a whole is not what this topic carries */
export function decodeOwn(own: OwnTopic, message: InboundMessage): Meaning {
  const name: DeviceName = { group: own.group, device: own.device };
  const binary = own.kind === 'telemetry' && own.metric === undefined ? binaryOf(message) : undefined;
  if (binary !== undefined) return decodeTelemetryPayload(name, binary.payload, message);
  const text = toText(message.payload);
  if (text === '')
    return { decoder, aside: 'An empty payload: the retained message of this topic was cleared.' };
  switch (own.kind) {
    case 'telemetry':
      return own.metric === undefined
        ? decodeTelemetryPayload(name, parseJson(text), message)
        : { decoder, readings: [toReading(name, own.metric, text)] };
    case 'event':
      return decodeEvents(name, text, message);
    case 'status':
      return { decoder, presence: [{ ...name, presence: decodeStatus(text) }] };
    case 'reported':
      return { decoder, reported: [{ ...name, state: decodeState(text) }] };
    case 'result':
      return { decoder, answer: { ...name, id: own.id, answer: decodeAnswer(text) } };
    case 'desired':
      return { decoder, aside: 'What is desired of a device: only the hub sends this.' };
    case 'command':
      return { decoder, aside: 'A command to a device: only the hub sends these.' };
  }
}

/** Written out: spreads would cost as much as all the rest of such a message. */
function toReading({ group, device }: DeviceName, metric: string, text: string): IncomingReading {
  const { value, quality } = decodeScalar(text);
  return { group, device, metric, value, quality };
}

/** CBOR or MessagePack, by its content type or, where MQTT 3.1.1 has none, by bytes that can be nothing else. */
function binaryOf({ payload, contentType }: InboundMessage): { readonly payload: unknown } | undefined {
  const format = binaryFormatOf(contentType) ?? guessBinaryFormat(payload);
  if (format === undefined) return undefined;
  const decoded = decodeBinary(payload, format);
  const pack = format === 'cbor' ? senmlLabels(decoded) : decoded;
  return { payload: isSenmlPack(pack) ? pack : decoded };
}

function decodeTelemetryPayload(name: DeviceName, payload: unknown, message: InboundMessage): Meaning {
  const { readings, problems } = nameDevices(
    decodeTelemetry(payload, message.receivedAtUs),
    payload,
    name,
    message,
  );
  return {
    decoder,
    readings: readings.map((reading) => ofDevice(reading, name.group, reading.device ?? name.device)),
    problems,
  };
}

/** The topic names the device. A gateway's payload may name others that it may write to. */
function nameDevices(decoded: Decoded, payload: unknown, name: DeviceName, message: InboundMessage): Decoded {
  const named = new Set(decoded.readings.map((reading) => reading.device));
  // A SenML base name is often only the serial number of the device that the topic already names.
  if (isSenmlPack(payload) && named.size === 1)
    return { ...decoded, readings: decoded.readings.map(({ device: _serial, ...reading }) => reading) };
  const problems: Problem[] = [...decoded.problems];
  const readings = decoded.readings.filter(({ device, metric }) => {
    if (device === undefined || device === name.device || message.mayWrite(name.group, device)) return true;
    problems.push({
      path: '',
      code: 'device-not-granted',
      message: `No right to write ${metric} of ${device}.`,
    });
    return false;
  });
  return { readings, problems };
}

/** `{ name, ts?, data?, id? }`, an array of those, or just the name as text. */
function decodeEvents(name: DeviceName, text: string, message: InboundMessage): Meaning {
  if (!/^\s*[[{]/.test(text)) return { decoder, events: [{ ...name, name: text.trim() }] };
  const payload = parseJson(text);
  const events: IncomingEvent[] = [];
  const problems: Problem[] = [];
  for (const [index, item] of (Array.isArray(payload)
    ? (payload as readonly unknown[])
    : [payload]
  ).entries()) {
    const event = decodeEvent(name, item, message);
    if ('code' in event) problems.push({ ...event, path: `/${index}` });
    else events.push(event);
  }
  return { decoder, events, problems };
}

function decodeEvent(name: DeviceName, item: unknown, message: InboundMessage): IncomingEvent | Problem {
  if (!isPlainObject(item) || typeof item['name'] !== 'string')
    return { path: '', code: 'not-an-event', message: 'An event is an object with a name.' };
  const { ts, data, id } = item;
  const timeUs = ts === undefined ? undefined : parseWireTime(ts);
  if (ts !== undefined && timeUs === undefined)
    return { path: '', code: 'invalid-time', message: '`ts` is epoch ms or an RFC 3339 time with its zone.' };
  const device = typeof item['device'] === 'string' ? toId(item['device']) : name.device;
  if (device !== name.device && !message.mayWrite(name.group, device))
    return { path: '', code: 'device-not-granted', message: `No right to write events of ${device}.` };
  return {
    group: name.group,
    device,
    name: item['name'],
    timeUs,
    data: data as Json | undefined,
    id: typeof id === 'string' ? id : undefined,
  };
}

function decodeStatus(text: string): 'online' | 'offline' {
  const payload = text.startsWith('{') ? parseJson(text) : text;
  const word = isPlainObject(payload) ? (payload['state'] ?? payload['status']) : payload;
  if (word === 'online' || word === 'offline') return word;
  throw new FormatError('not-a-status', 'A status is `online` or `offline`.');
}

function decodeState(text: string): Readonly<Record<string, Json>> {
  const payload = parseJson(text);
  if (!isPlainObject(payload)) throw new FormatError('not-a-state', 'Reported state is a JSON object.');
  return payload as Readonly<Record<string, Json>>;
}

function decodeAnswer(text: string): CommandAnswer {
  const payload = parseJson(text);
  if (!isPlainObject(payload) || typeof payload['ok'] !== 'boolean')
    throw new FormatError(
      'not-an-answer',
      'A command result is { ok: true, result? } or { ok: false, error }.',
    );
  if (!payload['ok']) {
    const error = isPlainObject(payload['error']) ? payload['error'] : {};
    const { code, message } = error;
    return {
      ok: false,
      error: {
        code: typeof code === 'string' ? code : 'device-error',
        message: typeof message === 'string' ? message : 'The device gave no reason.',
      },
    };
  }
  const { state, result } = payload;
  if (state !== undefined && state !== 'accepted' && state !== 'succeeded')
    throw new FormatError('not-an-answer', 'The state of an answer is `accepted` or `succeeded`.');
  return { ok: true, state, result: result as Json | undefined };
}
