import { describe, expect, test } from 'vitest';
import { map, understand } from './decode.ts';

const id = 'shellyem-A1B2C3';

describe('Shelly generation 1, values', () => {
  for (const [topic, payload, line] of [
    ['relay/0', 'on', 'relay.0 = true'],
    ['relay/0', 'overpower', 'relay.0 = "overpower"'],
    ['relay/0/power', '12.5', 'relay.0.power = 12.5 W'],
    ['relay/0/energy', '600', 'relay.0.energy = 600 W.min'],
    ['emeter/1/returned_energy', '3', 'emeter.1.returned_energy = 3 W.min'],
    ['emeter/1/total', '77.5', 'emeter.1.total = 77.5 W.h'],
    ['emeter/1/reactive_power', '-4', 'emeter.1.reactive_power = -4 V.A{reactive}'],
    ['emeter/1/voltage', '229.9', 'emeter.1.voltage = 229.9 V'],
    ['temperature', '40.5', 'temperature = 40.5 Cel'],
    ['sensor/temperature', '20.5', 'sensor.temperature = 20.5'],
    ['sensor/humidity', '999', 'sensor.humidity = null % ~bad'],
    ['sensor/battery', '80', 'sensor.battery = 80 %'],
    ['roller/0/pos', '55', 'roller.0.pos = 55 %'],
    ['input/1', '0', 'input.1 = 0'],
    ['ext_temperature/2', '3.5', 'ext_temperature.2 = 3.5 Cel'],
  ] as const)
    test(`${topic} ${payload}`, () =>
      expect(understand(`shellies/${id}/${topic}`, payload)).toEqual([`shelly/${id} ${line}`]));
  test('the status of a light is its values', () =>
    expect(
      understand(`shellies/${id}/light/0/status`, { ison: true, brightness: 40, has_timer: false }),
    ).toEqual([`shelly/${id} light.0.ison = true`, `shelly/${id} light.0.brightness = 40 %`]));
});

describe('Shelly generation 1, other topics', () => {
  test('presence has the same device as the values, and so has generation 2 below the same prefix', () => {
    expect(understand(`shellies/${id}/online`, 'true')).toEqual([`shelly/${id} is online`]);
    expect(understand('shellies/porch/status/mqtt', { connected: true })).toEqual([
      'shelly/porch mqtt.connected = true',
    ]);
  });
  test('a press is an event', () =>
    expect(understand(`shellies/${id}/input_event/0`, { event: 'SS', event_cnt: 7 })).toEqual([
      `shelly/${id} ! input_event {"input":0,"event":"SS","event_cnt":7}`,
    ]));
  test('announcements describe', () => {
    const announcement = { id, model: 'SHEM', mac: 'A1B2C3', fw_ver: '1.9' };
    const description = { model: 'SHEM', labels: { mac: 'A1B2C3', version: '1.9' } };
    for (const topic of ['shellies/announce', `shellies/${id}/announce`])
      expect(map(topic, announcement)?.descriptions).toEqual([{ group: 'shelly', device: id, description }]);
  });
  test('commands are set aside', () => {
    expect(understand(`shellies/${id}/relay/0/command`, 'on')).toEqual(['aside']);
    expect(understand('shellies/command', 'announce')).toEqual(['aside']);
  });
  for (const [topic, payload] of [
    [`shellies/${id}/garage`, '1'],
    [`shellies/${id}/relay/0/secret`, '1'],
    [`shellies/${id}/relay/0`, '{"a":1}'],
    ['shellies/announce', '{}'],
  ] as const)
    test(`${topic} ${payload} is nobody’s`, () => expect(understand(topic, payload)).toEqual(['unknown']));
});
