/** The hub's own words: ARCHITECTURE §8. Also what the Socket.IO and HTTP links carry. */
import { isPlainObject } from '#contract/formats/json.ts';
import { formatTopic, parseTopic } from '#contract/topics.ts';
import type { Json } from '#contract/event.ts';
import type { DeviceCommand, DeviceIdentity, TelemetryMessage } from '../messages.ts';
import { readJson } from './dialect.ts';
import type { Dialect } from './dialect.ts';

/** `{ ts, values }`, or the values alone from a device without a clock. */
export function telemetryPayload(message: TelemetryMessage): object {
  return message.ts === undefined ? message.values : { ts: message.ts, values: message.values };
}

/** A command message as JSON brought it. Undefined when id or name is missing. */
export function readCommand(value: unknown): DeviceCommand | undefined {
  if (!isPlainObject(value) || typeof value.id !== 'string' || typeof value.name !== 'string')
    return undefined;
  const deadline = typeof value.deadline === 'number' ? value.deadline : undefined;
  return { id: value.id, name: value.name, args: (value.args ?? null) as Json, deadline };
}

export const signalboxDialect: Dialect = {
  name: 'signalbox',
  qos: 1,
  encode(message, device) {
    const { group, device: id } = device;
    switch (message.type) {
      case 'telemetry':
        return [publish('telemetry', device, telemetryPayload(message))];
      case 'event': {
        const { ts, name, data, id: eventId } = message;
        return [publish('event', device, { name, ts, data, id: eventId })];
      }
      case 'result': {
        const topic = formatTopic({ kind: 'result', group, device: id, id: message.commandId });
        return [{ topic, payload: JSON.stringify(message.answer) }];
      }
    }
  },
  hello: (device) => [
    { topic: statusTopic(device), payload: 'online', retain: true },
    publish('reported', device, { description: device.description }),
  ],
  farewell: (device) => ({ topic: statusTopic(device), payload: 'offline', retain: true }),
  commandFilters: ({ group, device }) => [formatTopic({ kind: 'command', group, device, id: '+' })],
  decode(topic, payload) {
    if (parseTopic(topic)?.kind !== 'command') return undefined;
    return readCommand(readJson(payload));
  },
};

function publish(kind: 'telemetry' | 'event' | 'reported', { group, device }: DeviceIdentity, body: object) {
  return { topic: formatTopic({ kind, group, device }), payload: JSON.stringify(body) };
}

function statusTopic({ group, device }: DeviceIdentity): string {
  return formatTopic({ kind: 'status', group, device });
}
