/**
 * Homie 5's words: one node named after what the device is, one property a metric.
 * Spec: homieiot.github.io, "Homie specification 5". Ids hold no underscores.
 */
import type { MetricInfo } from '#contract/device.ts';
import type { DeviceCommand, DeviceIdentity } from '../messages.ts';
import { spelledUnit, type Dialect, type MqttPublish } from './dialect.ts';

export const homieDialect: Dialect = {
  name: 'homie',
  qos: 1,
  encode(message, device) {
    if (message.type === 'event' && message.name === 'press')
      return [{ topic: topicOf(device, 'press'), payload: 'single' }];
    if (message.type !== 'telemetry') return [];
    return Object.entries(message.values).map(([metric, value]) => ({
      topic: topicOf(device, metric),
      payload: String(value),
      retain: true,
    }));
  },
  hello: (device) => [
    state(device, 'init'),
    { topic: `homie/5/${idOf(device.device)}/$description`, payload: describe(device), retain: true },
    state(device, 'ready'),
  ],
  farewell: (device) => state(device, 'lost'),
  commandFilters: ({ device }) => [`homie/5/${idOf(device)}/+/+/set`],
  decode(topic, payload, device): DeviceCommand | undefined {
    const property = topic.split('/')[4];
    const control = device.controls.find(({ name }) => idOf(name) === property);
    if (control === undefined) return undefined;
    if (control.kind === 'slider') return { name: control.name, args: { value: Number(payload) } };
    const value = payload === 'true' || (payload === 'false' ? false : payload);
    return { name: control.name, args: { value } };
  },
};

function describe(device: DeviceIdentity): string {
  const { description, kind } = device;
  const properties = (description.metrics ?? []).map((info) => [idOf(info.metric), propertyOf(info, device)]);
  const press = { datatype: 'enum', format: 'single', retained: false };
  const all = { ...(Object.fromEntries(properties) as object), ...(kind === 'push-button' ? { press } : {}) };
  return JSON.stringify({
    homie: '5.0',
    version: 1,
    name: description.title,
    nodes: { [idOf(kind)]: { name: kind, properties: all } },
  });
}

function propertyOf({ metric, title, unit }: MetricInfo, { controls }: DeviceIdentity): object {
  const control = controls.find((candidate) => candidate.metric === metric);
  const { min, max, step } = control ?? {};
  return {
    name: title,
    datatype: unit === undefined ? 'boolean' : 'float',
    ...(unit === undefined ? {} : { unit: spelledUnit(unit) }),
    ...(control?.kind === 'slider' ? { format: `${min}:${max}:${step}` } : {}),
    settable: control !== undefined,
  };
}

function state({ device }: DeviceIdentity, payload: string): MqttPublish {
  return { topic: `homie/5/${idOf(device)}/$state`, payload, retain: true };
}

function topicOf({ device, kind }: DeviceIdentity, metric: string): string {
  return `homie/5/${idOf(device)}/${idOf(kind)}/${idOf(metric)}`;
}

function idOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
