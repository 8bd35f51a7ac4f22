/**
 * Tasmota's words, with the default FullTopic `%prefix%/%topic%/`.
 * Spec: Tasmota documentation, "MQTT" and "Commands". Times are local without a zone, here UTC.
 */
import type { Control } from '#contract/device.ts';
import type { DeviceCommand, DeviceIdentity, TelemetryMessage } from '../messages.ts';
import type { Values } from '../models/model.ts';
import { onOff } from './dialect.ts';
import type { Dialect, MqttPublish } from './dialect.ts';

/** Where a metric stands in SENSOR; a kind that is not listed reports under its own name. */
const sections: Readonly<Record<string, string>> = {
  'climate-sensor': 'SCD40',
  'power-meter': 'ENERGY',
  'smart-plug': 'ENERGY',
};
const sensorNames: Readonly<Record<string, string>> = { co2: 'CarbonDioxide', energy: 'Total' };
const switchWords: ReadonlyMap<string, boolean | 'toggle'> = new Map<string, boolean | 'toggle'>([
  ['ON', true],
  ['1', true],
  ['TRUE', true],
  ['OFF', false],
  ['0', false],
  ['FALSE', false],
  ['TOGGLE', 'toggle'],
  ['2', 'toggle'],
]);

export const tasmotaDialect: Dialect = {
  name: 'tasmota',
  qos: 0,
  encode(message, device) {
    if (message.type === 'result') return [];
    if (message.type === 'event') {
      const payload = JSON.stringify({ Button1: { Action: 'SINGLE' } });
      return message.name === 'press' ? [{ topic: `stat/${device.device}/RESULT`, payload }] : [];
    }
    if (message.confirms !== undefined) return confirmation(message, message.confirms, device);
    const body = { ...timeOf(message), ...sensorBody(message.values, device) };
    const sensor = { topic: `tele/${device.device}/SENSOR`, payload: JSON.stringify(body) };
    const state = stateBody(message.values, device);
    if (Object.keys(state).length === 0) return [sensor];
    const payload = JSON.stringify({ ...timeOf(message), ...state });
    return [sensor, { topic: `tele/${device.device}/STATE`, payload }];
  },
  hello: ({ device }) => [{ topic: `tele/${device}/LWT`, payload: 'Online', retain: true }],
  farewell: ({ device }) => ({ topic: `tele/${device}/LWT`, payload: 'Offline', retain: true }),
  commandFilters: ({ device }) => [`cmnd/${device}/+`],
  decode(topic, payload, device): DeviceCommand | undefined {
    const word = topic.split('/')[2]?.toUpperCase();
    const control = device.controls.find((candidate) => commandWord(candidate)?.toUpperCase() === word);
    // An empty payload asks for the state; a simulated device reports it soon anyway.
    if (control === undefined || payload === '') return undefined;
    const value = control.kind === 'switch' ? switchWords.get(payload.trim().toUpperCase()) : Number(payload);
    return { name: control.name, args: { value: value ?? payload } };
  },
};

/** What a person types after `cmnd/<topic>/`. */
function commandWord({ kind }: Control): string | undefined {
  const words: Partial<Record<Control['kind'], string>> = { switch: 'POWER', slider: 'Dimmer' };
  return words[kind];
}

function confirmation(
  { values }: TelemetryMessage,
  name: string,
  device: DeviceIdentity,
): readonly MqttPublish[] {
  const control = device.controls.find((candidate) => candidate.name === name);
  const word = control && commandWord(control);
  const value = values[name];
  if (word === undefined || value === undefined) return [];
  const result = {
    topic: `stat/${device.device}/RESULT`,
    payload: JSON.stringify({ [word]: onOff(value) }),
  };
  if (control?.kind !== 'switch') return [result];
  return [result, { topic: `stat/${device.device}/POWER`, payload: String(onOff(value)) }];
}

function sensorBody(values: Values, { kind, controls }: DeviceIdentity): object {
  const own = new Set(controls.map((control) => control.name));
  const entries = Object.entries(values).filter(([metric]) => !own.has(metric));
  const body = Object.fromEntries(entries.map(([metric, value]) => [sensorName(metric), value]));
  const units = 'temperature' in values ? { TempUnit: 'C' } : {};
  return { [sections[kind] ?? sensorName(kind.replaceAll('-', '_'))]: body, ...units };
}

function stateBody(values: Values, { controls }: DeviceIdentity): object {
  const known = controls.flatMap((control) => {
    const word = commandWord(control);
    const value = values[control.name];
    return word === undefined || value === undefined ? [] : [[word, onOff(value)] as const];
  });
  return Object.fromEntries(known);
}

/** `soil_moisture` as `SoilMoisture`. */
function sensorName(metric: string): string {
  const words = metric.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return sensorNames[metric] ?? words.join('');
}

function timeOf({ ts }: TelemetryMessage): { readonly Time?: string } {
  return ts === undefined ? {} : { Time: new Date(ts).toISOString().slice(0, 19) };
}
