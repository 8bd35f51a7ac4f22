import { describe, expect, test } from 'vitest';
import { zigbee2mqttDialect } from '../../../simulators/dialects/zigbee2mqtt.ts';
import { bed, button, pumpDevice } from '../support/devices.ts';

const ts = Date.parse('2026-06-01T12:00:05.678Z');

describe('zigbee2mqtt, MQTT topics and messages', () => {
  test('all values of a device are one flat object; its switch is "state"', () => {
    const message = { type: 'telemetry', ts, values: { flow: 6.5, valve: true } } as const;
    expect(zigbee2mqttDialect.encode(message, bed)).toEqual([
      {
        topic: 'zigbee2mqtt/bed-1',
        payload: '{"flow":6.5,"state":"ON","linkquality":142,"last_seen":"2026-06-01T12:00:05.678Z"}',
      },
    ]);
  });

  test('a press is an action', () => {
    const press = { type: 'event', ts, name: 'press', data: null, id: 'x' } as const;
    expect(zigbee2mqttDialect.encode(press, button)).toEqual([
      { topic: 'zigbee2mqtt/button-1', payload: '{"action":"single"}' },
    ]);
  });

  test('availability is retained JSON', () => {
    expect(zigbee2mqttDialect.hello(bed)).toEqual([
      { topic: 'zigbee2mqtt/bed-1/availability', payload: '{"state":"online"}', retain: true },
    ]);
    expect(zigbee2mqttDialect.farewell(bed).payload).toBe('{"state":"offline"}');
  });

  const commands = [
    { payload: '{"state":"ON"}', command: { name: 'running', args: { value: true } } },
    { payload: '{"state":"TOGGLE"}', command: { name: 'running', args: { value: 'toggle' } } },
    { payload: '{"speed":30}', command: { name: 'speed', args: { value: 30 } } },
    { payload: '{"brightness":30}', command: undefined },
    { payload: 'ON', command: undefined },
  ];
  for (const { payload, command } of commands) {
    test(`/set with ${payload} means ${JSON.stringify(command?.args)}`, () => {
      expect(zigbee2mqttDialect.commandFilters(pumpDevice)).toEqual(['zigbee2mqtt/pump-1/set']);
      expect(zigbee2mqttDialect.decode('zigbee2mqtt/pump-1/set', payload, pumpDevice)).toEqual(command);
    });
  }
});
