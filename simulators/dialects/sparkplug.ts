/**
 * Sparkplug B's words: every simulated device is one device of an edge node of its own. Births name the metrics, data
 * comes by alias alone, and a rebirth is given when it is asked for.
 * Spec: Sparkplug 3.0, chapters 5 and 6.
 */
import { decodePayload, encodePayload, toLong } from '#contract/formats/sparkplug-payload.ts';
import type { SparkplugMetric } from '#contract/formats/sparkplug-payload.ts';
import type { MetricInfo } from '#contract/device.ts';
import type { DeviceCommand, DeviceIdentity, DeviceMessage } from '../messages.ts';
import type { Scalar } from '../models/model.ts';
import { spelledUnit, type Dialect, type MqttPublish } from './dialect.ts';

const DataType = { uint64: 8, double: 10, boolean: 11, string: 12 } as const;
const rebirth = 'Node Control/Rebirth';

/** Counts what one edge node has said: its connections, and its messages since the last birth. */
class SparkplugWords implements Dialect {
  readonly name = 'sparkplug';
  readonly qos = 0;
  #connections = -1;
  #seq = 0;
  #atMs = 0;

  forDevice(): Dialect {
    return new SparkplugWords();
  }

  connecting(): void {
    this.#connections += 1;
    // A birth says when it is; without a time of its own the hub's would be later than that of the first data.
    this.#atMs = Math.max(this.#atMs, Date.now());
  }

  encode(message: DeviceMessage, device: DeviceIdentity): readonly MqttPublish[] {
    if (message.type !== 'telemetry') return [];
    this.#atMs = message.ts ?? this.#atMs;
    const named = Object.entries(message.values);
    const metrics = named.map(([metric, value]) => ({
      alias: toLong(aliasOf(metric, device)),
      ...valueOf(value),
    }));
    return [this.#say('DDATA', device, metrics)];
  }

  hello(device: DeviceIdentity): readonly MqttPublish[] {
    this.#seq = 0;
    const control = { name: rebirth, datatype: DataType.boolean, booleanValue: false };
    const metrics = (device.description.metrics ?? []).map((info) => birthOf(info, device));
    return [this.#say('NBIRTH', device, [this.#bdSeq(), control]), this.#say('DBIRTH', device, metrics)];
  }

  farewell(device: DeviceIdentity): MqttPublish {
    // A will is older than what follows it: it counts nothing.
    return { topic: topicOf('NDEATH', device), payload: encodePayload(this.#atMs, [this.#bdSeq()]), qos: 1 };
  }

  commandFilters(device: DeviceIdentity): readonly string[] {
    return [topicOf('NCMD', device), topicOf('DCMD', device)];
  }

  decode(
    topic: string,
    _text: string,
    device: DeviceIdentity,
    bytes = new Uint8Array(),
  ): DeviceCommand | undefined {
    if (topic !== topicOf('DCMD', device)) return undefined;
    const [metric] = decodePayload(bytes).metrics ?? [];
    const control = device.controls.find(({ name }) => name === metric?.name);
    if (control === undefined || metric === undefined) return undefined;
    return { name: control.name, args: { value: metric.booleanValue ?? metric.doubleValue ?? null } };
  }

  reply(topic: string, bytes: Uint8Array, device: DeviceIdentity): readonly MqttPublish[] {
    if (topic !== topicOf('NCMD', device)) return [];
    const isAsked = (decodePayload(bytes).metrics ?? []).some(({ name }) => name === rebirth);
    return isAsked ? this.hello(device) : [];
  }

  #say(type: string, device: DeviceIdentity, metrics: readonly SparkplugMetric[]): MqttPublish {
    const payload = encodePayload(this.#atMs, metrics, this.#seq);
    this.#seq = (this.#seq + 1) % 256;
    return { topic: topicOf(type, device), payload };
  }

  #bdSeq(): SparkplugMetric {
    return {
      name: 'bdSeq',
      datatype: DataType.uint64,
      longValue: toLong(Math.max(0, this.#connections) % 256),
    };
  }
}

export const sparkplugDialect: Dialect = new SparkplugWords();

function birthOf({ metric, unit }: MetricInfo, device: DeviceIdentity): SparkplugMetric {
  const control = device.controls.find(({ name }) => name === metric);
  const { min, max } = control ?? {};
  const properties = [
    ['readOnly', { type: DataType.boolean, booleanValue: control === undefined }],
    ...(unit === undefined
      ? []
      : [['engUnit', { type: DataType.string, stringValue: spelledUnit(unit) }] as const]),
    ...(min === undefined ? [] : [['engLow', { type: DataType.double, doubleValue: min }] as const]),
    ...(max === undefined ? [] : [['engHigh', { type: DataType.double, doubleValue: max }] as const]),
  ] as const;
  return {
    name: metric,
    alias: toLong(aliasOf(metric, device)),
    datatype: unit === undefined ? DataType.boolean : DataType.double,
    // What it measures is said with the next data.
    isNull: true,
    properties: { keys: properties.map(([key]) => key), values: properties.map(([, value]) => value) },
  };
}

function aliasOf(metric: string, { description }: DeviceIdentity): number {
  return (description.metrics ?? []).findIndex((info) => info.metric === metric) + 1;
}

function valueOf(value: Scalar): SparkplugMetric {
  if (typeof value === 'boolean') return { datatype: DataType.boolean, booleanValue: value };
  if (typeof value === 'number') return { datatype: DataType.double, doubleValue: value };
  return { datatype: DataType.string, stringValue: value };
}

function topicOf(type: string, { group, device, kind }: DeviceIdentity): string {
  const levels = ['spBv1.0', group, type, device];
  return (type.startsWith('D') ? [...levels, kind] : levels).join('/');
}
