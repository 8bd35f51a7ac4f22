/**
 * zigbee2mqtt's words, with its default base topic and `last_seen: ISO_8601`.
 * Spec: zigbee2mqtt documentation, "MQTT topics and messages".
 */
import { isPlainObject } from '#contract/formats/json.ts';
import type { Json } from '#contract/event.ts';
import type { Control } from '#contract/device.ts';
import type { DeviceCommand, DeviceIdentity, TelemetryMessage } from '../messages.ts';
import { onOff, readJson } from './dialect.ts';
import type { Dialect } from './dialect.ts';

export const zigbee2mqttDialect: Dialect = {
  name: 'zigbee2mqtt',
  qos: 0,
  encode(message, device) {
    switch (message.type) {
      case 'telemetry':
        return [{ topic: topicOf(device), payload: JSON.stringify(stateBody(message, device)) }];
      case 'event': {
        const action = message.name === 'press' ? 'single' : message.name;
        return [{ topic: topicOf(device), payload: JSON.stringify({ action }) }];
      }
      case 'result':
        return [];
    }
  },
  hello: (device) => [availability(device, 'online')],
  farewell: (device) => availability(device, 'offline'),
  commandFilters: (device) => [`${topicOf(device)}/set`],
  decode(topic, payload, device): DeviceCommand | undefined {
    const body = readJson(payload);
    if (topic !== `${topicOf(device)}/set` || !isPlainObject(body)) return undefined;
    const control = device.controls.find((candidate) => wireName(candidate) in body);
    if (control === undefined) return undefined;
    const value = heard(body[wireName(control)]);
    return { name: control.name, args: { value } };
  },
};

/** The first switch of a device is its `state`, everything else keeps its name. */
function wireName({ kind, name }: Control): string {
  return kind === 'switch' ? 'state' : name;
}

function stateBody({ values, ts }: TelemetryMessage, { controls }: DeviceIdentity): object {
  const named = Object.entries(values).map(([metric, value]) => {
    const control = controls.find((candidate) => candidate.name === metric);
    return [control === undefined ? metric : wireName(control), onOff(value)] as const;
  });
  const seen = ts === undefined ? {} : { last_seen: new Date(ts).toISOString() };
  return { ...Object.fromEntries(named), linkquality: 142, ...seen };
}

function heard(value: unknown): Json {
  if (value === 'ON') return true;
  if (value === 'OFF') return false;
  if (value === 'TOGGLE') return 'toggle';
  return value as Json;
}

function availability(device: DeviceIdentity, state: 'online' | 'offline') {
  return { topic: `${topicOf(device)}/availability`, payload: JSON.stringify({ state }), retain: true };
}

function topicOf({ device }: DeviceIdentity): string {
  return `zigbee2mqtt/${device}`;
}
