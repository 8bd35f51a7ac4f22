import { describe, expect, test } from 'vitest';
import { esphomeDialect } from '../../../simulators/dialects/esphome.ts';
import { climate, pumpDevice } from '../support/devices.ts';

describe('ESPHome, MQTT client component', () => {
  test('every value has a topic of its own, by the kind of its entity', () => {
    const message = { type: 'telemetry', ts: 1, values: { running: true, speed: 40, power: 12.5 } } as const;
    expect(esphomeDialect.encode(message, pumpDevice)).toEqual([
      { topic: 'pump-1/switch/running/state', payload: 'ON' },
      { topic: 'pump-1/number/speed/state', payload: '40' },
      { topic: 'pump-1/sensor/power/state', payload: '12.5' },
    ]);
  });
  test('it introduces itself as Home Assistant wants it', () => {
    const [status, temperature] = esphomeDialect.hello(climate);
    expect(status).toEqual({ topic: 'climate-1/status', payload: 'online', retain: true });
    expect(temperature?.topic).toBe('homeassistant/sensor/climate-1/temperature/config');
    expect(JSON.parse(String(temperature?.payload))).toMatchObject({
      stat_t: 'climate-1/sensor/temperature/state',
      unit_of_meas: '°C',
      dev_cla: 'temperature',
      dev: { ids: 'climate-1' },
    });
  });
  test('what has a range tells it', () =>
    expect(
      JSON.parse(
        String(esphomeDialect.hello(pumpDevice).find(({ topic }) => topic.includes('/number/'))?.payload),
      ),
    ).toMatchObject({ cmd_t: 'pump-1/number/speed/command', min: 20, max: 100, step: 5 }));
  for (const [topic, payload, command] of [
    ['pump-1/switch/running/command', 'ON', { name: 'running', args: { value: true } }],
    ['pump-1/switch/running/command', 'TOGGLE', { name: 'running', args: { value: 'toggle' } }],
    ['pump-1/number/speed/command', '55', { name: 'speed', args: { value: 55 } }],
    ['pump-1/sensor/power/command', '1', undefined],
  ] as const)
    test(`${topic} ${payload} means ${JSON.stringify(command?.args)}`, () =>
      expect(esphomeDialect.decode(topic, payload, pumpDevice)).toEqual(command));
});
