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

test('what was never calibrated has no position, and `none` is how much gas there is', () => {
  expect(understand('shellies/shelly25-1/roller/0/pos', '-1')).toEqual([
    'shelly/shelly25-1 roller.0.pos = null % ~bad',
  ]);
  expect(understand('shellies/shellydw2-1/sensor/tilt', '-1')).toEqual([
    'shelly/shellydw2-1 sensor.tilt = null deg ~bad',
  ]);
  expect(understand('shellies/shellygas-1/sensor/gas', 'none')).toEqual([
    'shelly/shellygas-1 sensor.gas = "none"',
  ]);
});

test('probes of an add-on, the neutral conductor, a valve', () => {
  expect(understand('shellies/shelly1-1/ext_temperatures', { 0: { hwID: '28aa', tC: 21.5 } })).toEqual([
    'shelly/shelly1-1 ext_temperatures.0.tC = 21.5 Cel',
  ]);
  expect(understand('shellies/shellyem3-1/emeter_n/current', '0.1')).toEqual([
    'shelly/shellyem3-1 emeter_n.current = 0.1 A',
  ]);
  expect(understand('shellies/shellygas-1/valve/0/state', 'closed')).toEqual([
    'shelly/shellygas-1 valve.0.state = "closed"',
  ]);
});
