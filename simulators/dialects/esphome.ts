/**
 * ESPHome's words, with the discovery messages that it publishes for Home Assistant.
 * Spec: esphome.io, "MQTT Client Component"; home-assistant.io, "MQTT discovery".
 */
import type { Control, MetricInfo } from '#contract/device.ts';
import type { DeviceCommand, DeviceIdentity, TelemetryMessage } from '../messages.ts';
import type { Scalar } from '../models/model.ts';
import { onOff, spelledUnit, type Dialect, type MqttPublish } from './dialect.ts';

export const esphomeDialect: Dialect = {
  name: 'esphome',
  qos: 0,
  encode(message, device) {
    return message.type === 'telemetry' ? statesOf(message, device) : [];
  },
  hello: (device) => [
    { topic: `${device.device}/status`, payload: 'online', retain: true },
    ...(device.description.metrics ?? []).map((info) => discovery(info, device)),
  ],
  farewell: ({ device }) => ({ topic: `${device}/status`, payload: 'offline', retain: true }),
  commandFilters: ({ device }) => [`${device}/+/+/command`],
  decode(topic, payload, device): DeviceCommand | undefined {
    const name = topic.split('/')[2];
    const control = device.controls.find((candidate) => candidate.name === name);
    if (control === undefined) return undefined;
    return { name: control.name, args: { value: valueIn(control, payload) } };
  },
};

function valueIn({ kind }: Control, payload: string): Scalar {
  if (kind === 'slider') return Number(payload);
  if (payload === 'ON') return true;
  return payload === 'OFF' ? false : payload.toLowerCase();
}

function statesOf({ values }: TelemetryMessage, device: DeviceIdentity): MqttPublish[] {
  return Object.entries(values).map(([metric, value]) => ({
    topic: `${entity(metric, device, typeof value === 'boolean')}/state`,
    payload: String(onOff(value)),
  }));
}

/** `<prefix>/<component>/<name>` */
function entity(metric: string, { device, controls }: DeviceIdentity, isBoolean: boolean): string {
  return `${device}/${componentOf(metric, controls, isBoolean)}/${metric}`;
}

function componentOf(metric: string, controls: readonly Control[], isBoolean: boolean): string {
  const control = controls.find((candidate) => candidate.metric === metric);
  if (control?.kind === 'switch') return 'switch';
  if (control?.kind === 'slider') return 'number';
  return isBoolean ? 'binary_sensor' : 'sensor';
}

function discovery({ metric, title, unit, class: kind }: MetricInfo, device: DeviceIdentity): MqttPublish {
  const { device: id, controls, description } = device;
  const control = controls.find((candidate) => candidate.metric === metric);
  const component = componentOf(metric, controls, unit === undefined);
  const { min, max, step } = control ?? {};
  const config = {
    name: title,
    ...(unit === undefined ? {} : { unit_of_meas: spelledUnit(unit) }),
    ...(kind === undefined || component !== 'sensor' ? {} : { dev_cla: kind }),
    stat_t: `${id}/${component}/${metric}/state`,
    ...(control === undefined ? {} : { cmd_t: `${id}/${component}/${metric}/command` }),
    ...(control?.kind === 'slider' ? { min, max, step } : {}),
    avty_t: `${id}/status`,
    uniq_id: `${id}-${metric}`,
    dev: { ids: id, name: description.title, mf: 'espressif' },
  };
  const topic = `homeassistant/${component}/${id}/${metric}/config`;
  return { topic, payload: JSON.stringify(config), retain: true };
}
