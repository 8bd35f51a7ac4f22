/**
 * The words of a Shelly of generation 2 or later: notifications by component, calls on `<prefix>/rpc` that are answered
 * on `<src>/rpc`. What no component of a real one holds is a virtual number.
 * Spec: shelly-api-docs.shelly.cloud, "RPC Protocol", "MQTT", "Components and services".
 */
import { isPlainObject } from '#contract/formats/json.ts';
import type { CommandAnswer } from '#contract/command.ts';
import type { Control } from '#contract/device.ts';
import type { DeviceCommand, DeviceIdentity, TelemetryMessage } from '../messages.ts';
import type { Scalar } from '../models/model.ts';
import { readJson, type Dialect, type MqttPublish } from './dialect.ts';

type Components = Record<string, Record<string, unknown>>;

/** Virtual components are numbered from here on. */
const firstVirtual = 200;

export const shellyDialect: Dialect = {
  name: 'shelly',
  qos: 1,
  encode(message, device) {
    if (message.type === 'telemetry') return [notify(device, 'NotifyStatus', statusOf(message, device))];
    if (message.type === 'result') return [answer(message.commandId, message.answer, device)];
    const ts = (message.ts ?? 0) / 1000;
    const event = { component: 'input:0', id: 0, event: 'single_push', ts };
    return message.name === 'press' ? [notify(device, 'NotifyEvent', { ts, events: [event] })] : [];
  },
  hello: ({ device }) => [{ topic: `${device}/online`, payload: 'true', retain: true }],
  farewell: ({ device }) => ({ topic: `${device}/online`, payload: 'false', retain: true }),
  commandFilters: ({ device }) => [`${device}/rpc`],
  decode(_topic, payload, device): DeviceCommand | undefined {
    const frame = readJson(payload);
    if (!isPlainObject(frame) || !isPlainObject(frame.params) || typeof frame.src !== 'string')
      return undefined;
    const { id, src, method, params } = frame;
    const control = device.controls.find((candidate) => isMeantBy(candidate, device, method, params.id));
    if (control === undefined) return undefined;
    const value = (control.kind === 'switch' ? params.on : params.value) as Scalar;
    return { id: JSON.stringify([src, id]), name: control.name, args: { value } };
  },
};

function isMeantBy(control: Control, device: DeviceIdentity, method: unknown, id: unknown): boolean {
  if (control.kind === 'switch') return method === 'Switch.Set' && id === 0;
  return method === 'Number.Set' && `number:${String(id)}` === virtual(control.name, device);
}

function virtual(metric: string, { description }: DeviceIdentity): string {
  const at = (description.metrics ?? []).findIndex((info) => info.metric === metric);
  return `number:${firstVirtual + at}`;
}

function statusOf({ values, ts }: TelemetryMessage, device: DeviceIdentity): object {
  const relay = device.controls.find(({ kind }) => kind === 'switch')?.name;
  const components: Components = {};
  const put = (key: string, fields: Record<string, unknown>): void => {
    components[key] = { id: Number(key.split(':')[1]), ...components[key], ...fields };
  };
  for (const [metric, value] of Object.entries(values))
    if (metric === relay) put('switch:0', { output: value });
    else if (typeof value === 'number') put(...place(metric, value, device, relay !== undefined));
  return { ...(ts === undefined ? {} : { ts: ts / 1000 }), ...components };
}

/** Which component holds a value, and under which name. */
function place(
  metric: string,
  value: number,
  device: DeviceIdentity,
  hasRelay: boolean,
): [key: string, fields: Record<string, unknown>] {
  const meter = hasRelay ? 'switch:0' : 'pm1:0';
  switch (metric) {
    case 'power':
      return [meter, { apower: value }];
    case 'voltage':
    case 'current':
      return [meter, { [metric]: value }];
    case 'energy':
      return [meter, { aenergy: { total: Number((value * 1000).toFixed(3)) } }];
    case 'temperature':
      return ['temperature:0', { tC: value }];
    case 'humidity':
      return ['humidity:0', { rh: value }];
    case 'battery':
      return ['devicepower:0', { battery: { percent: value } }];
    default:
      return [virtual(metric, device), { value }];
  }
}

function notify({ device }: DeviceIdentity, method: string, params: object): MqttPublish {
  const frame = { src: device, dst: `${device}/events`, method, params };
  return { topic: `${device}/events/rpc`, payload: JSON.stringify(frame) };
}

function answer(commandId: string, told: CommandAnswer, { device }: DeviceIdentity): MqttPublish {
  const [src, id] = JSON.parse(commandId) as [string, unknown];
  const frame = { id, src: device, dst: src };
  const body = told.ok
    ? { result: { was_on: false } }
    : { error: { code: -103, message: told.error.message } };
  return { topic: `${src}/rpc`, payload: JSON.stringify({ ...frame, ...body }) };
}
