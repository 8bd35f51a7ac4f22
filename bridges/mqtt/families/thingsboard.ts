/**
 * The device and gateway topics of ThingsBoard, as much firmware speaks them. `me` is the device that sends: its own
 * token says which; behind another broker nobody can tell.
 * https://thingsboard.io/docs/reference/mqtt-api/  https://thingsboard.io/docs/reference/gateway-mqtt-api/
 */
import type { Json } from '#contract/event.ts';
import { FormatError, type DecodedReading } from '#contract/formats/decoded.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Sender } from '../meaning.ts';
import type { Family, FamilyMessage, FamilyOutcome, FamilyReport } from './family.ts';
import { readingsOf } from './leaves.ts';

type Verb = 'telemetry' | 'attributes' | 'connect' | 'disconnect' | 'talk';
interface Route {
  readonly of: 'me' | 'gateway';
  readonly verb: Verb;
}

const deviceRoutes: Readonly<Record<string, Verb>> = { telemetry: 'telemetry', attributes: 'attributes' };
const gatewayRoutes: Readonly<Record<string, Verb>> = {
  telemetry: 'telemetry',
  attributes: 'attributes',
  connect: 'connect',
  disconnect: 'disconnect',
};
/** The short spellings of the same. */
const shortRoutes: Readonly<Record<string, Verb>> = {
  'v2/t': 'telemetry',
  'v2/t/j': 'telemetry',
  'v2/a': 'attributes',
  'v2/a/j': 'attributes',
};
/** Questions, answers and calls between device and server. */
const talk = /^(?:attributes\/(?:request|response)(?:\/|$)|rpc(?:\/|$)|claim$|provision(?:\/|$)|fw\/|sw\/)/;

export const thingsboard: Family = {
  name: 'thingsboard',

  recognises({ topic, json }: FamilyMessage): boolean {
    const route = routeOf(topic);
    if (route === undefined) return false;
    return route.verb === 'talk' || isPlainObject(json) || Array.isArray(json);
  },

  decode({ topic, json, sender }: FamilyMessage): FamilyOutcome {
    const route = routeOf(topic);
    if (route === undefined || route.verb === 'talk')
      return { reports: [], aside: 'A question or an answer between a device and ThingsBoard.' };
    if (isUpdate(route, json))
      return { reports: [], aside: 'Attributes that ThingsBoard wants a device to have.' };
    if (route.of === 'gateway') return { reports: decodeGateway(route.verb, json) };
    if (sender === undefined)
      return { reports: [], aside: 'The topic says `me`, and which device that is cannot be told here.' };
    return { reports: [report(sender, route.verb, json)] };
  },
};

const longRoutes = [
  ['v1/devices/me/', 'me', deviceRoutes],
  ['v1/gateway/', 'gateway', gatewayRoutes],
] as const;

function routeOf(topic: string): Route | undefined {
  if (!/^v[12]\//.test(topic)) return undefined;
  const short = shortRoutes[topic];
  if (short !== undefined) return { of: 'me', verb: short };
  for (const [prefix, of, routes] of longRoutes) {
    if (!topic.startsWith(prefix)) continue;
    const rest = topic.slice(prefix.length);
    const verb = talk.test(rest) ? 'talk' : Object.hasOwn(routes, rest) ? routes[rest] : undefined;
    return verb === undefined ? undefined : { of, verb };
  }
  return undefined;
}

/** `{device, data}` comes from the server, on the topic on which `{<device>: {…}}` goes to it. */
function isUpdate({ of, verb }: Route, json: unknown): boolean {
  if (of !== 'gateway' || verb !== 'attributes' || !isPlainObject(json)) return false;
  return typeof json['device'] === 'string' && isPlainObject(json['data']);
}

function decodeGateway(verb: Verb, json: unknown): FamilyReport[] {
  if (!isPlainObject(json)) throw new FormatError('not-an-object', 'A gateway sends an object of devices.');
  if (verb === 'connect' || verb === 'disconnect') {
    const { device, type: model } = json;
    if (typeof device !== 'string') throw new FormatError('no-device', 'The message names no device.');
    const presence = verb === 'connect' ? 'online' : 'offline';
    return [{ device, presence, ...(typeof model === 'string' ? { description: { model } } : {}) }];
  }
  return Object.entries(json).map(([device, value]) => report({ device }, verb, value));
}

function report(sender: Sender, verb: Verb, json: unknown): FamilyReport {
  if (verb === 'attributes') {
    if (!isPlainObject(json)) throw new FormatError('not-an-object', 'Attributes are an object.');
    return { ...sender, reported: json as Readonly<Record<string, Json>> };
  }
  const items: readonly unknown[] = Array.isArray(json) ? json : [json];
  return { ...sender, readings: items.flatMap(telemetry) };
}

/** `{ts, values}`, or the values alone; the time is in milliseconds. */
function telemetry(item: unknown): DecodedReading[] {
  if (!isPlainObject(item)) throw new FormatError('not-an-object', 'Telemetry is an object of values.');
  const { ts, values } = item;
  if (ts === undefined || !isPlainObject(values)) return readingsOf(item);
  return readingsOf(values, { timeUs: parseTime(ts) });
}
